"""Where the catalogue fits itself into Wagtail's admin: menus, front page, choosers, and what nobody may do there."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button

from catalogue import (
    action_menu,
    institution_views,
    keyword_views,
    page_links,
    policies,
    resource_views,
    review_views,
    visibility,
    vocabulary_admin,
)
from catalogue.dashboard import NetworkPanel, OurResourcesPanel, WaitingPanel
from catalogue.lost_files import LostFilesPanel
from catalogue.models import ResourcePage
from members.models import Role
from members.policies import may_create_institutions, may_edit_institution
from members.signed_in import user_of
from members.viewer import Viewer

vocabulary_admin.register()

OUR_MENU = frozenset(
    {
        "our-resources",
        "bulk-imports",
        "moderation",
        "our-institution",
        "institutions",
        "people",
        "vocabularies",
        "keywords",
        "network-resources",
        "search-index",
    }
)


class RoleMenuItem(MenuItem):
    """A menu item that some people see."""

    def __init__(self, *args: Any, shown_to: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown_to = shown_to

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(self.shown_to(Viewer.of(request.user)))


class OwnInstitutionMenuItem(RoleMenuItem):
    """A menu item that leads to something of the own institution."""

    def __init__(self, *args: Any, leads_to: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leads_to = leads_to

    def render_component(self, request: HttpRequest) -> Any:
        self.url = self.leads_to(user_of(request).institution)
        return super().render_component(request)


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    return [
        path("moderation/", review_views.Queue.as_view(), name="moderation_queue"),
        path("moderation/<int:task_state_id>/", review_views.Review.as_view(), name="moderation_review"),
        path("resources/", resource_views.NetworkResources.as_view(), name="network_resources"),
        path("resources/copy/", resource_views.CopyFrom.as_view(), name="resource_copy"),
        path("resources/<int:page_id>/withdraw/", resource_views.Withdraw.as_view(), name="resource_withdraw"),
        path("resources/<int:page_id>/move/", resource_views.Move.as_view(), name="resource_move"),
        path("keywords/", keyword_views.Merging.as_view(), name="keyword_merging"),
        path("institutions/", institution_views.InstitutionList.as_view(), name="institution_list"),
        path("institutions/new/", institution_views.AddInstitution.as_view(), name="institution_add"),
        path("institutions/<slug:slug>/", institution_views.Profile.as_view(), name="institution_profile"),
        path("institutions/<slug:slug>/membership/", institution_views.Activity.as_view(), name="institution_activity"),
    ]


class NoDocuments:
    """Stands where Wagtail's admin pages look for the API of `wagtail.documents`, which is left out on purpose. Answers 404."""

    model = type(None)

    @classmethod
    def get_urlpatterns(cls) -> list[URLPattern]:
        return [path("", cls.not_found, name="listing")]

    @staticmethod
    def not_found(_request: HttpRequest) -> HttpResponse:
        return HttpResponseNotFound()


@hooks.register("construct_admin_api")
def no_documents(router: Any) -> None:
    router.register_endpoint("documents", NoDocuments)


@hooks.register("register_admin_menu_item")
def our_resources_item() -> MenuItem:
    return OwnInstitutionMenuItem(
        _("Our resources"),
        "",
        name="our-resources",
        icon_name="doc-full-inverse",
        order=10,
        shown_to=lambda viewer: viewer.has(Role.CONTRIBUTOR, Role.MANAGER),
        leads_to=lambda institution: reverse("wagtailadmin_explore", args=(institution.page.pk,)),
    )


@hooks.register("register_admin_menu_item")
def moderation_item() -> MenuItem:
    return RoleMenuItem(
        _("Moderation"),
        reverse("moderation_queue"),
        name="moderation",
        icon_name="tasks",
        order=20,
        shown_to=lambda viewer: viewer.has(Role.CURATOR),
    )


@hooks.register("register_admin_menu_item")
def our_institution_item() -> MenuItem:
    return OwnInstitutionMenuItem(
        _("Our institution"),
        "",
        name="our-institution",
        icon_name="group",
        order=30,
        shown_to=lambda viewer: viewer.institution_id is not None and may_edit_institution(viewer, viewer.institution_id),
        leads_to=lambda institution: reverse("institution_profile", args=(institution.slug,)),
    )


