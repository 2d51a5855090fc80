"""The page in the admin that says how search stands, and has works tried again that could not be indexed."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from members.viewer import Viewer
from search.health import health
from search.policies import may_look_after_search
from search.sync import set_aside, try_again


class IndexHealth(WagtailAdminTemplateMixin, TemplateView):
    """GET shows; POST tries again what is set aside, one work (`work`) or all."""

    template_name = "search/admin/index_health.html"
    page_title = gettext_lazy("Search index")
    header_icon = "search"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_look_after_search(Viewer.of(request.user)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = health()
        return super().get_context_data(health=found, findings=list(found.findings()), **kwargs)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        rows = set_aside()
        if "work" in request.POST:
            rows = rows.filter(pk__in=_ids(request.POST.getlist("work")))
        number = try_again(rows)
        said = ngettext("%(number)d work is tried again.", "%(number)d works are tried again.", number) % {"number": number}
        messages.success(request, said)
        return redirect("search_index")


def _ids(texts: list[str]) -> list[UUID]:
    """Return those that are ids."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
