"""The addresses of the search page, of its feed, and of what helps while typing."""

from django.urls import path

from search import feed, suggestion_views, views

urlpatterns = [
    path("", views.search_page, name="search"),
    path("feed/", feed.search_feed, name="search_feed"),
    path("suggest/", suggestion_views.suggestions, name="suggest"),
]
