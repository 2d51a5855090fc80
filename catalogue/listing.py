"""The catalogue read from the database alone: what the front page, the plain listing and the institutions' pages show.

A work is shown by the published edition that suits the reader best: in the language of the interface, else English, else the original.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import get_language

from catalogue.models import InstitutionPage, ResourcePage, Work
from catalogue.selectors import VISIBLE, published_editions, published_institutions
from catalogue.translations import EditionLink, newer_source
from catalogue.vocabulary import ResourceType, Subject
from core import clock
from core.languages import country_name
from members.models import Institution, User
from members.visits import day_of_visit_before

WORKS_PER_PAGE = 24


@dataclass(frozen=True, slots=True)
class Card:
    """A work in a list, with the names that its card (templatetags/cards.py) reads; `editions` and their `languages` are all it has."""

    # What search.types.Hit says of why it was found; nobody searched for this one.
    highlight: ClassVar[str | None] = None
    title_highlight: ClassVar[str | None] = None
    matched_by: ClassVar[tuple[str, ...]] = ()
    meaning_language: ClassVar[str | None] = None

    edition: ResourcePage
    editions: tuple[EditionLink, ...]
    newer_source: EditionLink | None
    institution_name: str

    @property
    def edition_id(self) -> UUID:
        return self.edition.edition_id

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(sorted({edition.language for edition in self.editions}))

    @property
    def published_on(self) -> dt.date | None:
        return clock.day_of(self.edition.first_published_at) if self.edition.first_published_at else None

    @property
    def title(self) -> str:
        return str(self.edition.title)

    @property
    def abstract(self) -> str:
        return self.edition.abstract

    @property
    def language(self) -> str:
        return self.edition.language

    @property
    def country(self) -> str:
        return self.edition.institution.country

    @property
    def resource_type(self) -> str:
        return self.edition.resource_type.slug if self.edition.resource_type else ""

    @property
    def resource_type_label(self) -> str:
        return self.edition.resource_type.label() if self.edition.resource_type else ""

    @property
    def licence_label(self) -> str:
        return self.edition.licence.label() if self.edition.licence else ""

    @property
    def access(self) -> str:
        return self.edition.access

    @property
    def year(self) -> int | None:
        return self.edition.year


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of works; `elided` are the page numbers to offer, with an ellipsis between."""

    cards: list[Card]
    page: "Page[Work]"
    elided: list[int | str]


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to browse: a term and the number of works behind it."""

    slug: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Country:
    """A country of the network with the pages of its institutions."""

    code: str
    name: str
    institutions: list[InstitutionPage]


@dataclass(frozen=True, slots=True)
class News:
    """What was first published since somebody's last visit: on that day or later, since it may have been after they left."""

    since: dt.date

    @property
    def count(self) -> int:
        """The number of works of which an edition is new."""
        new = Q(first_published_at__gte=clock.start_of(self.since))
        return ResourcePage.objects.filter(VISIBLE, new).values("work_id").distinct().count()


def news_for(person: object) -> News | None:
    """Return what is new for somebody who has an account and was here before; this notes their visit."""
    since = day_of_visit_before(person) if isinstance(person, User) else None
    return News(since) if since else None


def suits_best(editions: Sequence[ResourcePage], language: str | None = None) -> ResourcePage:
    """Return the edition to show to a reader of this interface language (today's by default); `editions` must not be empty."""
    return ordered_for_reader(editions, language)[0]


def ordered_for_reader(editions: Iterable[ResourcePage], language: str | None = None) -> list[ResourcePage]:
    """Return editions of a work, those that suit a reader of this interface language (today's by default) first."""
    wanted = (language or get_language() or "en").lower()

    def distance(edition: ResourcePage) -> tuple[int, bool, int]:
        tag = edition.language.lower()
        if tag == wanted:
            closeness = 0
        elif tag.partition("-")[0] == wanted.partition("-")[0]:
            closeness = 1
        elif tag.partition("-")[0] == "en":
            closeness = 2
        else:
            closeness = 3
        return closeness, edition.translation_of_id is not None, edition.pk

    return sorted(editions, key=distance)


def newest(limit: int) -> list[Card]:
    """Return the works whose latest edition was published last."""
    return _cards(_by_date(Q())[:limit])


