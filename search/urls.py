"""The addresses of the search page and of what helps while typing."""

from django.urls import path

from search import suggestion_views, views

urlpatterns = [
    path("", views.search_page, name="search"),
    path("suggest/", suggestion_views.suggestions, name="suggest"),
]