@hooks.register("register_admin_menu_item")
def institutions_item() -> MenuItem:
    return RoleMenuItem(
        _("Institutions"), reverse("institution_list"), name="institutions", icon_name="group", order=40, shown_to=may_create_institutions
    )


@hooks.register("register_admin_menu_item")
def network_resources_item() -> MenuItem:
    return RoleMenuItem(
        _("Resources"),
        reverse("network_resources"),
        name="network-resources",
        icon_name="doc-full-inverse",
        order=35,
        shown_to=policies.may_move,
    )


@hooks.register("register_admin_menu_item")
def keywords_item() -> MenuItem:
    return RoleMenuItem(
        _("Keywords"), reverse("keyword_merging"), name="keywords", icon_name="tag", order=55, shown_to=policies.may_edit_vocabularies
    )


@hooks.register("construct_main_menu")
def only_what_is_theirs(request: HttpRequest, menu_items: list[Any]) -> None:
    if not request.user.is_superuser:
        menu_items[:] = [item for item in menu_items if item.name in OUR_MENU]


@hooks.register("construct_homepage_panels")
def front_page(request: HttpRequest, panels: list[Any]) -> None:
    """Show what waits for the person, instead of Wagtail's panels, which also show what they edited elsewhere once."""
    viewer = Viewer.of(request.user)
    panels[:] = panels if viewer.is_superuser else []
    lost = LostFilesPanel(None if viewer.has(Role.SECRETARIAT) else viewer.institution_id)
    if viewer.has(Role.SECRETARIAT, Role.CONTRIBUTOR, Role.MANAGER) and lost.exists():
        panels.append(lost)
    if viewer.has(Role.SECRETARIAT):
        panels.append(NetworkPanel())
    if viewer.has(Role.CURATOR):
        panels.append(WaitingPanel())
    if viewer.has(Role.CONTRIBUTOR, Role.MANAGER):
        panels.append(OurResourcesPanel())


@hooks.register("construct_homepage_summary_items")
def no_summary_of_others(request: HttpRequest, items: list[Any]) -> None:
    if not request.user.is_superuser:
        items.clear()


hooks.register("construct_page_action_menu", action_menu.arrange)
hooks.register("register_rich_text_features", page_links.register, order=10)
hooks.register("construct_page_chooser_queryset", visibility.choosable)
hooks.register("construct_explorer_page_queryset", visibility.explorable)


@hooks.register("before_delete_page")
@hooks.register("before_unpublish_page")
@hooks.register("before_move_page")
@hooks.register("before_convert_alias_page")
def superusers_only(request: HttpRequest, *_: Any) -> None:
    """What is withdrawn, moved or deleted in Wagtail's own ways is so by superusers alone; services do it for the others."""
    if not request.user.is_superuser:
        raise PermissionDenied


@hooks.register("before_bulk_action")
def no_bulk_actions(request: HttpRequest, *_: Any) -> None:
    if not request.user.is_superuser:
        raise PermissionDenied


@hooks.register("before_copy_page")
def no_aliases(request: HttpRequest, _page: Any) -> None:
    """An alias of a published page is published at once, past the curators."""
    if request.method == "POST" and (request.POST.get("alias") or request.POST.get("publish_copies")) and not request.user.is_superuser:
        raise PermissionDenied


@hooks.register("register_page_header_buttons")
def header_buttons(page: Any, user: Any, **_: Any) -> Iterator[Button]:
    return _buttons(page, user)


@hooks.register("register_page_listing_more_buttons")
def listing_buttons(page: Any, user: Any, **_: Any) -> Iterator[Button]:
    return _buttons(page, user)


def _buttons(page: Any, user: Any) -> Iterator[Button]:
    edition = page.specific_deferred
    if not isinstance(edition, ResourcePage):
        return
    viewer = Viewer.of(user)
    if edition.live and policies.may_withdraw(viewer, edition.institution_id):
        yield Button(_("Withdraw"), reverse("resource_withdraw", args=(page.pk,)), icon_name="no-view", priority=70)
    if policies.may_move(viewer):
        yield Button(_("Give to another institution"), reverse("resource_move", args=(page.pk,)), icon_name="resubmit", priority=80)


@hooks.register("insert_editor_js")
def editor_script() -> SafeString:
    return format_html('<script src="{}" defer></script>', static("dist/editor.js"))


@hooks.register("insert_global_admin_css")
def stylesheet() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("catalogue/admin.css"))
