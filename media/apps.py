"""Registers the room `media` with Django."""

from django.apps import AppConfig


class MediaConfig(AppConfig):
    """The room `media`."""

    name = "media"

    def ready(self) -> None:
        """Register the jobs, and what the clock brings."""
        from media import auditing, derivations, jobs, reaping  # noqa: F401, PLC0415 - models exist only now
