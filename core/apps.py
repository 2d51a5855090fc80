"""Registers the room `core` with Django."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The room `core`."""

    name = "core"
