"""`manage.py search_rebuild`: a new index beside the old one, then the swap."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from catalogue.selectors import published_works
from search.client import SearchUnavailableError
from search.models import IndexTarget
from search.rebuild import RebuildUnderWayError, rebuild


class Command(BaseCommand):
    """Builds the index anew while searches and changes go on."""

    help = "Builds the search index anew while searches and changes go on, then swaps it in. A rebuild that was interrupted is continued."

    def handle(self, *_args: Any, **_options: Any) -> None:
        total = published_works().count()
        failures: list[UUID] = []
        try:
            with tqdm(total=total, initial=_done(), unit=" works", desc="Indexing", disable=None, file=self.stderr) as bar:
                name = rebuild(bar.update, failures.append)
        except RebuildUnderWayError as error:
            raise CommandError(str(error)) from error
        except SearchUnavailableError as error:
            raise CommandError(
                f"{error} ({error.reason}) What was done is kept: the same command, or the worker, goes on from there."
            ) from error
        self.stdout.write(f"Searches now go to {name}.")
        if failures:
            raise CommandError(f"{len(failures)} works could not be indexed: `manage.py search_status` says why.")


def _done() -> int:
    """Return how many works an unfinished rebuild has filled in already."""
    unfinished = IndexTarget.objects.filter(is_live=False, filled_up_to__isnull=False).first()
    return published_works().filter(pk__lte=unfinished.filled_up_to).count() if unfinished else 0
