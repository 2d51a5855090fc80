"""Who may open what: one table for every route of the site, read by tests/functional/test_access_table.py.

A row is a pattern of route names (`name`, `namespace:name`; `*` for anything; several by spaces; `@address` for routes without a
name), the HTTP method, and one outcome for each kind of visitor. Each route is matched by exactly one row; a route without a row
fails the test, and so does a row without a route. The things asked for (pages, files, people) belong to the institution called "own".

ok      a page, a document, or the way on to one; also "this needs a form that was not filled in"
login   must sign in first
no      refused: 403, or Wagtail's way, back to the admin's front page with a message
none    there is no such thing, or none that this visitor may know of: 404
method  not by this method: 405
in      let in, for emergencies, whatever the page then says: ok, none or method
broken  meant to fail (Wagtail's own test of error pages): 500
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase

VISITORS = ("anonymous", "contributor", "stranger", "manager", "curator", "own_curator", "secretariat", "superuser")
"""contributor, manager, own_curator: of the owning institution; stranger: a contributor of another one; curator: of another one."""

OUTCOMES = frozenset({"ok", "login", "no", "none", "method", "in", "broken"})


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    patterns: tuple[str, ...]
    method: str
    outcomes: dict[str, str]

    def matches(self, name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in self.patterns)


TABLE = """
# routes                                                          method  anon   contr  strang manag  curat  own_c  secret super

# Health, for supervisors.
healthz readyz                                                    GET     ok     ok     ok     ok     ok     ok     ok     ok

# The public site: the record of what is published is everyone's.
wagtail_serve search search_feed suggest similar set_language     GET     ok     ok     ok     ok     ok     ok     ok     ok
resource                                                          GET     ok     ok     ok     ok     ok     ok     ok     ok
login password_reset password_reset_done password_reset_confirm   GET     ok     ok     ok     ok     ok     ok     ok     ok
password_reset_complete                                           GET     ok     ok     ok     ok     ok     ok     ok     ok
logout                                                            GET     method method method method method method method method
password_change password_change_done                              GET     login  ok     ok     ok     ok     ok     ok     ok

# Saved searches are their owner's alone; the contributor owns the one asked for. A mail's link stops it, whoever holds the link.
saved_searches saved_search_add                                   GET     login  ok     ok     ok     ok     ok     ok     ok
saved_search                                                      GET     login  ok     none   none   none   none   none   none
saved_search_delete                                               POST    login  ok     none   none   none   none   none   none
alert_stop                                                        GET     ok     ok     ok     ok     ok     ok     ok     ok

wagtailcore_login                                                 GET     ok     ok     ok     ok     ok     ok     ok     ok
wagtailcore_authenticate_with_password                            GET     none   none   none   none   none   none   none   none

# Files. Here: of a published resource for members, without a thumbnail; tests/functional/pages has every state and access.
download                                                          GET     no     ok     ok     ok     ok     ok     ok     ok
preview look play                                                 GET     none   none   none   none   none   none   none   none

# The API reads what is published; it takes uploads and drafts from the bearers of tokens alone, whoever is signed in.
api api-v1:list_* api-v1:get_resource api-v1:openapi-*            GET     ok     ok     ok     ok     ok     ok     ok     ok
api-v1:api-root                                                   GET     ok     ok     ok     ok     ok     ok     ok     ok
api-v1:start_upload api-v1:sign_upload_part*                      POST    login  login  login  login  login  login  login  login
api-v1:complete_upload api-v1:write_draft                         POST    login  login  login  login  login  login  login  login
api-v1:uploaded_*                                                 GET     login  login  login  login  login  login  login  login
api-v1:abort_upload                                               DELETE  login  login  login  login  login  login  login  login
api-unknown                                                       GET     none   none   none   none   none   none   none   none

# Uploads: into one's own institution; an upload is its user's alone, what became of the file is the institution's and the curators'.
uploads:start                                                     POST    login  ok     no     ok     no     no     no     no
uploads:upload                                                    DELETE  login  ok     none   none   none   none   none   none
uploads:parts                                                     GET     login  ok     none   none   none   none   none   none
uploads:part uploads:complete                                     POST    login  ok     none   none   none   none   none   none
uploads:object                                                    GET     login  ok     none   ok     ok     ok     ok     ok

