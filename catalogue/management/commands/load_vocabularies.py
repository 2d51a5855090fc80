"""Loads the vocabularies that come with the code; may be run again at any time."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from catalogue import vocabulary_files
from catalogue.vocabulary import VOCABULARIES


class Command(BaseCommand):
    """Adds new terms and translations; nothing is ever deleted."""

    help = "Load the vocabularies that come with the code. What was changed by hand stays; nothing is ever deleted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--overwrite", action="store_true", help="also reset terms that were changed by hand to what the files say")
        parser.add_argument(
            "--deactivate-unlisted", action="store_true", help="also deactivate terms that the files no longer have (your own ones, too)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        for name in VOCABULARIES:
            loaded = vocabulary_files.load(name, overwrite=options["overwrite"], deactivate_unlisted=options["deactivate_unlisted"])
            if loaded.created or loaded.changed:
                self.stdout.write(f"{name}: {loaded.created} new, {loaded.changed} changed")
            if loaded.unlisted:
                done = "deactivated" if options["deactivate_unlisted"] else "not in the files, left as they are"
                self.stdout.write(f"{name}: {', '.join(loaded.unlisted)}: {done}")
