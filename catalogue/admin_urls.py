"""Admin routes that stand in front of Wagtail's own ones of the same address; config.urls mounts them first."""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from catalogue.chooser_views import browse_below
from catalogue.keyword_views import autocomplete

urlpatterns = [
    path("choose-page/<int:parent_page_id>/", require_admin_access(browse_below), name="choose_page_below"),
    path("tag-autocomplete/", require_admin_access(autocomplete), name="keyword_autocomplete"),
    path("tag-autocomplete/<slug:app_name>/<slug:model_name>/", require_admin_access(autocomplete), name="keyword_autocomplete"),
]