# The admin: what everyone needs of it. Who is signed in is led from its login to its front page.
wagtailadmin_home wagtailadmin_account                            GET     login  ok     ok     ok     ok     ok     ok     ok
wagtailadmin_dismissibles                                         PATCH   login  ok     ok     ok     ok     ok     ok     ok
wagtailadmin_logout                                               GET     login  method method method method method method method
wagtailadmin_login                                                GET     ok     no     no     no     no     no     no     no
wagtailadmin_password_reset wagtailadmin_password_reset_*         GET     ok     ok     ok     ok     ok     ok     ok     ok
wagtailadmin_sprite wagtailadmin_javascript_catalog               GET     ok     ok     ok     ok     ok     ok     ok     ok

# Editing: contributors and managers, the pages of their own institution. Others are led to their own rooms by the explorer.
wagtailadmin_explore_root wagtailadmin_pages:revisions_index      GET     login  ok     ok     ok     no     no     no     ok
wagtailadmin_explore wagtailadmin_explore_results                 GET     login  ok     ok     ok     no     no     no     ok
wagtailadmin_pages:search wagtailadmin_pages:search_results       GET     login  ok     ok     ok     no     no     no     ok
wagtailadmin_pages:add wagtailadmin_pages:add_subpage             GET     login  ok     no     ok     no     no     no     ok
wagtailadmin_pages:preview_on_add                                 GET     login  ok     no     ok     no     no     no     ok
page_add page_edit                                                GET     login  ok     no     ok     no     no     no     ok
resource_copy                                                     GET     login  ok     ok     ok     no     no     no     no
wagtailadmin_pages:edit wagtailadmin_pages:preview_on_edit        GET     login  ok     no     ok     no     no     no     ok
wagtailadmin_pages:view_draft wagtailadmin_pages:copy             GET     login  ok     no     ok     no     no     no     ok
wagtailadmin_pages:revisions_view                                 GET     login  ok     no     ok     no     no     no     ok
wagtailadmin_pages:revisions_revert                               GET     login  ok     no     ok     no     no     no     ok
wagtailadmin_pages:revisions_compare                              GET     login  ok     no     ok     no     no     no     ok
wagtailadmin_pages:workflow_history                               GET     login  ok     no     ok     no     no     no     ok
wagtailadmin_pages:workflow_history_detail                        GET     login  ok     no     ok     no     no     no     ok
wagtailadmin_pages:history wagtailadmin_pages:history_results     GET     login  ok     no     ok     no     no     no     ok
resource_withdraw                                                 GET     login  ok     no     ok     no     no     ok     ok
institution_profile institution_tokens                            GET     login  no     no     ok     no     no     ok     ok
wagtailadmin_editing_sessions:*                                   GET     login  method method method no     no     no     method

# Choosing pages and keywords while editing; which of them, is in tests/functional/doors.
wagtailadmin_choose_page choose_page_below                        GET     login  ok     ok     ok     no     no     no     ok
wagtailadmin_choose_page_child wagtailadmin_choose_page_search    GET     login  ok     ok     ok     no     no     no     ok
wagtailadmin_choose_page_*_link                                   GET     login  ok     ok     ok     no     no     no     ok
keyword_autocomplete wagtailadmin_tag_*autocomplete               GET     login  ok     ok     ok     no     no     no     ok
keyword_suggestions                                               POST    login  ok     ok     ok     no     no     no     ok

# Imports of tables: into one's own institution; an import is its person's alone. The contributor owns the one asked for.
bulk_imports                                                      GET     login  ok     ok     ok     no     no     no     no
bulk_import bulk_import_progress bulk_import_report               GET     login  ok     none   none   no     no     no     no

