"""Resources: the search, and one whole record."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Query, Router

from catalogue import selectors
from core import clock
from core.errors import NotFoundError
from exchange.api import schemas, whole_record
from exchange.api.errors import MOST_NAMED, BadParametersError, refuse_unknown_parameters
from members.viewer import Viewer
from search.services import check_selections, last_page_within_reach, search, walk
from search.types import Hit, SearchRequest, SearchResults
from sharing.offer import permanent_address

FACETS = (
    "resource_type",
    "subject",
    "language",
    "audience",
    "age",
    "duration",
    "licence",
    "access",
    "institution",
    "country",
    "year",
)
EXAMPLES = 10
WALK_BEGINS = "*"

router = Router(tags=["resources"])
ERRORS = dict.fromkeys((400, 404, 503), schemas.Problem)


@router.get("", response={200: schemas.ResourceList, **ERRORS}, summary="Search the catalogue")
def list_resources(request: HttpRequest, query: Query[schemas.ResourceQuery]) -> schemas.ResourceList:
    """Return one page of the works that match, with counts for every facet; or, with `cursor`, all of them bit by bit."""
    refuse_unknown_parameters(request, schemas.ResourceQuery)
    asked = _asked(query)
    if query.cursor:
        return _walked(asked, query.cursor, [name for name in ("page", "sort") if name in request.GET])
    last = last_page_within_reach(query.page_size)
    if query.page > last:
        sentence = _("Only pages 1 to %(last)d can be asked for. “cursor=*” goes through all results.") % {"last": last}
        raise BadParametersError([{"parameter": "page", "detail": sentence}])
    results = search(asked)
    if query.page > max(results.pages, 1):
        raise NotFoundError(
            _("There is no page %(page)s: the last one is %(pages)s.") % {"page": query.page, "pages": max(results.pages, 1)}
        )
    return _listed(results)


def _asked(query: schemas.ResourceQuery) -> SearchRequest:
    selections = {name: tuple(dict.fromkeys(values)) for name in FACETS if (values := getattr(query, name))}
    _known, unknown = check_selections(selections)
    if unknown:
        raise BadParametersError(_unknown_values(unknown))
    since = clock.parse_day(query.published_since)
    if query.published_since and since is None:
        sentence = _("“%(parameter)s” must be a date like 2026-11-03.") % {"parameter": "published_since"}
        raise BadParametersError([{"parameter": "published_since", "detail": sentence}])
    return SearchRequest(
        q=query.q,
        words_only=query.words_only,
        selections=selections,
        since=since,
        sort=query.sort,
        page=query.page,
        page_size=query.page_size,
        language=get_language() or "en",
    )


def _walked(asked: SearchRequest, cursor: str, too_much: list[str]) -> schemas.ResourceList:
    """Return the next works after a cursor, which is the id of a work: whatever somebody makes of it is a place in the order of ids."""
    if too_much:
        sentence = _("“%(parameter)s” cannot be used together with “cursor”, which goes through all results in an order of its own.")
        raise BadParametersError([{"parameter": name, "detail": sentence % {"parameter": name}} for name in too_much])
    try:
        after = None if cursor == WALK_BEGINS else UUID(cursor)
    except ValueError as error:
        sentence = _("“cursor” must be “*”, to begin with, or the “next_cursor” of the answer before.")
        raise BadParametersError([{"parameter": "cursor", "detail": sentence}]) from error
    stretch = walk(asked, after)
    return schemas.ResourceList(
        count=stretch.count,
        page=None,
        pages=None,
        results=[_summary(hit) for hit in stretch.hits],
        facets={},
        suggestion=None,
        next_cursor=str(stretch.last) if stretch.last else None,
    )


@router.get("/{uuid:resource_id}", response={200: schemas.Resource, **ERRORS}, summary="One resource with its editions and files")
def get_resource(request: HttpRequest, resource_id: UUID) -> schemas.Resource | HttpResponse:
    """Return the whole record. An address of a work that was merged into another leads on to that."""
    editions = list(selectors.work_editions(resource_id))
    if editions:
        return whole_record.resource(resource_id, editions, Viewer.of(request.user))
    current = selectors.current_work_id(resource_id)
    if current != resource_id and selectors.work_editions(current).exists():
        return HttpResponsePermanentRedirect(reverse("api-v1:get_resource", args=[current]))
    raise NotFoundError(_("There is no published resource with this id."))


def _unknown_values(unknown: Mapping[str, Sequence[str]]) -> list[dict[str, object]]:
    """Name the values, and some that the catalogue has; of very many the first."""
    in_use = {facet.name: [choice.value for choice in facet.values[:EXAMPLES]] for facet in search(SearchRequest(page_size=1)).facets}
    pairs = [(name, value) for name, values in unknown.items() for value in values][:MOST_NAMED]
    return [_unknown_value(name, value, in_use.get(name, [])) for name, value in pairs]


def _unknown_value(name: str, value: str, examples: list[str]) -> dict[str, object]:
    shown = value if len(value) <= 100 else f"{value[:99]}…"  # noqa: PLR2004 - a line
    sentence = _("“%(value)s” is not a known value of “%(parameter)s”.") % {"value": shown, "parameter": name}
    if examples:
        sentence += " " + _("Known are, among others: %(examples)s.") % {"examples": ", ".join(examples)}
    return {"parameter": name, "detail": sentence, "value": shown, "known": examples}


def _listed(results: SearchResults) -> schemas.ResourceList:
    return schemas.ResourceList(
        count=results.count,
        page=results.page,
        pages=results.pages,
        results=[_summary(hit) for hit in results.hits],
        facets={
            facet.name: [
                schemas.FacetValue(value=choice.value, label=choice.label, count=choice.count, selected=choice.selected)
                for choice in facet.values
            ]
            for facet in results.facets
        },
        suggestion=results.suggestion,
        next_cursor=None,
    )


def _summary(hit: Hit) -> schemas.ResourceSummary:
    return schemas.ResourceSummary(
        id=hit.id,
        title=hit.title,
        abstract=hit.abstract,
        url=permanent_address(hit.id),
        institution=hit.institution,
        country=hit.country,
        resource_type=hit.resource_type,
        subjects=list(hit.subjects),
        languages=list(hit.languages),
        editions=[
            schemas.EditionSummary(
                id=edition.id,
                language=edition.language,
                title=edition.title,
                url=f"{settings.SITE_URL}{edition.path}",
                outdated=edition.outdated,
            )
            for edition in hit.editions
        ],
        licence=hit.licence,
        access=hit.access,
        year=hit.year,
        highlight=hit.highlight,
        matched_by=list(hit.matched_by),
        meaning_language=hit.meaning_language,
    )
