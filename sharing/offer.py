"""Everything a page says about getting and using a resource, put together for one viewer."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from catalogue.focal_point import FocalPoint
from catalogue.models import ResourceFile, ResourcePage
from core import clock
from media import selectors as media_selectors
from media.models import DerivedFile, ObjectState, StoredObject
from members.viewer import ANONYMOUS, Viewer
from sharing import wording
from sharing.attribution import Attribution, attribution_of
from sharing.looks import Look, LookKind, looks_of
from sharing.policies import Action, Decision, Standing, Terms, may
from sharing.rights import Rule, rules_of
from sharing.selectors import standing_of, terms_of

CARD_WIDTH = 320
PAGE_WIDTH = 960


class CardPicture(NamedTuple):
    """The picture on a card: its address, "" for none, and what of it stays in view."""

    url: str = ""
    focal_point: FocalPoint = FocalPoint()


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file as a page lists it. `url` is empty where the viewer may not have it; `state` is media's, verified when all is well.

    `look` says how it is looked at in the page, None where it is not, or not by this viewer. `symbol` stands where there is no picture.
    """

    id: UUID
    name: str
    caption: str
    alt_text: str
    size: int | None
    content_type: str
    kind: str
    symbol: str
    pages: int | None
    duration_seconds: float | None
    state: str
    url: str
    preview_url: str
    thumbnail_url: str
    focal_point: FocalPoint
    look: Look | None


@dataclass(frozen=True, slots=True)
class Offer:
    """The two panels of a resource page: “Get it” and “May I use it?”."""

    decision: Decision
    why: str
    what_next: str
    contact_email: str
    rules: list[Rule]
    attribution: Attribution
    permanent_url: str
    files: list[FileLine]

    @property
    def lead_image(self) -> FileLine | None:
        """The first file with a preview that this viewer may see."""
        return next((line for line in self.files if line.preview_url), None)

    @property
    def looks(self) -> list[FileLine]:
        """The files that can be looked at, without the one that is shown at the top already."""
        top = self.lead_image
        shown = {LookKind.PICTURE, LookKind.VIDEO}
        return [line for line in self.files if line.look and not (line is top and line.look.kind in shown)]


def offer_of(edition: ResourcePage, viewer: Viewer, *, is_draft: bool = False) -> Offer:
    """Return what to show; `is_draft` where the page shown is a revision and not the published one."""
    standing = standing_of(edition)
    if is_draft and standing is Standing.PUBLISHED:
        standing = Standing.IN_REVIEW
    terms = terms_of(edition, standing)
    today = clock.today()
    decision = may(viewer, Action.DOWNLOAD, terms, today=today)
    institution = edition.institution
    name = institution.name_in(get_language() or "en")
    permanent_url = permanent_address(edition.work_id)
    return Offer(
        decision=decision,
        why=wording.why_sentence(decision, institution_name=name, embargo_until=edition.embargo_until),
        what_next=wording.next_sentence(
            decision, institution_name=name, contact_name=institution.contact_name, contact_email=institution.contact_email
        ),
        contact_email=institution.contact_email,
        rules=rules_of(edition.licence) if edition.licence else [],
        attribution=attribution_of(edition, url=permanent_url),
        permanent_url=permanent_url,
        files=_file_lines(edition, viewer, terms),
    )


def permanent_address(work_id: UUID) -> str:
    """Return the absolute address of a work that never changes and names no language: it leads on to the reader's."""
    path = reverse("resource", args=[work_id])
    return settings.SITE_URL + path.removeprefix(f"/{get_language() or settings.LANGUAGE_CODE}")


def card_pictures(editions: Iterable[ResourcePage]) -> dict[UUID, CardPicture]:
    """Return edition id to the picture for its card in a public list; editions without one are left out."""
    today = clock.today()
    shown = [edition for edition in editions if may(ANONYMOUS, Action.PREVIEW, terms_of(edition, Standing.PUBLISHED), today=today).allowed]
    pictured = _with_thumbnail(row for edition in shown for row in edition.files.all())
    pictures = {}
    for edition in shown:
        first = next((row for row in edition.files.all() if row.stored_object_id in pictured), None)
        if first is not None:
            url = reverse("preview", args=[edition.edition_id, first.stored_object_id, CARD_WIDTH])
            pictures[edition.edition_id] = CardPicture(url, first.focal_point)
    return pictures


def _with_thumbnail(rows: Iterable[ResourceFile]) -> Collection[UUID]:
    """Return the ids of the objects that have a thumbnail."""
    return media_selectors.derived_files([row.stored_object_id for row in rows], DerivedFile.Kind.THUMBNAIL).keys()


def _file_lines(edition: ResourcePage, viewer: Viewer, terms: Terms) -> list[FileLine]:
    today = clock.today()
    may_have = may(viewer, Action.DOWNLOAD, terms, today=today).allowed
    may_see = may(viewer, Action.PREVIEW, terms, today=today).allowed
    rows = list(edition.files.all())
    pictured = _with_thumbnail(rows)
    looks = looks_of(edition, rows) if may_have else {}
    lines = []
    for row in rows:
        stored: StoredObject = row.stored_object
        verified = stored.state == ObjectState.VERIFIED
        address = [edition.edition_id, stored.pk]
        has_preview = verified and may_see and stored.pk in pictured
        lines.append(
            FileLine(
                id=stored.pk,
                name=stored.filename,
                caption=row.caption,
                alt_text=row.alt_text,
                size=stored.size,
                content_type=stored.content_type,
                kind=media_selectors.type_label(stored.content_type) if verified else "",
                symbol=media_selectors.type_symbol(stored.content_type),
                pages=stored.pages,
                duration_seconds=stored.duration_seconds,
                state=stored.state,
                url=reverse("download", args=address) if verified and may_have else "",
                preview_url=reverse("preview", args=[*address, PAGE_WIDTH]) if has_preview else "",
                thumbnail_url=reverse("preview", args=[*address, CARD_WIDTH]) if has_preview else "",
                focal_point=row.focal_point,
                look=looks.get(stored.pk),
            )
        )
    return lines
