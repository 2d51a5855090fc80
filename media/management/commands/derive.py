"""`manage.py derive`: make previews and read words of files anew, in this process."""

import sys
from argparse import ArgumentParser
from collections import Counter
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from core.errors import UnavailableError
from media import derivations, deriving, file_types
from media.file_types import Decoder
from media.models import DerivationState, StoredObject

STORE_AWAY = 2


class Command(BaseCommand):
    """Exit status 0: all is made; 1: of some files nothing could be made; 2: the object store does not answer."""

    help = (
        "Makes thumbnails, previews and captions of files, and reads their words for the search. Safe to repeat and to interrupt. "
        "Exit status 1 if of some files nothing could be made, 2 if the object store does not answer."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("objects", nargs="*", type=UUID, metavar="UUID", help="stored objects; without any, all of them")
        parser.add_argument("--kind", choices=[decoder.value for decoder in Decoder], help="only files of this kind")
        parser.add_argument("--failed", action="store_true", help="only those of which nothing could be made the last time")
        parser.add_argument("--missing", action="store_true", help="only those that are not made yet, or were by an older version")

    def handle(self, *_args: Any, **options: Any) -> None:
        ids = list(self._chosen(**{name: options[name] for name in ("objects", "kind", "failed", "missing")}))
        problems: Counter[str] = Counter()
        try:
            for object_id in tqdm(ids, unit=" files", desc="Deriving", disable=None, file=self.stderr):
                derivation = deriving.derive(object_id, last_try=True)
                if derivation and derivation.state == DerivationState.FAILED:
                    problems[derivation.problem] += 1
        except UnavailableError as error:
            raise CommandError(str(error), returncode=STORE_AWAY) from error
        self.stdout.write(f"{len(ids)} files looked at.")
        for problem, number in problems.most_common():
            self.stdout.write(f"{number:>8}  {problem}")
        if problems:
            sys.exit(1)

    def _chosen(self, *, objects: list[UUID], kind: str | None, failed: bool, missing: bool) -> list[UUID]:
        """Return the ids of the files that are asked for. Raises CommandError for an object of which nothing can be made."""
        sources = derivations.sources()
        if objects:
            found = dict(StoredObject.objects.filter(pk__in=objects).values_list("pk", "duplicate_of"))
            wanted = {first or object_id for object_id, first in found.items()}
            sources = sources.filter(pk__in=wanted)
            if len(found) < len(set(objects)) or sources.count() < len(wanted):
                raise CommandError("Some of these are no checked files of a kind of which something is made.")
        if kind:
            types = [name for name, file_type in file_types.FILE_TYPES.items() if file_type.decoder == kind]
            sources = sources.filter(content_type__in=types)
        if failed:
            sources = sources.filter(derivation__state=DerivationState.FAILED)
        if missing:
            sources = sources.filter(derivations.unmade())
        return list(sources.order_by("created_at").values_list("pk", flat=True))
