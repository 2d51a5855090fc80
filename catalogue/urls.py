"""Addresses of works that never change; pages lie at addresses of Wagtail's tree, which may."""

from django.urls import path

from catalogue import views

urlpatterns = [path("<uuid:work_id>/", views.resource, name="resource")]
