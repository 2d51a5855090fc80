"""Every address of the site. Rooms own their own; this page only mounts them."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("exchange.health_urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("uploads/", include("media.urls")),
    path("files/", include("sharing.file_urls")),
    path("api/v1/", include("exchange.api_urls")),
    path("admin/", include("catalogue.admin_urls")),  # stands in front of Wagtail's own
    path("admin/", include(wagtailadmin_urls)),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]

urlpatterns += i18n_patterns(
    path("", include("members.urls")),
    path("search/", include("search.urls")),
    path("searches/", include("search.saved.urls")),
    path("resources/", include("catalogue.urls")),
    path("", include(wagtail_urls)),
)
