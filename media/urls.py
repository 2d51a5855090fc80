"""Uploads, mounted at /uploads/."""

from django.urls import URLPattern, path

from media import views

app_name = "uploads"

urlpatterns: list[URLPattern] = [
    path("", views.endpoint(get=views.unfinished, post=views.start), name="start"),
    path("<uuid:upload_id>/", views.endpoint(delete=views.abort), name="upload"),
    path("<uuid:upload_id>/parts/", views.endpoint(get=views.parts), name="parts"),
    path("<uuid:upload_id>/parts/<int:number>/", views.endpoint(post=views.sign), name="part"),
    path("<uuid:upload_id>/complete/", views.endpoint(post=views.complete), name="complete"),
    path("objects/<uuid:object_id>/", views.endpoint(get=views.state), name="object"),
]
