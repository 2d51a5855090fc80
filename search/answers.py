"""From Elasticsearch's answer to search.types: hits with labels in the reader's language, facets with their choices."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import get_language

from catalogue.focal_point import FocalPoint
from catalogue.translations import EditionLink
from core import clock
from members.viewer import ANONYMOUS
from search.choosing import order_for_reader, satisfies
from search.facet_kinds import Choice, Facet, Order, Rows
from search.facets import FACETS, FACETS_BY_NAME, rows_of_facets
from search.mapping import HIGHLIGHTED
from search.queries import MARK_AFTER, MARK_BEFORE
from search.types import FacetResult, FacetValue, Hit, SearchRequest
from sharing.policies import Action, Standing, Terms, may

BETWEEN_PASSAGES = " … "
LABELS_OF_A_HIT = ("resource_type", "licence")

Labels = Mapping[str, Mapping[str, str]]
"""By facet, by value."""


def hits_of(response: Mapping[str, Any], request: SearchRequest, rows: Mapping[str, Rows] | None = None) -> tuple[Hit, ...]:
    """Return the hits of a page, each shown by the edition that suits the reader best; `rows` (rows_of_facets) where they are at hand."""
    if rows is None:
        rows = rows_of_facets(LABELS_OF_A_HIT)
    found = [_chosen(hit, request) for hit in response["hits"]["hits"]]
    labels = {name: _labels(name, rows[name], {hit.card[name] for hit in found}, request.language) for name in LABELS_OF_A_HIT}
    return tuple(_hit(hit, request=request, labels=labels) for hit in found)


def _labels(name: str, rows: Rows, values: set[str], language: str) -> dict[str, str]:
    return {value: choice.label for value, choice in FACETS_BY_NAME[name].choices(rows, values, language).items()}


def facets_of(response: Mapping[str, Any], request: SearchRequest, rows: Mapping[str, Rows]) -> tuple[FacetResult, ...]:
    """Return every facet in its order, with labels from `rows`; a selected value is there even where nothing is left of it."""
    whole = response["aggregations"]
    narrowed = whole.get("editions", {})
    results = []
    for facet in FACETS:
        branch = whole if facet.name in whole else narrowed.get(facet.name) or narrowed["unselected"]
        results.append(_facet_result(facet, facet.counted(branch), request, rows[facet.name]))
    return tuple(results)


def _facet_result(facet: Facet, counts: dict[str, int], request: SearchRequest, rows: Rows) -> FacetResult:
    selected = request.selections.get(facet.name, ())
    counts = {**dict.fromkeys(selected, 0), **counts}
    choices = facet.choices(rows, counts.keys(), request.language)
    counts = {**dict.fromkeys(choices, 0), **counts}
    values = [
        FacetValue(
            value=value,
            label=choice.label,
            count=count,
            selected=value in selected,
            depth=choice.depth,
        )
        for value, count in counts.items()
        for choice in [choices.get(value) or Choice(value)]
    ]
    if facet.order is Order.FREQUENT:
        values.sort(key=lambda value: (-value.count, value.label.casefold(), value.value))
    else:
        values.sort(key=lambda value: ((choices.get(value.value) or Choice(value.value)).position, value.value))
    return FacetResult(name=facet.name, label=str(facet.label), values=tuple(values))


@dataclass(frozen=True, slots=True)
class _Found:
    """What of a hit is shown: the card of one edition, its passages, and why it was found."""

    work: Mapping[str, Any]
    card: Mapping[str, Any]
    highlight: str | None
    title_highlight: str | None
    matched_by: tuple[str, ...]
    meaning_language: str | None


def _chosen(hit: Mapping[str, Any], request: SearchRequest) -> _Found:
    """Choose the edition to show: of those selected, one that holds the words, by the reader's language."""
    editions = hit["_source"]["editions"]
    passages = {editions[inner["_nested"]["offset"]]["card"]["edition_id"]: inner for inner in _inner(hit, "words")}
    closest = next((editions[inner["_nested"]["offset"]]["card"] for inner in _inner(hit, "meaning")), None)
    selected = [edition["card"] for edition in editions if satisfies(edition, request)]
    with_words = [card for card in selected if card["edition_id"] in passages]
    card = order_for_reader(with_words or selected or [edition["card"] for edition in editions], request.language)[0]
    return _Found(
        work=hit["_source"],
        card=card,
        highlight=_highlight(passages.get(card["edition_id"])),
        title_highlight=_title_highlight(passages.get(card["edition_id"]), card["title"]),
        matched_by=(("words",) if passages else ()) + (("meaning",) if closest else ()),
        meaning_language=closest["language"] if closest else None,
    )


