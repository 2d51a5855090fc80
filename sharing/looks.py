"""What of a file can be looked at in the page, without downloading it: only what was derived from it, or may be shown as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.urls import reverse

from catalogue.models import ResourceFile, ResourcePage
from core.languages import own_name
from media import selectors as media_selectors
from media.models import DerivedFile, ObjectState, StoredObject
from sharing.captions import film_of, language_of

Kind = DerivedFile.Kind
ENLARGED, WAVEFORM, PAGE, CAPTIONS = "enlarged", "waveform", "page-", "webvtt"
"""Variants of derived files, as media.decoding names them."""


class LookKind(StrEnum):
    """How it is looked at."""

    PICTURE = "picture"
    VIDEO = "video"
    AUDIO = "audio"
    PAGES = "pages"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to be shown: its address, and its size in pixels where that is known."""

    url: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Track:
    """Subtitles of a film; `label` is the name of their language in itself."""

    url: str
    language: str
    label: str


@dataclass(frozen=True, slots=True)
class Look:
    """A file as it is shown in the page. `url` is what is played, or the enlarged picture; `pictures` its pages, or a recording's waves."""

    kind: LookKind
    url: str = ""
    pictures: tuple[Picture, ...] = ()
    tracks: tuple[Track, ...] = ()


def looks_of(edition: ResourcePage, rows: Sequence[ResourceFile]) -> dict[UUID, Look]:
    """Return object id to how it is looked at, for files that the viewer may have: whoever asks has asked sharing.policies."""
    objects: list[StoredObject] = [row.stored_object for row in rows if row.stored_object.state == ObjectState.VERIFIED]
    made = media_selectors.derived_files([stored.pk for stored in objects], Kind.THUMBNAIL, Kind.PREVIEW, Kind.CAPTIONS)
    tracks = _tracks(edition, objects, made)
    looks = {stored.pk: _look(edition, stored, made.get(stored.pk, []), tracks.get(stored.pk, ())) for stored in objects}
    return {object_id: look for object_id, look in looks.items() if look}


def _look(edition: ResourcePage, stored: StoredObject, made: Sequence[DerivedFile], tracks: tuple[Track, ...]) -> Look | None:
    previews = [file for file in made if file.kind == Kind.PREVIEW]
    pages = tuple(_picture(edition, stored, file) for file in previews if file.variant.startswith(PAGE))
    if pages:
        return Look(LookKind.PAGES, pictures=pages)
    if media_selectors.plays_inline(stored.content_type):
        kind = LookKind.VIDEO if stored.content_type.startswith("video/") else LookKind.AUDIO
        waves = tuple(_picture(edition, stored, file) for file in previews if file.variant == WAVEFORM)
        return Look(kind, url=reverse("play", args=[edition.edition_id, stored.pk]), pictures=waves, tracks=tracks)
    if stored.content_type.startswith("image/") and made:
        enlarged = next((file for file in previews if file.variant == ENLARGED), None)
        widest = max((file.width or 0 for file in made), default=0)
        thumbnail = reverse("preview", args=[edition.edition_id, stored.pk, widest])
        return Look(LookKind.PICTURE, url=_picture(edition, stored, enlarged).url if enlarged else thumbnail)
    return None


def _picture(edition: ResourcePage, stored: StoredObject, file: DerivedFile) -> Picture:
    return Picture(_address(edition, stored, file.variant), file.width, file.height)


def _address(edition: ResourcePage, stored: StoredObject, variant: str) -> str:
    return reverse("look", args=[edition.edition_id, stored.pk, variant])


def _tracks(edition: ResourcePage, objects: Sequence[StoredObject], made: dict[UUID, list[DerivedFile]]) -> dict[UUID, tuple[Track, ...]]:
    """Return the subtitles of each film of an edition, by languages."""
    films = {stored.filename: stored.pk for stored in objects if stored.content_type.startswith("video/")}
    found: dict[UUID, list[Track]] = {}
    for stored in objects:
        if not any(file.variant == CAPTIONS for file in made.get(stored.pk, ())):
            continue
        film = film_of(stored.filename, list(films))
        if film is not None:
            tag = language_of(stored.filename, film, edition.language)
            found.setdefault(films[film], []).append(Track(_address(edition, stored, CAPTIONS), tag, own_name(tag)))
    return {object_id: tuple(sorted(tracks, key=lambda track: track.label)) for object_id, tracks in found.items()}
