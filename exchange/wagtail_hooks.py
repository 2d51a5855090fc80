"""Imports of tables in Wagtail's admin."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from exchange.bulk import views
from exchange.policies import may_import
from members.viewer import Viewer


class ImportMenuItem(MenuItem):
    """Shown to those who may take tables in."""

    def is_shown(self, request: HttpRequest) -> bool:
        viewer = Viewer.of(request.user)
        return may_import(viewer, viewer.institution_id)


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    return [
        path("imports/", views.BulkImports.as_view(), name="bulk_imports"),
        path("imports/<uuid:import_id>/", views.BulkImportPage.as_view(), name="bulk_import"),
        path("imports/<uuid:import_id>/progress/", views.BulkImportProgress.as_view(), name="bulk_import_progress"),
        path("imports/<uuid:import_id>/report.csv", views.BulkImportReport.as_view(), name="bulk_import_report"),
    ]


@hooks.register("register_admin_menu_item")
def imports_item() -> MenuItem:
    return ImportMenuItem(_("Import a table"), reverse("bulk_imports"), name="bulk-imports", icon_name="table", order=15)
