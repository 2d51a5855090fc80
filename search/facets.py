"""The facets. A facet is one object: its field in the index, what of an edition goes in, its choices' labels and their order.

docs/howto/add-a-facet.md has the steps to add one.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum

import langcodes
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalogue.models import Access, ResourcePage
from catalogue.vocabulary import Audience, Licence, ResourceType, Subject, Term
from core.languages import country_name, language_name
from members.models import Institution


class Order(StrEnum):
    """In which order a facet offers its choices."""

    FREQUENT = "frequent"
    VOCABULARY = "vocabulary"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Choice:
    """How a value is shown; `position` orders a vocabulary, `depth` is the level in its tree."""

    label: str
    position: int = 0
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow a search.

    `values_of` takes an edition's values for the index; `choices` shows values in an interface language (a value that it
    leaves out is shown as it is); `known` returns those of the given values that exist, in use or not.
    """

    name: str
    label: Promise
    order: Order
    values_of: Callable[[ResourcePage], list[str]]
    choices: Callable[[Collection[str], str], dict[str, Choice]]
    known: Callable[[Collection[str]], set[str]]

    @property
    def field(self) -> str:
        """The field of the edition in the index."""
        return f"editions.{self.name}"


def _terms(vocabulary: type[Term]) -> Callable[[Collection[str], str], dict[str, Choice]]:
    def choices(values: Collection[str], language: str) -> dict[str, Choice]:
        rows = vocabulary.objects.filter(slug__in=values).values_list("slug", "labels", "position")
        return {slug: Choice(labels.get(language) or labels.get("en") or slug, position) for slug, labels, position in rows}

    return choices


def _known_terms(vocabulary: type[Term]) -> Callable[[Collection[str]], set[str]]:
    def known(values: Collection[str]) -> set[str]:
        return set(vocabulary.objects.filter(slug__in=values).values_list("slug", flat=True))

    return known


def _subject_tree(values: Collection[str], language: str) -> dict[str, Choice]:
    """Number the tree of subjects as a reader meets it: each term before those below it."""
    rows = {pk: (slug, labels) for pk, slug, labels in Subject.objects.values_list("pk", "slug", "labels")}
    below: dict[int | None, list[int]] = {}
    for pk, parent_id in Subject.objects.order_by("position", "slug").values_list("pk", "parent_id"):
        below.setdefault(parent_id, []).append(pk)
    choices: dict[str, Choice] = {}
    waiting = [(pk, 0) for pk in reversed(below.get(None, []))]
    position = 0
    while waiting:
        pk, depth = waiting.pop()
        slug, labels = rows[pk]
        position += 1
        if slug in values:
            choices[slug] = Choice(labels.get(language) or labels.get("en") or slug, position, depth)
        waiting += [(child, depth + 1) for child in reversed(below.get(pk, []))]
    return choices


def _subjects_with_ancestors(edition: ResourcePage) -> list[str]:
    slugs = {term.slug for subject in edition.subjects.all() for term in (subject, *subject.ancestors())}
    return sorted(slugs)


def _access_labels(values: Collection[str], language: str) -> dict[str, Choice]:
    with translation.override(language):
        return {access.value: Choice(str(access.label), position) for position, access in enumerate(Access) if access.value in values}


def _institution_names(values: Collection[str], language: str) -> dict[str, Choice]:
    return {institution.slug: Choice(institution.name_in(language)) for institution in Institution.objects.filter(slug__in=values)}


def _known_languages(values: Collection[str]) -> set[str]:
    return {tag for tag in values if langcodes.tag_is_valid(tag) and langcodes.standardize_tag(tag) == tag}


def _known_countries(values: Collection[str]) -> set[str]:
    return {code for code in values if len(code) == 2 and code.isalpha() and code.isupper() and langcodes.tag_is_valid(f"und-{code}")}  # noqa: PLR2004 - ISO 3166-1 alpha-2


FACETS: tuple[Facet, ...] = (
    Facet(
        name="resource_type",
        label=_("Type"),
        order=Order.FREQUENT,
        values_of=lambda edition: [edition.resource_type.slug] if edition.resource_type else [],
        choices=_terms(ResourceType),
        known=_known_terms(ResourceType),
    ),
    Facet(
        name="subject",
        label=_("Subject"),
        order=Order.VOCABULARY,
        values_of=_subjects_with_ancestors,
        choices=_subject_tree,
        known=_known_terms(Subject),
    ),
    Facet(
        name="audience",
        label=_("Audience"),
        order=Order.VOCABULARY,
        values_of=lambda edition: sorted(term.slug for term in edition.audience.all()),
        choices=_terms(Audience),
        known=_known_terms(Audience),
    ),
    Facet(
        name="language",
        label=_("Language"),
        order=Order.FREQUENT,
        values_of=lambda edition: [edition.language] if edition.language else [],
        choices=lambda values, language: {tag: Choice(language_name(tag, language)) for tag in values},
        known=_known_languages,
    ),
    Facet(
        name="licence",
        label=_("Licence"),
        order=Order.FREQUENT,
        values_of=lambda edition: [edition.licence.slug] if edition.licence else [],
        choices=_terms(Licence),
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
        choices=_institution_names,
        known=lambda values: set(Institution.objects.filter(slug__in=values).values_list("slug", flat=True)),
    ),
    Facet(
        name="country",
        label=_("Country"),
        order=Order.FREQUENT,
        values_of=lambda edition: [edition.institution.country],
        choices=lambda values, language: {code: Choice(country_name(code, language)) for code in values},
        known=_known_countries,
    ),
    Facet(
        name="year",
        label=_("Year"),
        order=Order.NEWEST,
        values_of=lambda edition: [str(edition.year)] if edition.year else [],
        choices=lambda values, _language: {year: Choice(year, -int(year)) for year in values},
        known=lambda values: {year for year in values if year.isascii() and year.isdigit() and len(year) == 4},  # noqa: PLR2004 - as stored
    ),
)

FACETS_BY_NAME = {facet.name: facet for facet in FACETS}
