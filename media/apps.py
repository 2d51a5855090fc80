"""Registers the room `media` with Django."""

from django.apps import AppConfig


class MediaConfig(AppConfig):
    """The room `media`."""

    name = "media"
