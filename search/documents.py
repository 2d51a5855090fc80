"""The document of a work, as the index holds it: built whole from the database each time, never changed in part."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict, cast
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError
from wagtail.models import Site
from wagtail.rich_text import get_text_for_indexing

from catalogue.fields import as_lines
from catalogue.focal_point import FocalPoint
from catalogue.models import ResourcePage
from catalogue.selectors import published_editions
from catalogue.translations import newer_source
from catalogue.vocabulary import Subject, Term
from core.languages import country_name
from media import selectors as media_selectors
from media.models import DerivedFile
from search.analysis import key_of
from search.choosing import order_for_reader
from search.facets import FACETS
from search.file_words import file_words
from search.vectors import Text, remembered, texts_of

INTERFACE_LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
PUNCTUATION_BEFORE_TITLES = " \t\n\"'«»“”„‘’‚‹›()[]¿¡「」『』《》…-–—"


class Card(TypedDict):
    """What a result shows of an edition; kept in the index, never searched. Labels are added when a reader asks.

    `newer_source` is the edition it was translated from, where that has changed since.
    """

    edition_id: str
    title: str
    abstract: str
    language: str
    path: str
    institution: str
    institution_id: str
    institution_names: dict[str, str]
    country: str
    resource_type: str
    subjects: list[str]
    licence: str
    access: str
    embargo_until: str | None
    year: int | None
    thumbnail_id: str | None
    focal_point: FocalPoint | None
    original: bool
    newer_source: str | None


class Passage(TypedDict):
    """What is compared with a question's meaning: the vector of title with abstract, or of a piece of a longer text or a file."""

    vector: list[float]
    is_summary: bool


class EditionDocument(TypedDict, total=False):
    """An edition within its work, without the fields of the facets (search/facets.py), which are added to it by name.

    Texts map an analysis key (search/analysis.py) to texts.
    """

    edition_id: str
    published: str
    sort_title: str
    card: Card
    tag: list[str]
    title: dict[str, list[str]]
    labels: dict[str, list[str]]
    names: dict[str, list[str]]
    abstract: dict[str, list[str]]
    body: dict[str, list[str]]
    files: dict[str, list[str]]
    passages: list[Passage]


class WorkDocument(TypedDict):
    """A work with its published editions; a tombstone (`visible` false, no editions) where it has none."""

    work_id: str
    visible: bool
    editions: list[EditionDocument]
    lacks_meaning: NotRequired[bool]
    sort_title: NotRequired[dict[str, str]]


@dataclass(frozen=True, slots=True)
class About:
    """What is known of the files of some editions: which stored objects have a thumbnail, and by page id the words to be found."""

    thumbnails: Collection[UUID]
    words: Mapping[int, Sequence[str]]


def tombstone(work_id: UUID) -> WorkDocument:
    """Return what stands in the index for a work without a published edition, so that no late write can bring it back."""
    return {"work_id": str(work_id), "visible": False, "editions": []}


def warm_up() -> None:
    """Load the names of countries, which takes a second the first time: no publish shall wait for it."""
    country_name("KE", INTERFACE_LANGUAGES[0])


def load_documents(work_ids: Collection[UUID]) -> dict[UUID, WorkDocument | Exception]:
    """Read works from the database and return each one's document, a tombstone for what is not published.

    A work whose document cannot be built has the exception in its place: it must not hold up the others.
    """
    editions: dict[UUID, list[ResourcePage]] = {work_id: [] for work_id in work_ids}
    for edition in published_editions().filter(work_id__in=list(work_ids)).order_by("pk"):
        editions[edition.work_id].append(edition)
    found = [edition for group in editions.values() for edition in group]
    _attach_ancestors(found)
    objects = [file.stored_object_id for edition in found for file in edition.files.all()]
    about = About(media_selectors.derived_files(objects, DerivedFile.Kind.THUMBNAIL).keys(), file_words(found))
    built = {work_id: _built(work_id, group, about) for work_id, group in editions.items()}
    _attach_vectors([work for work in built.values() if not isinstance(work, Exception)])
    return {work_id: work if isinstance(work, Exception) else work[0] for work_id, work in built.items()}


Built = tuple[WorkDocument, list[list[Text]]]
"""A document, and for each of its editions the texts whose vectors it is to have."""


def _attach_vectors(works: Sequence[Built]) -> None:
    """Give editions the vectors that are known; a work of which one is still to be made says so."""
    known = remembered({text for _document, texts in works for group in texts for text in group})
    for document, texts in works:
        for edition, group in zip(document["editions"], texts, strict=True):
            vectors = [known.get(text) for text in group]
            edition["passages"] = [{"vector": vector, "is_summary": place == 0} for place, vector in enumerate(vectors) if vector]
            if not known.keys() >= set(group):
                document["lacks_meaning"] = True


def _built(work_id: UUID, editions: Sequence[ResourcePage], about: About) -> Built | Exception:
    try:
        return work_document(work_id, editions, about), [texts_of(edition, about.words.get(edition.pk, ())) for edition in editions]
    except (InterfaceError, OperationalError):
        raise  # the database is away: no fault of the work
    except Exception as error:  # noqa: BLE001 - kept beside the work's row, where an operator finds it
        return error


