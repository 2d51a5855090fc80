"""Makes what the library shows of a file, and reads its words. Files are opened in another process (media.decoding)."""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q

from core import events
from core.errors import NotFoundError
from media import derivations, fence, file_types, records
from media.derivations import Problem
from media.file_types import Decoder
from media.models import Derivation, DerivationState, DerivedFile, ExtractedText, StoredObject
from media.store import ObjectStore, store

logger = structlog.stdlib.get_logger(__name__)

TIMEOUT_SECONDS = 120
CANNOT_OPEN = 3  # media.decoding's exit status; the last line of its standard error says why
MOST_BYTES_OF_TEXT = 2 * 1024**2
"""So much of a text file is read: about ten times what is kept of its words."""
MOST_BYTES_FOR_WORDS = 1024**3
"""Of a file that is fetched for nothing but its words."""


class UndecodableError(Exception):
    """Nothing could be made of a file."""

    def __init__(self, problem: Problem, detail: str) -> None:
        super().__init__(detail)
        self.problem = problem


def derive(object_id: UUID, *, last_try: bool = False) -> Derivation | None:
    """Make the derived files of a verified object anew and return how it ended; do nothing for any other.

    What was made before stays where nothing can be made now. Raises UndecodableError where the decoder was cut off and may be
    luckier the next time, UnavailableError if the store is away.
    """
    stored = derivations.sources().filter(pk=object_id).first()
    decoder = file_types.of(stored.content_type).decoder if stored else None
    if stored is None or decoder is None:
        return None
    with tempfile.TemporaryDirectory(prefix="media-") as name:
        folder = Path(name)
        try:
            found = _decoded(stored, decoder, folder)
        except UndecodableError as error:
            logger.info("file_not_decoded", object=str(stored.id), content_type=stored.content_type, problem=error.problem, why=str(error))
            failed = _failed(stored, error.problem, last_try=last_try)
            if failed and failed.state == DerivationState.WAITING:
                raise
            return failed
        made = [_keep(store(), stored, folder, entry) for entry in found.get("files", [])]
        text = (folder / found["text"]).read_text(encoding="utf-8") if "text" in found else ""
    return _record(stored, found, made, text)


def _decoded(stored: StoredObject, decoder: Decoder, folder: Path) -> dict[str, Any]:
    """Fetch the file and have it opened by the other process."""
    source = folder / "source"
    _fetch(stored, decoder, source)
    try:
        done = fence.run("media.decoding", decoder, stored.content_type, str(source), str(folder), timeout=TIMEOUT_SECONDS)
        done.check_returncode()
        return dict(json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError) as error:
        said = (getattr(error, "stderr", None) or b"").decode(errors="replace").strip().rpartition("\n")[2]
        code = said.partition(" ")[0] if getattr(error, "returncode", None) == CANNOT_OPEN else ""
        raise UndecodableError(Problem(code) if code in set(Problem) else Problem.TOO_LONG, said or repr(error)) from error


def _fetch(stored: StoredObject, decoder: Decoder, source: Path) -> None:
    if decoder in {Decoder.OFFICE, Decoder.ARCHIVE} and (stored.size or 0) > MOST_BYTES_FOR_WORDS:
        raise UndecodableError(Problem.TOO_LARGE, f"{stored.size} bytes")
    written = 0
    try:
        with source.open("wb") as file:
            for block in store().stream(stored.key, stored.version_id):
                written += file.write(block)
                if decoder == Decoder.TEXT and written >= MOST_BYTES_OF_TEXT:
                    break
    except NotFoundError as error:
        raise UndecodableError(Problem.LOST, str(error)) from error


def _keep(s3: ObjectStore, stored: StoredObject, folder: Path, entry: dict[str, Any]) -> DerivedFile:
    """Put a derived file into the store; made anew, it takes the place of the old one."""
    path = folder / str(entry["file"])
    kind, variant = DerivedFile.Kind(entry["kind"]), str(entry["variant"])
    key = f"derived/{stored.id}/{kind}-{variant}"
    with path.open("rb") as file:
        s3.put(key, file, entry["content_type"])
    return DerivedFile(
        source=stored,
        kind=kind,
        variant=variant,
        key=key,
        content_type=entry["content_type"],
        size=path.stat().st_size,
        width=entry.get("width"),
        height=entry.get("height"),
    )


@transaction.atomic
def _record(stored: StoredObject, found: dict[str, Any], made: list[DerivedFile], text: str) -> Derivation | None:
    if not StoredObject.objects.select_for_update().filter(pk=stored.pk).exists():
        for derived in made:  # the object was deleted meanwhile
            records.discard(derived.key)
        return None
    old = DerivedFile.objects.filter(source=stored)
    for key in set(old.values_list("key", flat=True)) - {derived.key for derived in made}:
        records.discard(key)
    old.delete()
    DerivedFile.objects.bulk_create(made)
    ExtractedText.objects.filter(source=stored).delete()
    if text:
        ExtractedText.objects.create(source=stored, text=text)
    derivation = _settled(stored, state=DerivationState.DONE, problem="", tries=0)
    alike = StoredObject.objects.filter(Q(pk=stored.pk) | Q(duplicate_of=stored))
    alike.update(**{fact: found.get(fact) for fact in records.FACTS})
    for object_id in alike.values_list("pk", flat=True):
        events.object_changed.send(sender=None, object_id=object_id)
    return derivation


@transaction.atomic
def _failed(stored: StoredObject, problem: Problem, *, last_try: bool) -> Derivation | None:
    """Write down why nothing could be made; what was cut off goes on waiting until it was tried often enough."""
    if not StoredObject.objects.select_for_update().filter(pk=stored.pk).exists():
        return None
    before = Derivation.objects.filter(source=stored).first()
    tries = (before.tries if before else 0) + 1
    again = problem == Problem.TOO_LONG and tries < derivations.MOST_TRIES and not last_try
    return _settled(stored, state=DerivationState.WAITING if again else DerivationState.FAILED, problem=problem, tries=tries)


def _settled(stored: StoredObject, **values: Any) -> Derivation:
    return Derivation.objects.update_or_create(source=stored, defaults={"recipe": derivations.RECIPE, **values})[0]
