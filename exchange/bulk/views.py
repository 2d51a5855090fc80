"""The pages of imports in the admin: upload a table, say what its columns are, see what would become of it, take it in."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.errors import ConflictError, UserFacingError
from exchange.bulk import services
from exchange.bulk.forms import ColumnsForm, ReadingForm, TableForm
from exchange.bulk.labels import OUTCOMES, field_label
from exchange.bulk.transitions import BUSY
from exchange.models import BulkImport, BulkImportRow, ImportState
from exchange.policies import may_import
from exchange.report import EFFECT_LABELS, Effect, guarded
from exchange.tables.fence import Table, described
from media import filenames
from members.signed_in import user_of
from members.viewer import Viewer

ROWS_ON_A_PAGE = 100


def own_imports(request: HttpRequest) -> "QuerySet[BulkImport]":
    """Return the imports of the person who asks, for the institution to which they belong now."""
    user = user_of(request)
    return BulkImport.objects.filter(created_by=user, institution=user.institution)


class ImportersOnly:
    """Closed to everybody who may not take tables in for their institution."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        viewer = Viewer.of(request.user)
        if not may_import(viewer, viewer.institution_id):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class OwnImport(ImportersOnly):
    """One import of the person who asks, for the institution to which they belong; for anybody else there is none."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        self.import_id = kwargs["import_id"]

    def found(self, request: HttpRequest) -> BulkImport:
        own = own_imports(request).filter(pk=self.import_id).defer("content").first()
        if own is None:
            raise Http404
        return own


class BulkImports(ImportersOnly, WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    """The person's imports, and a place for a new table."""

    template_name = "exchange/bulk/imports.html"
    page_title = gettext_lazy("Import a table")
    header_icon = "table"
    form_class = TableForm

    def form_valid(self, form: Any) -> HttpResponse:
        user, file = user_of(self.request), form.cleaned_data["table"]
        if user.institution is None:
            raise PermissionDenied
        try:
            started = services.start(user, user.institution, filename=file.name, content=file.read())
        except UserFacingError as error:
            form.add_error("table", str(error))
            return self.form_invalid(form)
        return redirect("bulk_import", started.id)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = own_imports(self.request).defer("content", "table")
        return super().get_context_data(imports=own[:ROWS_ON_A_PAGE], **kwargs)


class BulkImportPage(OwnImport, WagtailAdminTemplateMixin, TemplateView):
    """One import, as far as it has come. POST does the next step: read, check, run, again."""

    template_name = "exchange/bulk/import.html"
    page_title = gettext_lazy("Import a table")
    header_icon = "table"

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return self.shown(self.found(request))

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        found = self.found(request)
        step = {"read": self.read, "check": self.check, "run": self.run, "again": self.again}.get(request.POST.get("step", ""))
        try:
            wrong = step(found) if step else None
        except ConflictError as error:
            messages.warning(request, str(error))
            wrong = None
        return wrong or redirect("bulk_import", found.id)

    def read(self, found: BulkImport) -> HttpResponse | None:
        form = ReadingForm(found, self.request.POST)
        if not form.is_valid():
            return self.shown(found, reading_form=form)
        services.read_again(found.id, form.options())
        return None

    def check(self, found: BulkImport) -> HttpResponse | None:
        if "header" not in found.table:
            return None
        form = ColumnsForm(found, self.request.POST)
        if not form.is_valid():
            return self.shown(found, columns_form=form)
        services.check(found.id, form.mapping(), form.constants(), form.cleaned_data["archive"])
        return None

    def run(self, found: BulkImport) -> None:
        services.run(found.id, by=user_of(self.request))

    def again(self, found: BulkImport) -> None:
        services.try_again(found.id)

    def shown(self, found: BulkImport, **forms: Any) -> HttpResponse:
        context = {"found": found, "busy": found.state in BUSY, "progress": progress_of(found)}
        if found.state in {ImportState.READ, ImportState.CHECKED}:
            about = Table(rows=[], **{name: value for name, value in found.table.items() if name != "sample"})
            context |= {"reading": described(about), "columns_form": ColumnsForm(found)}
        if found.state in {ImportState.READ, ImportState.CHECKED, ImportState.STOPPED}:
            context["reading_form"] = ReadingForm(found)
        if found.state in {ImportState.CHECKED, ImportState.DONE}:
            context |= self.rows(found)
        status = 422 if forms else 200
        return self.render_to_response(self.get_context_data(**{**context, **forms}), status=status)

    def rows(self, found: BulkImport) -> dict[str, Any]:
        """Return the page of rows that was asked for, all or of one outcome, and how many there are of each."""
        counts = {row["outcome"]: row["rows"] for row in found.rows.order_by().values("outcome").annotate(rows=Count("id"))}
        asked = self.request.GET.get("outcome", "")
        rows = found.rows.filter(outcome=asked) if asked in OUTCOMES else found.rows.all()
        return {
            "outcome": asked if asked in OUTCOMES else "",
            "outcomes": [{"name": name, "label": label, "count": counts.get(name, 0)} for name, label in OUTCOMES.items()],
            "page_obj": Paginator(rows, ROWS_ON_A_PAGE).get_page(self.request.GET.get("page")),
            "unnamed_files": found.unnamed_files[:ROWS_ON_A_PAGE],
            "to_take": sum(counts.values()) - counts.get(Effect.REFUSED, 0),
        }

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        name = BulkImport.objects.values_list("filename", flat=True).get(pk=self.import_id)
        return [*self.breadcrumbs_items, {"url": reverse("bulk_imports"), "label": self.page_title}, {"url": "", "label": name}]