def work_document(work_id: UUID, editions: Sequence[ResourcePage], about: About) -> WorkDocument:
    """Return the document of a work with these published editions."""
    if not editions:
        return tombstone(work_id)
    documents = [_edition_document(edition, editions, about) for edition in editions]
    cards = [document["card"] for document in documents]
    return {
        "work_id": str(work_id),
        "visible": True,
        "editions": documents,
        "sort_title": {code: _sort_title(order_for_reader(cards, code)[0]["title"]) for code in INTERFACE_LANGUAGES},
    }


def _edition_document(edition: ResourcePage, editions: Sequence[ResourcePage], about: About) -> EditionDocument:
    key = key_of(edition.language)
    document: EditionDocument = {
        "edition_id": str(edition.edition_id),
        "published": published_at(edition).isoformat(),
        "sort_title": _sort_title(edition.title),
        "card": _card(edition, newer_source(edition, editions), about.thumbnails),
        "tag": sorted(item.tag.name for item in edition.tagged_items.all()),
        "title": _by_key([(edition.language, edition.title), *edition.alternative_titles.items()]),
        "labels": _by_key(
            [
                *((edition.language, item.tag.name) for item in edition.tagged_items.all()),
                *((language, label) for term in _terms(edition) for language, label in term.labels.items()),
            ]
        ),
        "names": {key: _names(edition)},
        "abstract": {key: [edition.abstract]},
        "body": {
            key: [
                get_text_for_indexing(edition.body),
                *as_lines(edition.learning_outcomes),
                *as_lines(edition.materials),
            ]
        },
    }
    if words := about.words.get(edition.pk):
        document["files"] = {key: list(words)}
    for_facets = {name: values for facet in FACETS for name, values in facet.stored(edition).items()}
    return cast("EditionDocument", {**document, **for_facets})


def _card(edition: ResourcePage, source: ResourcePage | None, thumbnails: Collection[UUID]) -> Card:
    pictured = next((file for file in edition.files.all() if file.stored_object_id in thumbnails), None)
    institution = edition.institution
    return {
        "edition_id": str(edition.edition_id),
        "title": edition.title,
        "abstract": edition.abstract,
        "language": edition.language,
        "path": path_below_site(edition.url_path),
        "institution": institution.slug,
        "institution_id": str(institution.pk),
        "institution_names": {code: institution.name_in(code) for code in INTERFACE_LANGUAGES},
        "country": institution.country,
        "resource_type": edition.resource_type.slug if edition.resource_type else "",
        "subjects": [subject.slug for subject in edition.subjects.all()],
        "licence": edition.licence.slug if edition.licence else "",
        "access": edition.access,
        "embargo_until": edition.embargo_until.isoformat() if edition.embargo_until else None,
        "year": edition.year,
        "thumbnail_id": str(pictured.stored_object_id) if pictured else None,
        "focal_point": pictured.focal_point if pictured else None,
        "original": edition.translation_of_id is None,
        "newer_source": str(source.edition_id) if source else None,
    }


def _terms(edition: ResourcePage) -> Iterable[Term]:
    """Yield the terms by whose labels an edition is found; a subject also by those above it."""
    if edition.resource_type:
        yield edition.resource_type
    yield from edition.audience.all()
    for subject in edition.subjects.all():
        yield subject
        yield from subject.ancestors()


def _names(edition: ResourcePage) -> list[str]:
    institution = edition.institution
    countries = {country_name(institution.country, code) for code in INTERFACE_LANGUAGES}
    return [institution.name, *sorted({*institution.names.values(), *countries}), institution.city, *as_lines(edition.contributors)]


def _by_key(texts: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Group texts by the analysis that fits their language tag, each once."""
    grouped: dict[str, dict[str, None]] = {}
    for language, text in texts:
        if text:
            grouped.setdefault(key_of(language), {})[text] = None
    return {key: list(group) for key, group in grouped.items()}


def published_at(edition: ResourcePage) -> dt.datetime:
    """Return when an edition was first published."""
    published: dt.datetime = edition.first_published_at or edition.work.created_at
    return published


def _sort_title(title: str) -> str:
    return title.strip(PUNCTUATION_BEFORE_TITLES) or title


def path_below_site(url_path: str) -> str:
    """Return the path of a page as `wagtail_serve` takes it: without the site's root and without a language."""
    roots = [root.root_path for root in Site.get_site_root_paths()]
    root = next((path for path in roots if url_path.startswith(path)), "/")
    return url_path[len(root) :]


def _attach_ancestors(editions: Iterable[ResourcePage]) -> None:
    """Give each subject its parents from one reading of the tree, so that `ancestors()` asks the database nothing."""
    tree = {subject.pk: subject for subject in Subject.objects.all()}
    for subject in tree.values():
        subject.parent = tree[subject.parent_id] if subject.parent_id else None
    for edition in editions:
        for subject in edition.subjects.all():
            subject.parent = tree[subject.parent_id] if subject.parent_id else None
