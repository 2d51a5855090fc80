"""People in Wagtail's admin."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from members import people_views, token_views
from members.policies import may_manage_people
from members.viewer import Viewer


class PeopleMenuItem(MenuItem):
    """Shown to those who may manage people."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_manage_people(Viewer.of(request.user))


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    return [
        path("people/", people_views.People.as_view(), name="people_list"),
        path("people/new/", people_views.AddPerson.as_view(), name="person_add"),
        path("people/<uuid:user_id>/", people_views.EditPerson.as_view(), name="person_edit"),
        path("institutions/<slug:slug>/tokens/", token_views.InstitutionTokens.as_view(), name="institution_tokens"),
    ]


@hooks.register("register_admin_menu_item")
def people_item() -> MenuItem:
    return PeopleMenuItem(_("People"), reverse("people_list"), name="people", icon_name="user", order=45)
