"""`manage.py search_sync --once`: write what is due, without a worker."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.client import SearchUnavailableError
from search.models import IndexTarget
from search.sync import behind, catch_up


class Command(BaseCommand):
    """Writes all changes that are due to the index. The worker does this by itself; `--once` is for scripts."""

    help = "Writes all changes that are due to the search index, once, and stops. A running worker does this by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", required=True, help="Write what is due now, then stop.")

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not IndexTarget.objects.filter(receives_changes=True).exists():
            raise CommandError("There is no index yet: run `manage.py search_rebuild`, or start the worker.")
        try:
            handled = catch_up()
        except SearchUnavailableError as error:
            raise CommandError(f"{error} ({error.reason})") from error
        self.stdout.write(f"{handled} works written, {behind().count()} still behind.")
