"""Resources: the search, and one whole record."""

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
from exchange.api.errors import BadParametersError, refuse_unknown_parameters
from members.viewer import Viewer
from search.services import check_selections, search
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

router = Router(tags=["resources"])
ERRORS = dict.fromkeys((400, 404, 503), schemas.Problem)


@router.get("", response={200: schemas.ResourceList, **ERRORS}, summary="Search the catalogue")
def list_resources(request: HttpRequest, query: Query[schemas.ResourceQuery]) -> schemas.ResourceList:
    """Return one page of the works that match, with counts for every facet."""
    refuse_unknown_parameters(request, schemas.ResourceQuery)
    selections = {name: tuple(dict.fromkeys(values)) for name in FACETS if (values := getattr(query, name))}
    _known, unknown = check_selections(selections)
    if unknown:
        raise BadParametersError([_unknown_value(name, value) for name, values in unknown.items() for value in values])
    since = clock.parse_day(query.published_since)
    if query.published_since and since is None:
        sentence = _("“%(parameter)s” must be a date like 2026-11-03.") % {"parameter": "published_since"}
        raise BadParametersError([{"parameter": "published_since", "detail": sentence}])
    results = search(
        SearchRequest(
            q=query.q,
            words_only=query.words_only,
            selections=selections,
            since=since,
            sort=query.sort,
            page=query.page,
            page_size=query.page_size,
            language=get_language() or "en",
        )
    )
    if query.page > max(results.pages, 1):
        raise NotFoundError(
            _("There is no page %(page)s: the last one is %(pages)s.") % {"page": query.page, "pages": max(results.pages, 1)}
        )
    return _listed(results)


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


def _unknown_value(name: str, value: str) -> dict[str, object]:
    """Name the value, and some that the catalogue has."""
    in_use = next((facet.values for facet in search(SearchRequest(page_size=1)).facets if facet.name == name), ())
    examples = [choice.value for choice in in_use[:EXAMPLES]]
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
