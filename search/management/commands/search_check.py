"""`manage.py search_check`: whether the index holds what the database holds."""

import sys
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from catalogue.selectors import published_works
from search.checking import Difference, Fault, check, repair
from search.client import SearchUnavailableError
from search.health import OLD_SHAPE, uses_old_shape

COULD_NOT_CHECK = 2
SHOWN = 20
MEANINGS = {
    Fault.MISSING: "published, but not to be found",
    Fault.EXTRA: "to be found, but not published",
    Fault.STALE: "in the index in an older version",
    Fault.AHEAD: "in the index in a later version than the database knows (was it restored?): changes would be refused",
    Fault.DIFFERENT: "in the index with another content than the database has",
    Fault.SET_ASIDE: "set aside, since they could not be indexed: see `manage.py search_status`",
}


class Command(BaseCommand):
    """Exit status 0: the index holds what the database holds, or does so now; 1: it does not; 2: it could not be looked at."""

    help = (
        "Compares the search index with the database while both are in use. "
        "Exit status 1 if they differ (with --repair: if they still do), 2 if they could not be compared."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="write anew what differs, and look again")
        parser.add_argument("--deep", action="store_true", help="also build each document from the database and compare its content; slow")
        parser.add_argument("--sample", type=_positive, metavar="N", help="compare N works taken at random, not all of them")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["deep"] and uses_old_shape():
            raise CommandError(f"{OLD_SHAPE} Until then every document differs.", returncode=COULD_NOT_CHECK)
        try:
            works, waiting, faults, wrong = self._check(**{name: options[name] for name in ("repair", "deep", "sample")})
        except SearchUnavailableError as error:
            raise CommandError(f"{error} ({error.reason})", returncode=COULD_NOT_CHECK) from error
        self.stdout.write(f"{works} works compared, {waiting} of them are waiting for the worker or were changed meanwhile.")
        for fault, number in faults.items():
            self.stdout.write(f"{number:>8}  {fault.value:<10} {MEANINGS[fault]}")
        if not faults:
            self.stdout.write("The index holds what the database holds.")
        elif options["repair"]:
            self.stdout.write(f"{faults.total() - wrong} repaired, {wrong} still wrong.")
        else:
            self.stdout.write(
                "`manage.py search_check --repair` writes them anew; where they are most of all, `manage.py search_rebuild` is quicker."
            )
        if wrong:
            sys.exit(1)

    def _check(self, *, repair: bool, deep: bool, sample: int | None) -> tuple[int, int, Counter[Fault], int]:
        """Return how many works were compared, how many could not be judged, what was wrong, and how many are so now."""
        works = waiting = wrong = shown = 0
        faults: Counter[Fault] = Counter()
        total = published_works().count()
        with tqdm(total=min(total, sample or total), unit=" works", desc="Comparing", disable=None, file=self.stderr) as bar:
            for page in check(deep=deep, sample=sample):
                works += page.works
                waiting += page.waiting
                faults.update(difference.fault for difference in page.differences)
                for difference in page.differences[: SHOWN - shown]:
                    self._show(difference, bar)
                    shown += 1
                wrong += _repaired(page.differences) if repair else len(page.differences)
                bar.update(page.works)
        return works, waiting, faults, wrong

    def _show(self, difference: Difference, bar: Any) -> None:
        """Print a difference above the progress bar."""
        bar.clear()
        self.stdout.write(f"{difference.work_id}  {difference.fault.value}")


def _repaired(differences: tuple[Difference, ...]) -> int:
    return repair(differences) if differences else 0


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number