def works(page: str | None, *, institution: Institution | None = None) -> Listing:
    """Return a page of works, newest first; a page that does not exist gives the nearest that does."""
    paginator = Paginator(_by_date(Q(editions__institution=institution) if institution else Q()), WORKS_PER_PAGE)
    number = paginator.get_page(page)
    shown = number.object_list
    return Listing(
        cards=_cards(shown, institution=institution),
        page=number,
        elided=list(paginator.get_elided_page_range(number.number, on_each_side=2, on_ends=1)),
    )


def types() -> list[Choice]:
    """Return the types that have published works, in the vocabulary's order."""
    found = ResourceType.objects.filter(pk__in=ResourcePage.objects.filter(VISIBLE).values("resource_type_id"))
    counts = _works_per("resource_type_id")
    return [Choice(term.slug, term.label(), counts[term.pk]) for term in found]


def top_subjects() -> list[Choice]:
    """Return the subjects at the top of the tree that have published works, themselves or below."""
    works_of: dict[int, set[UUID]] = {}
    for subject_id, work_id in ResourcePage.objects.filter(VISIBLE, subjects__isnull=False).values_list("subjects", "work_id").distinct():
        works_of.setdefault(subject_id, set()).add(work_id)
    terms = list(Subject.objects.all())
    parent_of = {term.pk: term.parent_id for term in terms}
    below: dict[int, set[UUID]] = {}
    for subject_id, found in works_of.items():
        top = subject_id
        while parent_of[top] is not None:
            top = parent_of[top]
        below.setdefault(top, set()).update(found)
    return [Choice(term.slug, term.label(), len(below[term.pk])) for term in terms if term.pk in below]


def countries() -> list[Country]:
    """Return the network by country, both in the alphabet of the reader's language."""
    pages = sorted(published_institutions(), key=lambda page: (country_name(page.institution.country), page.institution.name))
    return [Country(code, country_name(code), list(group)) for code, group in groupby(pages, key=lambda page: page.institution.country)]


def number_of_works() -> int:
    return ResourcePage.objects.filter(VISIBLE).values("work_id").distinct().count()


def number_of_languages() -> int:
    return ResourcePage.objects.filter(VISIBLE).values("language").distinct().count()


def _by_date(condition: Q) -> "QuerySet[Work]":
    visible = Q(editions__live=True, editions__institution__is_active=True, editions__institution__page__live=True) & condition
    latest = Max("editions__first_published_at", filter=visible)
    return Work.objects.filter(visible).annotate(latest=latest).order_by("-latest", "pk").distinct()


def _cards(found: Iterable[Work], institution: Institution | None = None) -> list[Card]:
    ids = [work.pk for work in found]
    editions: dict[UUID, list[ResourcePage]] = {}
    for edition in published_editions().filter(work_id__in=ids).order_by("pk"):
        editions.setdefault(edition.work_id, []).append(edition)
    language = get_language() or "en"
    return list(_make_cards(ids, editions, language, institution))


def _make_cards(
    ids: list[UUID], editions: dict[UUID, list[ResourcePage]], language: str, institution: Institution | None
) -> Iterator[Card]:
    for work_id in ids:
        own = [edition for edition in editions[work_id] if institution is None or edition.institution_id == institution.pk]
        edition = suits_best(own, language)
        links = {other.pk: _link(other, editions[work_id]) for other in ordered_for_reader(editions[work_id], language)}
        source = newer_source(edition, editions[work_id])
        yield Card(
            edition=edition,
            editions=tuple(links.values()),
            newer_source=links[source.pk] if source else None,
            institution_name=edition.institution.name_in(language),
        )


def _link(edition: ResourcePage, editions: Iterable[ResourcePage]) -> EditionLink:
    return EditionLink(
        id=edition.edition_id,
        language=edition.language,
        title=str(edition.title),
        path=edition.get_url() or "",
        outdated=newer_source(edition, editions) is not None,
    )


def _works_per(column: str) -> dict[int, int]:
    rows = ResourcePage.objects.filter(VISIBLE).order_by().values(column).annotate(number=Count("work_id", distinct=True))
    return {row[column]: row["number"] for row in rows}
