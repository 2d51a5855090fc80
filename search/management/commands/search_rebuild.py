"""`manage.py search_rebuild`: a new index beside the old one, then the swap."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from catalogue.selectors import published_works
from search.client import SearchUnavailableError
from search.rebuild import RebuildUnderWayError, rebuild


class Command(BaseCommand):
    """Builds the index anew while searches and changes go on."""

    help = "Builds the search index anew while searches and changes go on, then swaps it in. A rebuild that was interrupted is continued."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            with tqdm(total=published_works().count(), unit="work", desc="Indexing") as bar:
                name = rebuild(progress=bar.update)
        except RebuildUnderWayError as error:
            raise CommandError(str(error)) from error
        except SearchUnavailableError as error:
            raise CommandError(f"{error} ({error.reason})") from error
        self.stdout.write(f"Searches now go to {name}.")