def _inner(hit: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    return hit.get("inner_hits", {}).get(name, {}).get("hits", {}).get("hits", [])


def _highlight(inner: Mapping[str, Any] | None) -> str | None:
    """Return the passages of the best field that has any, as HTML that Elasticsearch escaped, save for its <mark>s."""
    fields = (inner or {}).get("highlight", {})
    for name in HIGHLIGHTED:
        fragments = [fragment for field, parts in fields.items() if field.startswith(f"editions.{name}.") for fragment in parts]
        if fragments:
            return BETWEEN_PASSAGES.join(dict.fromkeys(fragments))
    return None


def _title_highlight(inner: Mapping[str, Any] | None, title: str) -> str | None:
    """Return the title with its <mark>s; alternative titles are searched, too, and are not what is shown."""
    fields = (inner or {}).get("highlight", {})
    marked = [part for field, parts in fields.items() if field.startswith("editions.title.") for part in parts]
    shown = escape(title)
    return next((part for part in marked if part.replace(MARK_BEFORE, "").replace(MARK_AFTER, "") == shown), None)


def _hit(found: _Found, *, request: SearchRequest, labels: Labels) -> Hit:
    card, work = found.card, found.work
    names = card["institution_names"]
    published = {edition["card"]["edition_id"]: edition["published"] for edition in work["editions"]}
    editions = {
        other["edition_id"]: _edition_link(other)
        for other in order_for_reader((edition["card"] for edition in work["editions"]), request.language)
    }
    return Hit(
        id=UUID(work["work_id"]),
        edition_id=UUID(card["edition_id"]),
        title=card["title"],
        abstract=card["abstract"],
        language=card["language"],
        path=_path(card),
        institution=card["institution"],
        institution_name=names.get(request.language) or names["en"],
        country=card["country"],
        resource_type=card["resource_type"],
        resource_type_label=labels["resource_type"].get(card["resource_type"], card["resource_type"]),
        subjects=tuple(card["subjects"]),
        languages=tuple(dict.fromkeys(edition["card"]["language"] for edition in work["editions"])),
        editions=tuple(editions.values()),
        licence=card["licence"],
        licence_label=labels["licence"].get(card["licence"], card["licence"]),
        access=card["access"],
        year=card["year"],
        published_on=clock.day_of(dt.datetime.fromisoformat(published[card["edition_id"]])),
        newer_source=editions.get(_newer_source(card) or ""),
        thumbnail_id=_thumbnail(card),
        focal_point=_focal_point(card),
        highlight=found.highlight,
        title_highlight=found.title_highlight,
        matched_by=found.matched_by,
        meaning_language=found.meaning_language,
    )


def _edition_link(card: Mapping[str, Any]) -> EditionLink:
    return EditionLink(
        id=UUID(card["edition_id"]),
        language=card["language"],
        title=card["title"],
        path=_path(card),
        outdated=_newer_source(card) is not None,
    )


def _newer_source(card: Mapping[str, Any]) -> str | None:
    source: str | None = card.get("newer_source")  # a card written before there was such a thing has none
    return source


def _path(card: Mapping[str, Any]) -> str:
    return _address(card["path"], get_language())


@lru_cache(maxsize=4096)
def _address(path: str, _language: str | None) -> str:
    """Return the address of a page in the active language; a list of results has hundreds, most of them again and again."""
    return reverse("wagtail_serve", args=(path,))


def _thumbnail(card: Mapping[str, Any]) -> UUID | None:
    """Return the object whose thumbnail anybody may see today: an embargo ends without a change in the index."""
    if card["thumbnail_id"] is None:
        return None
    terms = Terms(
        institution_id=UUID(card["institution_id"]),
        standing=Standing.PUBLISHED,
        access=card["access"],
        embargo_until=dt.date.fromisoformat(card["embargo_until"]) if card["embargo_until"] else None,
    )
    return UUID(card["thumbnail_id"]) if may(ANONYMOUS, Action.PREVIEW, terms, today=clock.today()).allowed else None


def _focal_point(card: Mapping[str, Any]) -> FocalPoint:
    return FocalPoint(*(card.get("focal_point") or ()))  # a card without a picture, or from before there was such a thing, has none
