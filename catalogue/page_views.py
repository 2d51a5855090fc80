"""Wagtail's views that make and change a page, with what resources need more. They stand in front of Wagtail's own (admin_urls)."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import TaskState

from catalogue import copying
from catalogue.completeness import Missing
from catalogue.models import InstitutionPage, ResourcePage
from members.viewer import Viewer


class SaysWhatIsMissing:
    """A submission that is refused says what it lacks, each with the way to the field, and not "validation errors"."""

    request: HttpRequest
    locked_for_user = False
    has_unsaved_changes: bool

    def form_invalid(self, form: Any) -> HttpResponse:
        obstacles = getattr(form, "obstacles", None)
        if not obstacles or self.locked_for_user:
            response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
            return response
        messages.error(self.request, _refusal(obstacles))
        self.has_unsaved_changes = True
        return self.render_to_response(self.get_context_data())  # type: ignore[attr-defined]


class CreatePage(SaysWhatIsMissing, CreateView):
    """The empty form, or with `?copy=<page>` one that an earlier resource of the institution has filled."""

    def get(self, request: HttpRequest) -> HttpResponse:
        source = request.GET.get("copy", "")
        parent = self.parent_page
        if source.isdecimal() and isinstance(self.page, ResourcePage) and isinstance(parent, InstitutionPage):
            copying.begin_with(self.page, copying.source(int(source), parent.institution_id, Viewer.of(request.user)))
        response: HttpResponse = super().get(request)
        return response


class EditPage(SaysWhatIsMissing, EditView):
    """Wagtail's editor. Saving by itself writes over its own last draft, never over one that curators were shown."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        overwritten = request.POST.get("overwrite_revision_id", "")
        if overwritten.isdecimal() and TaskState.objects.filter(revision_id=int(overwritten)).exists():
            raise PermissionDenied
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response


def _refusal(obstacles: Iterable[Missing]) -> SafeString:
    lines = format_html_join("", '<li><a href="#id_{0}" data-jump="{0}">{1}</a></li>', ((each.field, each.sentence) for each in obstacles))
    return format_html(
        "<span>{}</span><ul>{}</ul>", _("It was not submitted yet, and nothing that you wrote is lost. Before it can be submitted:"), lines
    )
