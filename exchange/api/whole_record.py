"""The whole record of a work, for one viewer."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue import selectors
from catalogue.fields import as_lines
from catalogue.models import ResourcePage
from catalogue.vocabulary import Term
from exchange.api import schemas
from media.models import ObjectState
from members.models import Institution
from members.viewer import Viewer
from search.choosing import order_for_reader
from sharing.offer import FileLine, Offer, offer_of, permanent_address


def resource(work_id: UUID, editions: list[ResourcePage], viewer: Viewer) -> schemas.Resource:
    """Return the record of a work with these published editions (at least one)."""
    cards: list[dict[str, Any]] = [
        {"language": edition.language, "original": edition.translation_of_id is None, "edition_id": edition.edition_id, "edition": edition}
        for edition in editions
    ]
    ordered = [card["edition"] for card in order_for_reader(cards, get_language() or "en")]
    return schemas.Resource(
        id=work_id,
        title=ordered[0].title,
        url=permanent_address(work_id),
        languages=sorted({edition.language for edition in editions if edition.language}),
        editions=[_edition(edition, offer_of(edition, viewer)) for edition in ordered],
    )


def _edition(edition: ResourcePage, offer: Offer) -> schemas.Edition:
    original, source = edition.translation_of, edition.adapted_from_id
    return schemas.Edition(
        id=edition.edition_id,
        title=edition.title,
        abstract=edition.abstract,
        body=edition.body,
        language=edition.language,
        url=edition.full_url or "",
        institution=_institution(edition.institution),
        identifier=edition.identifier,
        resource_type=_named(edition.resource_type),
        subjects=_all_named(edition.subjects.all()),
        audience=_all_named(edition.audience.all()),
        age_min=edition.age_min,
        age_max=edition.age_max,
        keywords=[item.tag.name for item in edition.tagged_items.all()],
        licence=_licence(edition),
        access=edition.access,
        embargo_until=edition.embargo_until,
        credit_line=edition.credit_line,
        attribution=offer.attribution.text,
        contributors=as_lines(edition.contributors),
        year=edition.year,
        duration_minutes=edition.duration_minutes,
        group_size=edition.group_size,
        setting=_all_named(edition.setting.all()),
        cost=_named(edition.cost),
        materials=as_lines(edition.materials),
        learning_outcomes=as_lines(edition.learning_outcomes),
        accessibility=_all_named(edition.accessibility.all()),
        safety_note=edition.safety_note,
        external_url=edition.external_url,
        alternative_titles=edition.alternative_titles,
        translation_of=original.edition_id if original and _is_published(original) else None,
        adapted_from=source if source and selectors.published_works().filter(pk=source).exists() else None,
        published_at=edition.first_published_at,
        updated_at=edition.last_published_at,
        files=_files(edition, offer),
    )


def _files(edition: ResourcePage, offer: Offer) -> list[schemas.File]:
    checksums = {row.stored_object_id: row.stored_object.sha256 for row in edition.files.all()}
    return [_file(line, offer, checksums[line.id]) for line in offer.files]


def _file(line: FileLine, offer: Offer, sha256: str) -> schemas.File:
    why, what_next = offer.why, offer.what_next
    if offer.decision.allowed and line.state == ObjectState.LOST:
        why, what_next = _("This file is not available at the moment. Its institution has been told."), ""
    elif offer.decision.allowed and line.state != ObjectState.VERIFIED:
        why, what_next = _("This file is still being checked, or did not pass its checks."), ""
    return schemas.File(
        id=line.id,
        name=line.name,
        caption=line.caption,
        alt_text=line.alt_text,
        size=line.size,
        type=line.content_type,
        sha256=sha256,
        download_url=f"{settings.SITE_URL}{line.url}" if line.url else None,
        why=why,
        what_next=what_next,
    )


def _is_published(edition: ResourcePage) -> bool:
    return selectors.published_editions().filter(pk=edition.pk).exists()


def _institution(institution: Institution) -> schemas.Institution:
    page = getattr(institution, "page", None)
    return schemas.Institution(
        slug=institution.slug,
        name=institution.name_in(get_language() or "en"),
        country=institution.country,
        url=(page.full_url if page else None) or "",
    )


def _licence(edition: ResourcePage) -> schemas.Licence | None:
    licence = edition.licence
    if licence is None:
        return None
    return schemas.Licence(
        slug=licence.slug,
        label=licence.label(),
        url=licence.url,
        summary=licence.summary(),
        may_share=licence.may_share,
        may_adapt=licence.may_adapt,
        may_translate=licence.may_translate,
        may_use_commercially=licence.may_use_commercially,
        must_share_alike=licence.must_share_alike,
        must_credit=licence.must_credit,
    )


def _named(term: Term | None) -> schemas.Named | None:
    return schemas.Named(slug=term.slug, label=term.label()) if term else None


def _all_named(terms: Iterable[Term]) -> list[schemas.Named]:
    return [schemas.Named(slug=term.slug, label=term.label()) for term in terms]