def progress_of(found: BulkImport) -> dict[str, Any]:
    """Return how far the worker is: whether it is at work, rows done and in all, and that in words."""
    given_up = services.is_given_up(found)
    done = found.rows.count()
    text = ngettext("%(done)s of %(total)s row", "%(done)s of %(total)s rows", found.row_count) % {"done": done, "total": found.row_count}
    is_counted = found.state in {ImportState.CHECKING, ImportState.RUNNING}
    return {
        "busy": found.state in BUSY and not given_up,
        "given_up": given_up,
        "done": done if is_counted else None,
        "total": found.row_count,
        "text": text if is_counted else _("The table is being read …"),
    }


class BulkImportProgress(OwnImport, View):
    """How far it is, for the page that waits."""

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        response = JsonResponse(progress_of(self.found(request)))
        response["Cache-Control"] = "no-store"
        return response


class BulkImportReport(OwnImport, View):
    """The report as CSV in UTF-8 with a byte order mark, so that spreadsheets read it; no cell can start a formula."""

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        found = self.found(request)
        address: Callable[[BulkImportRow], str] = lambda row: request.build_absolute_uri(edit_url(row))  # noqa: E731
        text = io.StringIO(newline="")
        csv.writer(text).writerows([guarded(str(cell)) for cell in line] for line in report_lines(found, address))
        response = HttpResponse(codecs.BOM_UTF8 + text.getvalue().encode(), content_type="text/csv; charset=utf-8")
        name = _("Report on %(table)s.csv") % {"table": found.filename.rpartition(".")[0] or found.filename}
        response["Content-Disposition"] = filenames.content_disposition(name, inline=False)
        return response


def report_lines(found: BulkImport, address: Callable[[BulkImportRow], str]) -> Iterator[list[Any]]:
    """Yield a heading, a line for each problem, or one for a row without any, and one for each file that no row names."""
    yield [_("Row"), _("Identifier"), _("Title"), _("What becomes of it"), _("Field"), _("Reason"), _("Effect"), _("Address")]
    for row in found.rows.iterator():
        about = [row.line, row.identifier, row.title, OUTCOMES.get(row.outcome, row.outcome)]
        link = address(row) if row.page_id else ""
        for field, reason, effect in row.problems or [("", "", "")]:
            yield [*about, field_label(field), reason, EFFECT_LABELS.get(effect, effect), link]
    for path in found.unnamed_files:
        yield ["", "", "", "", field_label("files"), _("No row names “%(name)s”.") % {"name": path}, _("stays out"), ""]


def edit_url(row: BulkImportRow) -> str:
    """Return the address of the row's draft in the editor."""
    return reverse("wagtailadmin_pages:edit", args=(row.page_id,)) if row.page_id else ""
