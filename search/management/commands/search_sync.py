"""`manage.py search_sync --once`: write what is due, without a worker."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from search.client import SearchUnavailableError
from search.models import IndexTarget
from search.sync import behind, catch_up, try_again


class Command(BaseCommand):
    """Writes all changes that are due to the index. The worker does this by itself; `--once` is for scripts."""

    help = "Writes all changes that are due to the search index, once, and stops. A running worker does this by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", required=True, help="Write what is due now, then stop.")
        parser.add_argument("--retry", action="store_true", help="Also what failed and waits for its next attempt, or is set aside.")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not IndexTarget.objects.filter(receives_changes=True).exists():
            raise CommandError("There is no index yet: run `manage.py search_rebuild`, or start the worker.")
        if options["retry"]:
            try_again(behind())
        try:
            with tqdm(total=behind().count(), unit=" works", desc="Writing", disable=None, file=self.stderr) as bar:
                handled = catch_up(bar.update)
        except SearchUnavailableError as error:
            raise CommandError(f"{error} ({error.reason})") from error
        left = behind().count()
        failed = behind().filter(attempts__gt=0).count()
        self.stdout.write(f"{handled} works written, {left} still behind.")
        if failed:
            raise CommandError(f"{failed} of them could not be indexed: `manage.py search_status` says why.")
