"""What other rooms may ask about files."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from media import derivations, extensions, file_types
from media.file_types import Decoder
from media.models import DerivedFile, ExtractedText, ObjectState, StoredObject
from media.store import store
from media.verdicts import FileWarning, Rejection, Scan
from media.verification import SCANS, SENTENCES, WARNINGS

WAITING = _("This file is still being checked; that takes seconds, for a long film minutes.")
UPLOADING = _("This file has not been uploaded completely.")
ABANDONED = _("The upload of this file was given up. Please upload it again.")
LOST = _("The file store has lost this file. Please upload the same file again: it then stands in every resource that had it.")


@dataclass(frozen=True, slots=True)
class Usage:
    """What an institution keeps in the store: bytes and files. Uploads under way count with what they announced, duplicates not."""

    bytes: int
    files: int


def usage(institution_id: UUID) -> Usage:
    """Return what counts against the institution's quotas."""
    own = Q(state=ObjectState.VERIFIED, duplicate_of=None) | Q(state__in=[ObjectState.UPLOADING, ObjectState.UPLOADED])
    kept = StoredObject.objects.filter(own, institution_id=institution_id)
    found = kept.aggregate(bytes=Sum(Coalesce("size", "declared_size")), files=Count("pk"))
    return Usage(found["bytes"] or 0, found["files"])


def thumbnail(object_id: UUID, width: int) -> DerivedFile | None:
    """Return the smallest thumbnail that is at least `width` pixels wide, else the widest, else None. Bytes alike share theirs."""
    stored = StoredObject.objects.filter(pk=object_id, state=ObjectState.VERIFIED).values_list("duplicate_of_id", flat=True).first()
    source = stored or object_id
    made = list(DerivedFile.objects.filter(source_id=source, kind=DerivedFile.Kind.THUMBNAIL).order_by("width"))
    return next((file for file in made if (file.width or 0) >= width), made[-1] if made else None)


def small_thumbnail_url(stored: StoredObject) -> str:
    """Return an address of the store, signed for minutes, of a file's smallest thumbnail; "" where none was made."""
    smallest = thumbnail(stored.pk, width=0)
    return derived_url(smallest) if smallest else ""


def derived_files(object_ids: Iterable[UUID], *kinds: DerivedFile.Kind) -> dict[UUID, list[DerivedFile]]:
    """Return verified object id to its derived files of these kinds, pages in their order; objects without any are left out."""
    sources = _sources(object_ids)
    made: dict[UUID, list[DerivedFile]] = {}
    for file in DerivedFile.objects.filter(source_id__in=set(sources.values()), kind__in=kinds):
        made.setdefault(file.source_id, []).append(file)
    for files in made.values():
        files.sort(key=lambda file: (len(file.variant), file.variant))
    return {object_id: made[source_id] for object_id, source_id in sources.items() if source_id in made}


def words_of(object_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return verified object id to the words that were read in it; the caller has asked sharing. Objects without any are left out."""
    sources = _sources(object_ids)
    texts = dict(ExtractedText.objects.filter(source_id__in=set(sources.values())).values_list("source_id", "text"))
    return {object_id: texts[source_id] for object_id, source_id in sources.items() if source_id in texts}


def _sources(object_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return verified object id to the object whose bytes it has: itself, or the one it duplicates."""
    rows = StoredObject.objects.filter(pk__in=set(object_ids), state=ObjectState.VERIFIED).values_list("pk", "duplicate_of_id")
    return {object_id: first or object_id for object_id, first in rows}


def derived_url(derived: DerivedFile) -> str:
    """Return an address of the store, signed for minutes, that shows a derived file."""
    return store().sign_download(
        derived.key, content_type=derived.content_type, disposition="inline", lifetime=settings.DOWNLOAD_LINK_LIFETIME
    )


def type_label(content_type: str) -> str:
    """Return what people call a file of this type: "PDF", "Picture", "Slides"."""
    return str(file_types.of(content_type).label)


type_symbol = file_types.symbol_of


def plays_inline(content_type: str) -> bool:
    """Whether a browser may be given such a recording or film as it is, to be played in the page."""
    kind = file_types.of(content_type)
    return kind.inline and kind.decoder in {Decoder.VIDEO, Decoder.AUDIO}


def known_size(stored: StoredObject) -> int:
    """Return the size in bytes: as counted, or as announced while nobody has counted."""
    return stored.declared_size if stored.size is None else stored.size


def known_type_label(stored: StoredObject) -> str:
    """Return the type's name once the content has been looked at; empty before."""
    return type_label(stored.content_type) if stored.state == ObjectState.VERIFIED else ""


def state_sentence(stored: StoredObject) -> str | Promise:
    """Return what is the matter with a file that is not ready, and what to mind about one that is; empty if all is well."""
    match stored.state:
        case ObjectState.VERIFIED:
            return " ".join(warning_sentences(stored))
        case ObjectState.REJECTED:
            return SENTENCES[Rejection(stored.rejection)]
        case ObjectState.UPLOADED:
            return SCANS[Scan.WAITING] if stored.scan == Scan.WAITING else WAITING
        case ObjectState.UPLOADING:
            return UPLOADING
        case ObjectState.LOST:
            return LOST
        case _:
            return ABANDONED


preparation_sentence = derivations.sentence
is_being_prepared = derivations.is_waiting


def warning_sentences(stored: StoredObject) -> list[str]:
    """Return what contributor and curators should know of a file that was taken."""
    words = {
        "kind": extensions.usual(stored.content_type).upper(),
        "name": extensions.name_for_download(stored.filename, stored.content_type),
    }
    return [str(WARNINGS[FileWarning(code)]) % words for code in stored.warnings]


def scan_sentence(stored: StoredObject) -> str:
    """Return what the virus scanner said of a file that was taken; empty for any other."""
    return str(SCANS[Scan(stored.scan)]) if stored.state == ObjectState.VERIFIED else ""


def not_ready(object_ids: Iterable[UUID]) -> list[tuple[StoredObject, str]]:
    """Return those of the objects that may not be submitted or published yet, each with the sentence that says why."""
    objects = StoredObject.objects.filter(pk__in=set(object_ids)).exclude(state=ObjectState.VERIFIED).order_by("filename")
    return [(stored, str(state_sentence(stored))) for stored in objects]


def lost(institution_id: UUID | None = None) -> "QuerySet[StoredObject]":
    """Return the files that the store has lost: of one institution, or of all."""
    found = StoredObject.objects.filter(state=ObjectState.LOST).select_related("institution").order_by("institution__name", "filename")
    return found.filter(institution_id=institution_id) if institution_id else found


def same_bytes_elsewhere(stored: StoredObject) -> "QuerySet[StoredObject]":
    """Return the checked files of other institutions with the very same bytes."""
    if stored.state != ObjectState.VERIFIED:
        return StoredObject.objects.none()
    alike = StoredObject.objects.filter(state=ObjectState.VERIFIED, sha256=stored.sha256, size=stored.size)
    return alike.exclude(institution_id=stored.institution_id).select_related("institution")
