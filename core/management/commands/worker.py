"""`manage.py worker`: background work until SIGTERM or SIGINT."""

from typing import Any

from django.core.management.base import BaseCommand

from core.worker import Worker


class Command(BaseCommand):
    """Runs all background loops: jobs, what the clock brings, and those of other rooms (search)."""

    help = "Runs background work until it is told to stop (SIGTERM, Ctrl-C)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        Worker().run()
