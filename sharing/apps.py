"""Registers the room `sharing` with Django."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """The room `sharing`."""

    name = "sharing"
