"""Registers the room `members` with Django."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """The room `members`."""

    name = "members"
