"""Search in Wagtail's admin: the page that says how the index stands, and keywords for the editor."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from members.viewer import Viewer
from search.admin_views import IndexHealth
from search.keyword_views import keyword_suggestions
from search.policies import may_look_after_search


class SearchIndexMenuItem(MenuItem):
    """Shown to those who look after search."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_look_after_search(Viewer.of(request.user))


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    return [
        path("search-index/", IndexHealth.as_view(), name="search_index"),
        path("keyword-suggestions/", keyword_suggestions, name="keyword_suggestions"),
    ]


@hooks.register("register_admin_menu_item")
def search_index_item() -> MenuItem:
    return SearchIndexMenuItem(_("Search index"), reverse("search_index"), name="search-index", icon_name="search", order=60)
