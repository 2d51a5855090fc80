"""The addresses of saved searches."""

from django.urls import path

from search.saved import views

urlpatterns = [
    path("", views.saved_searches, name="saved_searches"),
    path("save/", views.add, name="saved_search_add"),
    path("<uuid:search_id>/", views.change, name="saved_search"),
    path("<uuid:search_id>/delete/", views.delete, name="saved_search_delete"),
    path("stop/<str:token>/", views.stop, name="alert_stop"),
]
