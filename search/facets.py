"""The facets, in the order in which a reader meets them.

A facet is one object: its field in the index, what of an edition goes in, its choices' labels and their order
(search/facet_kinds.py). docs/howto/add-a-facet.md has the steps to add one.
"""

from collections.abc import Callable, Collection, Iterable

import langcodes
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from catalogue.models import Access, ResourcePage
from catalogue.vocabulary import Audience, Licence, ResourceType, Subject, Term
from core.languages import country_name, language_name
from members.models import Institution
from search.facet_kinds import Choice, Facet, Order, RangeFacet, Rows, Span, range_facet
from search.ranges_in_words import ages_in_words, minutes_in_words

OLDEST_AGE = 120
LONGEST_MINUTES = 10_000_000
"""As long as an import takes (exchange/record_fields.py)."""

AGE_BANDS = ("0-5", "6-8", "9-11", "12-14", "15-17", "18-")
DURATION_BANDS = ("0-15", "15-30", "30-60", "60-120", "120-240", "240-")
"""What takes exactly half an hour is found under both that begin or end there, as a reader of either would wish."""


def _rows_of(vocabulary: type[Term]) -> Callable[[], Rows]:
    return lambda: list(vocabulary.objects.values_list("slug", "labels", "position"))


def _terms(rows: Rows, values: Collection[str], language: str) -> dict[str, Choice]:
    return {slug: Choice(labels.get(language) or labels.get("en") or slug, position) for slug, labels, position in rows if slug in values}


def _known_terms(vocabulary: type[Term]) -> Callable[[Collection[str]], set[str]]:
    def known(values: Collection[str]) -> set[str]:
        return set(vocabulary.objects.filter(slug__in=values).values_list("slug", flat=True))

    return known


def _subject_rows() -> Rows:
    return list(Subject.objects.order_by("position", "slug").values_list("pk", "parent_id", "slug", "labels"))


def _subject_tree(rows: Rows, values: Collection[str], language: str) -> dict[str, Choice]:
    """Number the tree of subjects as a reader meets it: each term before those below it, and never one without those above it."""
    terms, above = {}, {}
    below: dict[int | None, list[int]] = {}
    for pk, parent_id, slug, labels in rows:
        terms[pk], above[pk] = (slug, labels), parent_id
        below.setdefault(parent_id, []).append(pk)
    offered: set[int | None] = set()
    for pk, (slug, _labels) in terms.items():
        term: int | None = pk if slug in values else None
        while term is not None and term not in offered:
            offered.add(term)
            term = above[term]
    choices: dict[str, Choice] = {}
    waiting = [(pk, 0) for pk in reversed(below.get(None, []))]
    while waiting:
        pk, depth = waiting.pop()
        slug, labels = terms[pk]
        if pk in offered:
            choices[slug] = Choice(labels.get(language) or labels.get("en") or slug, len(choices), depth)
        waiting += [(child, depth + 1) for child in reversed(below.get(pk, []))]
    return choices


def _subjects_with_ancestors(edition: ResourcePage) -> list[str]:
    slugs = {term.slug for subject in edition.subjects.all() for term in (subject, *subject.ancestors())}
    return sorted(slugs)


def _ages(edition: ResourcePage) -> list[Span]:
    """Return the ages that an edition is for: those stated, else those of its audiences."""
    stated = [(edition.age_min, edition.age_max)]
    of_audiences = [(term.age_min, term.age_max) for term in edition.audience.all()]
    pairs = stated if stated != [(None, None)] else of_audiences
    return [Span(low or 0, high) for low, high in pairs if (low, high) != (None, None)]


def _minutes(edition: ResourcePage) -> list[Span]:
    minutes = edition.duration_minutes
    return [] if minutes is None else [Span(minutes, minutes)]


def _access_labels(_rows: Rows, values: Collection[str], language: str) -> dict[str, Choice]:
    with translation.override(language):
        return {access.value: Choice(str(access.label), position) for position, access in enumerate(Access) if access.value in values}


def _institution_rows() -> Rows:
    return list(Institution.objects.only("slug", "name", "names"))


def _institution_names(rows: Rows, values: Collection[str], language: str) -> dict[str, Choice]:
    return {institution.slug: Choice(institution.name_in(language)) for institution in rows if institution.slug in values}