# Moderation: curators judge what other institutions submitted; superusers, who stand outside, do not.
moderation_queue                                                  GET     login  no     no     no     ok     ok     no     no
moderation_review wagtailadmin_pages:workflow_preview             GET     login  no     no     no     ok     no     no     no
wagtailadmin_pages:workflow_action                                GET     login  no     no     no     ok     no     no     no
wagtailadmin_pages:collect_workflow_action_data                   GET     login  no     no     no     ok     no     no     no

# The secretariat runs the network; no vocabulary's term is deleted.
people_list person_add person_edit                                GET     login  no     no     no     no     no     ok     ok
institution_list institution_add institution_activity             GET     login  no     no     no     no     no     ok     ok
network_resources resource_move search_index keyword_merging       GET     login  no     no     no     no     no     ok     ok
wagtailsnippets_catalogue_*:list                                  GET     login  no     no     no     no     no     ok     ok
wagtailsnippets_catalogue_*:list_results                          GET     login  no     no     no     no     no     ok     ok
wagtailsnippets_catalogue_*:add wagtailsnippets_catalogue_*:edit  GET     login  no     no     no     no     no     ok     ok
wagtailsnippets_catalogue_*:history                               GET     login  no     no     no     no     no     ok     ok
wagtailsnippets_catalogue_*:history_results                       GET     login  no     no     no     no     no     ok     ok
wagtailsnippets:index wagtailforms:delete_submissions             GET     login  no     no     no     no     no     no     no

# All the rest of Wagtail's admin is shut: it shows or changes what belongs to everybody.
wagtailadmin_api:* wagtail_bulk_action                            GET     login  no     no     no     no     no     no     in
wagtailadmin_pages:delete wagtailadmin_pages:unpublish            GET     login  no     no     no     no     no     no     in
wagtailadmin_pages:move wagtailadmin_pages:move_confirm           GET     login  no     no     no     no     no     no     in
wagtailadmin_pages:convert_alias wagtailadmin_pages:set_*         GET     login  no     no     no     no     no     no     in
wagtailadmin_pages:lock wagtailadmin_pages:unlock                 GET     login  no     no     no     no     no     no     in
wagtailadmin_pages:type_use* wagtailadmin_pages:usage             GET     login  no     no     no     no     no     no     in
wagtailadmin_pages:choose_parent                                  GET     login  no     no     no     no     no     no     in
wagtailadmin_pages:revisions_unschedule                           GET     login  no     no     no     no     no     no     in
wagtailadmin_pages:confirm_workflow_cancellation                  GET     login  no     no     no     no     no     no     in
wagtailadmin_choose_page_chosen_multiple                          GET     login  no     no     no     no     no     no     in
wagtailadmin_collections:* wagtailadmin_workflows:*               GET     login  no     no     no     no     no     no     in
wagtailadmin_reports:* wagtailadmin_block_preview                 GET     login  no     no     no     no     no     no     in
wagtailforms:index* wagtailforms:list_submissions*                GET     login  no     no     no     no     no     no     in
wagtailredirects:* wagtailsettings:* wagtailsites:*               GET     login  no     no     no     no     no     no     in
wagtailusers_users:* wagtailusers_groups:*                        GET     login  no     no     no     no     no     no     in
wagtailimages:* wagtailimages_chooser:*                           GET     login  no     no     no     no     no     no     in
wagtailsnippetchoosers_catalogue_*:*                              GET     login  no     no     no     no     no     no     in
wagtailsnippets_catalogue_*:delete                                GET     login  no     no     no     no     no     no     in
wagtailsnippets_catalogue_*:usage                                 GET     login  no     no     no     no     no     no     in
@admin/test404/ @admin/^.*/$                                      GET     login  no     no     no     no     no     no     in
wagtailadmin_error_test                                           GET     login  no     no     no     no     no     no     broken
"""


def _read(table: str) -> list[Row]:
    rows = []
    for line in table.splitlines():
        words = line.split()
        if words and not line.startswith("#"):
            *patterns, method = words[: -len(VISITORS)]
            rows.append(Row(tuple(patterns), method, dict(zip(VISITORS, words[-len(VISITORS) :], strict=True))))
    return rows


ROWS = _read(TABLE)
