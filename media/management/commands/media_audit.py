"""`manage.py media_audit`: whether the store holds what the table says, and nothing else."""

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from core.errors import UnavailableError
from media import auditing
from media.auditing import Fault, Finding, Look

COULD_NOT_LOOK = 2
MEANINGS = {
    Fault.MISSING: "not in the store",
    Fault.SIZE: "in the store with another size",
    Fault.CHECKSUM: "in the store with other bytes",
    Fault.FOUND: "marked as lost, and in the store after all",
    Fault.DERIVED: "a thumbnail, preview or text that is not in the store; it can be made again",
    Fault.ORPHAN: "in the store for more than a day, and needed by no row",
}


class Command(BaseCommand):
    """Exit status 0: the store holds what the table says, or does so now; 1: it does not; 2: it could not be looked at."""

    help = (
        "Compares every file with the object store: existence and size, with --full or --sample also the bytes; and looks for what "
        "nobody needs. Exit status 1 if something is wrong (with --repair: if files were found to be lost), 2 if the store could "
        "not be asked."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--full", action="store_true", help="read all bytes and compare their SHA-256")
        how.add_argument("--sample", type=int, metavar="N", help="look at N files taken at random, bytes and all, and at nothing else")
        parser.add_argument(
            "--repair",
            action="store_true",
            help="mark what is lost so that its institution learns of it, delete what nobody needs, have thumbnails made anew",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        full, sample, self.repair = options["full"], options["sample"], options["repair"]
        self.found: Counter[Fault] = Counter()
        self.left: Counter[Fault] = Counter()
        self.scope = "full" if full else "sample" if sample is not None else "quick"
        total = auditing.audited().count()
        try:
            looked = self._go_through(
                auditing.look_at_objects(whole=full or sample is not None, sample=sample), "files", min(total, sample or total)
            )
            if sample is None:
                self._go_through(auditing.look_for_orphans(), "keys", None)
        except UnavailableError as error:
            raise CommandError(str(error), returncode=COULD_NOT_LOOK) from error
        if self.repair:  # what is left is marked as lost now, and told of until it is whole again
            auditing.record(self.scope, looked, Counter(), marked=self.left.total())
        else:
            auditing.record(self.scope, looked, self.left)
        self._sum_up(looked)
        if self.left:
            sys.exit(1)

    def _go_through(self, looks: Iterable[Look], unit: str, total: int | None) -> int:
        """Show, and repair if asked, what is found; return how many were looked at."""
        looked = 0
        with tqdm(total=total, unit=f" {unit}", disable=None, file=self.stderr) as bar:
            for look in looks:
                looked += 1
                for finding in look.findings:
                    bar.clear()
                    self._take(finding)
                bar.update()
        return looked

    def _take(self, finding: Finding) -> None:
        self.found[finding.fault] += 1
        self.stdout.write(f"{finding.fault:<16}  {finding.key}  {finding.filename}".rstrip())
        if not self.repair or auditing.repair(finding):
            self.left[finding.fault] += 1

    def _sum_up(self, looked: int) -> None:
        self.stdout.write(f"{looked} files looked at.")
        for fault, number in self.found.items():
            self.stdout.write(f"{number:>8}  {fault.value:<16} {MEANINGS[fault]}")
        if not self.found:
            self.stdout.write("The store holds what the table says.")
        elif self.repair:
            self.stdout.write(f"{self.found.total() - self.left.total()} set right, {self.left.total()} files are lost and marked so.")
        else:
            how = "--repair" if self.scope == "quick" else "--full --repair"
            self.stdout.write(f"`manage.py media_audit {how}` marks what is lost, and sets the rest right.")
        if known := auditing.known_to_be_lost():
            self.stdout.write(f"{known} files are known to be lost: the front page of the admin names them.")