def _known_languages(values: Collection[str]) -> set[str]:
    return {tag for tag in values if langcodes.tag_is_valid(tag) and langcodes.standardize_tag(tag) == tag}


def _known_countries(values: Collection[str]) -> set[str]:
    return {code for code in values if len(code) == 2 and code.isalpha() and code.isupper() and langcodes.tag_is_valid(f"und-{code}")}  # noqa: PLR2004 - ISO 3166-1 alpha-2


def _known_years(values: Collection[str]) -> set[str]:
    return {year for year in values if year.isascii() and year.isdigit() and len(year) == 4}  # noqa: PLR2004 - as stored


FACETS: tuple[Facet, ...] = (
    Facet(
        name="resource_type",
        label=_("Type"),
        order=Order.FREQUENT,
        values_of=lambda edition: [edition.resource_type.slug] if edition.resource_type else [],
        rows=_rows_of(ResourceType),
        choices=_terms,
        known=_known_terms(ResourceType),
    ),
    Facet(
        name="subject",
        label=_("Subject"),
        order=Order.VOCABULARY,
        values_of=_subjects_with_ancestors,
        rows=_subject_rows,
        choices=_subject_tree,
        known=_known_terms(Subject),
    ),
    Facet(
        name="language",
        label=_("Language"),
        order=Order.FREQUENT,
        values_of=lambda edition: [edition.language] if edition.language else [],
        choices=lambda _rows, values, language: {tag: Choice(language_name(tag, language)) for tag in values},
        known=_known_languages,
    ),
    Facet(
        name="audience",
        label=_("Audience"),
        order=Order.VOCABULARY,
        values_of=lambda edition: sorted(term.slug for term in edition.audience.all()),
        rows=_rows_of(Audience),
        choices=_terms,
        known=_known_terms(Audience),
    ),
    range_facet(
        name="age",
        label=_("Age"),
        limit=OLDEST_AGE,
        unit=_("years"),
        bands=AGE_BANDS,
        spans_of=_ages,
        in_words=ages_in_words,
    ),
    range_facet(
        name="duration",
        label=_("Duration"),
        limit=LONGEST_MINUTES,
        unit=_("minutes"),
        bands=DURATION_BANDS,
        spans_of=_minutes,
        in_words=minutes_in_words,
    ),
    Facet(
        name="licence",
        label=_("Licence"),
        order=Order.FREQUENT,
        values_of=lambda edition: [edition.licence.slug] if edition.licence else [],
        rows=_rows_of(Licence),
        choices=_terms,
        known=_known_terms(Licence),
    ),
    Facet(
        name="access",
        label=_("Who gets the files"),
        order=Order.VOCABULARY,
        values_of=lambda edition: [edition.access],
        choices=_access_labels,
        known=lambda values: {value for value in values if value in Access.values},
    ),
    Facet(
        name="institution",
        label=_("Institution"),
        order=Order.FREQUENT,
        values_of=lambda edition: [edition.institution.slug],
        rows=_institution_rows,
        choices=_institution_names,
        known=lambda values: set(Institution.objects.filter(slug__in=values).values_list("slug", flat=True)),
    ),
    Facet(
        name="country",
        label=_("Country"),
        order=Order.FREQUENT,
        values_of=lambda edition: [edition.institution.country],
        choices=lambda _rows, values, language: {code: Choice(country_name(code, language)) for code in values},
        known=_known_countries,
    ),
    Facet(
        name="year",
        label=_("Year"),
        order=Order.NEWEST,
        values_of=lambda edition: [str(edition.year)] if edition.year else [],
        choices=lambda _rows, values, _language: {year: Choice(year, -int(year)) for year in _known_years(values)},
        known=_known_years,
    ),
)

FACETS_BY_NAME = {facet.name: facet for facet in FACETS}
RANGE_FACETS: tuple[RangeFacet, ...] = tuple(facet for facet in FACETS if isinstance(facet, RangeFacet))


def rows_of_facets(names: Iterable[str] = FACETS_BY_NAME) -> dict[str, Rows]:
    """Read what labels are made of, by facet."""
    return {name: FACETS_BY_NAME[name].rows() for name in names}
