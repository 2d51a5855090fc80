"""Which of Wagtail's admin pages are for whom: one table, closed by default.

Wagtail has some 190 admin routes; many show or change things of every institution to anybody who may open the admin (its API
lists all pages, its reports name them, its bulk actions publish). What is not in this table is for superusers alone.
Being in the table opens a route, and leaves the question of *which* page to the views.
"""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from members.models import Role
from members.viewer import Viewer

EVERYONE = frozenset(
    {
        "wagtailadmin_home",
        "wagtailadmin_account",
        "wagtailadmin_login",
        "wagtailadmin_logout",
        "wagtailadmin_dismissibles",
        "wagtailadmin_sprite",
        "wagtailadmin_javascript_catalog",
        "wagtailadmin_password_reset",
        "wagtailadmin_password_reset_done",
        "wagtailadmin_password_reset_confirm",
        "wagtailadmin_password_reset_complete",
    }
)

EDITING = frozenset(
    {
        "keyword_autocomplete",
        "keyword_suggestions",
        "page_add",
        "page_edit",
        "resource_copy",
        "wagtailadmin_explore_root",
        "wagtailadmin_explore",
        "wagtailadmin_explore_results",
        "wagtailadmin_pages:add_subpage",
        "wagtailadmin_pages:preview_on_add",
        "wagtailadmin_pages:preview_on_edit",
        "wagtailadmin_pages:view_draft",
        "wagtailadmin_pages:search",
        "wagtailadmin_pages:search_results",
        "wagtailadmin_pages:copy",
        "wagtailadmin_pages:revisions_index",
        "wagtailadmin_pages:revisions_view",
        "wagtailadmin_pages:revisions_revert",
        "wagtailadmin_pages:revisions_compare",
        "wagtailadmin_pages:workflow_history",
        "wagtailadmin_pages:workflow_history_detail",
        "wagtailadmin_pages:history",
        "wagtailadmin_pages:history_results",
        "wagtailadmin_choose_page",
        "choose_page_below",
        "wagtailadmin_choose_page_search",
        "wagtailadmin_choose_page_external_link",
        "wagtailadmin_choose_page_email_link",
        "wagtailadmin_choose_page_phone_link",
        "wagtailadmin_choose_page_anchor_link",
        "wagtailadmin_editing_sessions:ping",
        "wagtailadmin_editing_sessions:release",
        "resource_withdraw",
        "institution_profile",
        "institution_tokens",
        "bulk_imports",
        "bulk_import",
        "bulk_import_progress",
        "bulk_import_report",
    }
)

JUDGING = frozenset(
    {
        "moderation_queue",
        "moderation_review",
        "wagtailadmin_pages:workflow_action",
        "wagtailadmin_pages:collect_workflow_action_data",
        "wagtailadmin_pages:workflow_preview",
    }
)

RUNNING_THE_NETWORK = frozenset(
    {
        "institution_list",
        "institution_add",
        "institution_profile",
        "institution_activity",
        "keyword_merging",
        "institution_tokens",
        "network_resources",
        "resource_withdraw",
        "resource_move",
        "wagtailsnippets:index",
        "people_list",
        "person_add",
        "person_edit",
        "search_index",
    }
)

VOCABULARY_PREFIX = "wagtailsnippets_catalogue_"
VOCABULARY_ACTIONS = frozenset({"list", "list_results", "add", "edit", "history", "history_results"})

BY_ROLE: dict[Role, frozenset[str]] = {
    Role.CONTRIBUTOR: EDITING,
    Role.MANAGER: EDITING,
    Role.CURATOR: JUDGING,
    Role.SECRETARIAT: RUNNING_THE_NETWORK,
}


def may_open(viewer: Viewer, view_name: str) -> bool:
    """Whether a person with these roles has any business at this admin route."""
    if viewer.is_superuser or view_name in EVERYONE:
        return True
    namespace, _colon, action = view_name.partition(":")
    if namespace.startswith(VOCABULARY_PREFIX) and action in VOCABULARY_ACTIONS:
        return viewer.has(Role.SECRETARIAT)
    return any(view_name in allowed for role, allowed in BY_ROLE.items() if viewer.has(role))


class AdminGate:
    """Middleware: 403 at every admin route that is not for this person. Who is not signed in goes the usual way, to the login."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is not None and match.route.startswith("admin/") and request.user.is_authenticated:
            viewer = Viewer.of(request.user)
            if not may_open(viewer, match.view_name or ""):
                raise PermissionDenied
        return None
