"""Makes what the library shows of a file, and reads its words. Files are opened in another process (media.decoding)."""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from core import events
from core.errors import NotFoundError
from media import converting, derivations, fence, file_types, records
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
    """Nothing could be made of a file, but that its words may have been read."""

    def __init__(self, problem: Problem, detail: str, words: str = "") -> None:
        super().__init__(detail)
        self.problem = problem
        self.words = words


def derive(object_id: UUID, *, last_try: bool = False) -> Derivation | None:
    """Make the derived files of a verified object anew and return how it ended; do nothing for any other.

    What was made before stays where nothing can be made now. Raises UndecodableError where the decoder was cut off and may be
    luckier the next time, UnavailableError if the store is away.
    """
    stored = derivations.sources().filter(pk=object_id).first()
    decoder = file_types.decoder_of(stored.content_type) if stored else None
    if stored is None or decoder is None:
        return None
    with tempfile.TemporaryDirectory(prefix="media-") as name:
        folder = Path(name)
        try:
            _fetch(stored, decoder, folder / "source")
            found, text = _opened(stored.content_type, decoder, folder)
        except UndecodableError as error:
            logger.info("file_not_decoded", object=str(stored.id), content_type=stored.content_type, problem=error.problem, why=str(error))
            failed = _failed(stored, error, last_try=last_try)
            if failed and failed.state == DerivationState.WAITING:
                raise
            return failed
        made = [_keep(store(), stored, folder, entry) for entry in found.get("files", [])]
    return _record(stored, found, made, text)


def _opened(content_type: str, decoder: Decoder, folder: Path) -> tuple[dict[str, Any], str]:
    """Return what was found out about the file, and its words; an office document becomes a PDF first, if this site can do that."""
    source = folder / "source"
    if not settings.OFFICE_CONVERTER or content_type not in converting.FILTERS:
        return _decoded(content_type, decoder, source)
    words = _decoded(content_type, decoder, source)[1] if decoder == Decoder.OFFICE else ""
    try:
        _fenced("media.converting", settings.OFFICE_CONVERTER, content_type, str(source), str(folder))
        found, words_of_pages = _decoded("application/pdf", Decoder.PDF, folder / converting.PDF)
    except UndecodableError as error:
        error.words = words
        raise
    return found, words or words_of_pages


def _decoded(content_type: str, decoder: Decoder, source: Path) -> tuple[dict[str, Any], str]:
    """Return what the decoder found out, and the words it read."""
    said = _fenced("media.decoding", decoder, content_type, str(source), str(source.parent))
    try:
        found = dict(json.loads(said))
    except ValueError as error:
        raise UndecodableError(Problem.TOO_LONG, repr(error)) from error
    return found, (source.parent / found["text"]).read_text(encoding="utf-8") if "text" in found else ""


def _fenced(module: str, *arguments: str) -> bytes:
    """Run it in the other process and return its output. Raises UndecodableError with its reason."""
    try:
        done = fence.run(module, *arguments, timeout=TIMEOUT_SECONDS)
        done.check_returncode()
    except subprocess.SubprocessError as error:
        said = (getattr(error, "stderr", None) or b"").decode(errors="replace").strip().rpartition("\n")[2]
        code = said.partition(" ")[0] if getattr(error, "returncode", None) == CANNOT_OPEN else ""
        raise UndecodableError(Problem(code) if code in set(Problem) else Problem.TOO_LONG, said or repr(error)) from error
    return done.stdout


def _fetch(stored: StoredObject, decoder: Decoder, source: Path) -> None:
    if decoder in {Decoder.OFFICE, Decoder.OLD_OFFICE, Decoder.ARCHIVE} and (stored.size or 0) > MOST_BYTES_FOR_WORDS:
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
    _alike(stored).update(**{fact: found.get(fact) for fact in records.FACTS})
    _tell(stored)
    return derivation


@transaction.atomic
def _failed(stored: StoredObject, error: UndecodableError, *, last_try: bool) -> Derivation | None:
    """Write down why nothing could be made, and the words if they were read; what was cut off waits until it was tried often enough."""
    if not StoredObject.objects.select_for_update().filter(pk=stored.pk).exists():
        return None
    before = Derivation.objects.filter(source=stored).first()
    tries = (before.tries if before else 0) + 1
    if error.words:
        ExtractedText.objects.update_or_create(source=stored, defaults={"text": error.words})
        _tell(stored)
    again = error.problem == Problem.TOO_LONG and tries < derivations.MOST_TRIES and not last_try
    return _settled(stored, state=DerivationState.WAITING if again else DerivationState.FAILED, problem=error.problem, tries=tries)


def _alike(stored: StoredObject) -> QuerySet[StoredObject]:
    return StoredObject.objects.filter(Q(pk=stored.pk) | Q(duplicate_of=stored))


def _tell(stored: StoredObject) -> None:
    for object_id in _alike(stored).values_list("pk", flat=True):
        events.object_changed.send(sender=None, object_id=object_id)


def _settled(stored: StoredObject, **values: Any) -> Derivation:
    return Derivation.objects.update_or_create(source=stored, defaults={"recipe": derivations.RECIPE, **values})[0]
