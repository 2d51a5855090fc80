"""The addresses of the search page, of its feed, of what helps while typing, and of what stands beside a resource."""

from django.urls import path

from search import feed, similar_views, suggestion_views, views

urlpatterns = [
    path("", views.search_page, name="search"),
    path("feed/", feed.search_feed, name="search_feed"),
    path("similar/<uuid:edition_id>/", similar_views.beside, name="similar"),
    path("suggest/", suggestion_views.suggestions, name="suggest"),
]
