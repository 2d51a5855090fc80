"""Suggestions while a keyword is typed, and merging those that are one."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from catalogue import keywords, policies
from catalogue.selectors import keywords_known_to
from members.signed_in import user_of
from members.viewer import Viewer

LIMIT = 10


def autocomplete(request: HttpRequest, **_: str) -> JsonResponse:
    """Answer Wagtail's tag widget: a list of names that begin with `term`, of keywords that this person may know of."""
    term = request.GET.get("term", "").strip()
    known = keywords_known_to(Viewer.of(request.user).institution_id)
    names = known.filter(name__istartswith=term).order_by("name").values_list("name", flat=True)[:LIMIT] if term else []
    return JsonResponse(list(names), safe=False)


class Merging(WagtailAdminTemplateMixin, TemplateView):
    """GET lists keywords that are alike; POST merges those ticked (`merge`) into one (`keep`)."""

    template_name = "catalogue/admin/keywords.html"
    page_title = gettext_lazy("Keywords")
    header_icon = "tag"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not policies.may_edit_vocabularies(Viewer.of(request.user)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(groups=keywords.near_duplicates(), **kwargs)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        keep = self._chosen("keep").first()
        others = list(self._chosen("merge"))
        if keep is not None and others:
            number = keywords.merge(keep, others, by=user_of(request))
            said = ngettext("%(number)d resource now carries “%(keyword)s”.", "%(number)d resources now carry “%(keyword)s”.", number)
            messages.success(request, said % {"number": number, "keyword": keep.name})
        return redirect("keyword_merging")

    def _chosen(self, name: str) -> Any:
        return keywords.in_use().filter(pk__in=[int(text) for text in self.request.POST.getlist(name) if text.isdecimal()])
