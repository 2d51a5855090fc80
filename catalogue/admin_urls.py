"""Admin routes that stand in front of Wagtail's own ones of the same address; config.urls mounts them first."""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from catalogue.chooser_views import browse_below
from catalogue.keyword_views import autocomplete
from catalogue.page_views import CreatePage, EditPage

urlpatterns = [
    path(
        "pages/add/<slug:content_type_app_name>/<slug:content_type_model_name>/<int:parent_page_id>/",
        require_admin_access(CreatePage.as_view()),
        name="page_add",
    ),
    path("pages/<int:page_id>/edit/", require_admin_access(EditPage.as_view()), name="page_edit"),
    path("choose-page/<int:parent_page_id>/", require_admin_access(browse_below), name="choose_page_below"),
    path("tag-autocomplete/", require_admin_access(autocomplete), name="keyword_autocomplete"),
    path("tag-autocomplete/<slug:app_name>/<slug:model_name>/", require_admin_access(autocomplete), name="keyword_autocomplete"),
]
