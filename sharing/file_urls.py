"""Addresses of files: each leads to a link of the object store that is signed for minutes."""

from django.urls import path

from sharing import views

urlpatterns = [
    path("<uuid:edition_id>/<uuid:object_id>/", views.download, name="download"),
    path("<uuid:edition_id>/<uuid:object_id>/preview/<int:width>/", views.preview, name="preview"),
    path("<uuid:edition_id>/<uuid:object_id>/look/<slug:variant>/", views.look, name="look"),
    path("<uuid:edition_id>/<uuid:object_id>/play/", views.play, name="play"),
]
