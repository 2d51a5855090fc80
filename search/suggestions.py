"""Help while typing: titles, subjects, institutions and keywords that begin with what was typed. docs/adr/0006-suggestions.md.

Titles and keywords come from the index of works itself, so they are there and gone exactly when their works are. The labels of
subjects and the names of institutions are few; they are matched here, and the index says how many works each would find.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from catalogue.selectors import published_institutions
from catalogue.vocabulary import Subject
from search import address
from search.asking import ask_together
from search.choosing import order_for_reader
from search.mapping import TAG, TAG_START, TITLE_START
from search.typed import LETTERS_FOR_A_TYPO, Closeness, Match, fold, is_without_spaces, match
from search.types import SearchRequest

MOST = 8
MOST_OF_ANOTHER_KIND = 2
"""Subjects, institutions and keywords; titles take what is left of MOST."""

LONGEST_TYPED = 100
SHORTEST_TYPED = 2
EDITIONS_OF_A_TITLE = 10
LABELS_COUNTED = 20
TAGS_LOOKED_AT = 200
"""The most used keywords of the works that have one that fits: where more do, these are the ones worth offering."""

ONE_TYPO = {"fuzziness": f"AUTO:{LETTERS_FOR_A_TYPO},{LONGEST_TYPED}", "prefix_length": 1, "max_expansions": 30}


class Kind(StrEnum):
    """What a suggestion is, in the order in which they are offered."""

    TITLE = "title"
    SUBJECT = "subject"
    INSTITUTION = "institution"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line to choose. `value` is the id of the work, the slug, or the keyword; `language` the tag of a title's edition.

    `count` is how many works carry it, 1 for a title. `spans` are the parts of the text that were typed.
    """

    kind: Kind
    text: str
    url: str
    value: str
    count: int
    language: str = ""
    spans: tuple[tuple[int, int], ...] = ()
    has_typo: bool = False

    @property
    def marked(self) -> SafeString:
        """The text as HTML, with <mark> around what was typed."""
        html, done = mark_safe(""), 0
        for start, end in self.spans:
            html += format_html("{}<mark>{}</mark>", self.text[done:start], self.text[start:end])
            done = end
        return html + format_html("{}", self.text[done:])


@dataclass(frozen=True, slots=True)
class _Label:
    """A subject or an institution that fits, under the name that fits best."""

    closeness: Closeness
    text: str
    value: str
    spans: tuple[tuple[int, int], ...]


def suggest(typed: str, language: str) -> tuple[Suggestion, ...]:
    """Return at most MOST suggestions for what was typed so far, grouped by kind; none for less than two letters.

    Only what is published is suggested. Raises SearchUnavailableError.
    """
    typed = " ".join(typed.split())
    shortest = 1 if is_without_spaces(typed) else SHORTEST_TYPED
    if len(typed) > LONGEST_TYPED or not shortest <= len(fold(typed)) <= LONGEST_TYPED:  # some characters fold into a whole sentence
        return ()
    subjects = _fitting(typed, language, Subject.objects.filter(is_active=True).values_list("slug", "labels"))
    institutions = _fitting(typed, language, _institution_names())
    titles, others = ask_together([_titles_body(typed, language), _others_body(typed, subjects, institutions)])
    counts = others["aggregations"]["editions"]
    others_found = [
        *_subjects(subjects, _works_by_value(counts["subject"])),
        *_institutions(institutions, _works_by_value(counts["institution"])),
        *_tags(typed, _works_by_value(counts["tag"]["tags"])),
    ]
    return _fitted_in(_titles(typed, language, titles), others_found)


def _fitted_in(titles: list[Suggestion], others: list[Suggestion]) -> tuple[Suggestion, ...]:
    """Put titles before the others, MOST in all; where anything was typed right, nothing that supposes a typo."""
    if any(not suggestion.has_typo for suggestion in titles + others):
        titles = [suggestion for suggestion in titles if not suggestion.has_typo]
        others = [suggestion for suggestion in others if not suggestion.has_typo]
    return (*titles[: MOST - len(others)], *others)


def _fitting(typed: str, language: str, named: Iterable[tuple[str, Mapping[str, str]]]) -> list[_Label]:
    """Return those of which a name fits, the best first; of a thing's names the best, of equals the reader's, then the English."""
    fitting = []
    for value, names in named:
        matches = []
        for tag, name in names.items():
            found = match(typed, name)
            if found:
                matches.append((found.closeness, tag != language, tag != "en", name, found.spans))
        if matches:
            closeness, _other, _not_english, name, spans = min(matches)
            fitting.append(_Label(closeness, name, value, spans))
    return sorted(fitting, key=lambda label: (label.closeness, len(label.text), label.text))


def _institution_names() -> Iterable[tuple[str, dict[str, str]]]:
    rows = published_institutions().values_list("institution__slug", "institution__name", "institution__names")
    return ((slug, {"": name, **names}) for slug, name, names in rows)


def _titles_body(typed: str, language: str) -> dict[str, Any]:
    """Ask for works by the beginnings of the words of a title; a title that begins so stands first, then the reader's language."""
    if is_without_spaces(typed):
        fits: dict[str, Any] = {"match_phrase": {TITLE_START: typed}}
    else:
        fits = {"match": {TITLE_START: {"query": typed, "operator": "and", **ONE_TYPO}}}
    better = [
        {"match": {TITLE_START: {"query": typed, "operator": "and", "boost": 2}}},
        {"prefix": {"editions.sort_title": {"value": typed, "boost": 8}}},
        {"prefix": {"editions.language": {"value": language.split("-", maxsplit=1)[0], "boost": 4}}},
    ]
    editions = {
        "path": "editions",
        "score_mode": "max",
        "query": {"bool": {"must": [fits], "should": better}},
        "inner_hits": {"size": EDITIONS_OF_A_TITLE, "_source": ["editions.card", "editions.title"]},
    }
    return {
        "query": {"bool": {"filter": [{"term": {"visible": True}}], "must": [{"nested": editions}]}},
        "size": MOST,
        "track_total_hits": False,
        "_source": ["work_id"],
    }


def _others_body(typed: str, subjects: Sequence[_Label], institutions: Sequence[_Label]) -> dict[str, Any]:
    """Count the works of subjects and institutions, and of the keywords that fit."""
    slugs = {
        "subject": [label.value for label in subjects[:LABELS_COUNTED]],
        "institution": [label.value for label in institutions[:LABELS_COUNTED]],
    }
    tags = {"match": {TAG_START: {"query": typed, "operator": "and", **ONE_TYPO}}}
    any_of = [tags, *({"terms": {f"editions.{name}": values}} for name, values in slugs.items() if values)]
    works: dict[str, Any] = {"works": {"reverse_nested": {}}}
    aggregations: dict[str, Any] = {
        name: {"terms": {"field": f"editions.{name}", "include": values, "size": LABELS_COUNTED}, "aggs": works}
        for name, values in slugs.items()
    }
    aggregations["tag"] = {"filter": tags, "aggs": {"tags": {"terms": {"field": TAG, "size": TAGS_LOOKED_AT}, "aggs": works}}}
    return {
        "query": {
            "bool": {"filter": [{"term": {"visible": True}}, {"nested": {"path": "editions", "query": {"bool": {"should": any_of}}}}]}
        },
        "aggs": {"editions": {"nested": {"path": "editions"}, "aggs": aggregations}},
        "size": 0,
    }


def _titles(typed: str, language: str, response: Mapping[str, Any]) -> list[Suggestion]:
    suggestions = []
    for hit in response["hits"]["hits"]:
        sources = [inner["_source"] for inner in hit["inner_hits"]["editions"]["hits"]["hits"]]
        card = order_for_reader([source["card"] for source in sources], language)[0]
        text, found = _title_that_fits(typed, next(source for source in sources if source["card"] is card))
        suggestions.append(
            Suggestion(
                kind=Kind.TITLE,
                text=text,
                url=reverse("wagtail_serve", args=(card["path"],)),
                value=hit["_source"]["work_id"],
                count=1,
                language=card["language"],
                spans=found.spans if found else (),
                has_typo=found is not None and found.closeness is Closeness.WITH_A_TYPO,
            )
        )
    return suggestions


def _title_that_fits(typed: str, source: Mapping[str, Any]) -> tuple[str, Match | None]:
    """Return the title of an edition, or the alternative title by which it was found, and how it fits.

    A title that the index found in another way, as traditional characters find simplified ones, does not fit here.
    """
    own = source["card"]["title"]
    fitting = [(title, match(typed, title)) for title in (own, *(title for titles in source["title"].values() for title in titles))]
    return min(((title, found) for title, found in fitting if found), key=lambda pair: pair[1].closeness, default=(own, None))


def _subjects(labels: Sequence[_Label], works: Mapping[str, int]) -> list[Suggestion]:
    found = [label for label in labels if works.get(label.value)][:MOST_OF_ANOTHER_KIND]
    return [
        Suggestion(
            Kind.SUBJECT,
            label.text,
            address.write(SearchRequest(selections={"subject": (label.value,)})),
            label.value,
            works[label.value],
            spans=label.spans,
            has_typo=label.closeness is Closeness.WITH_A_TYPO,
        )
        for label in found
    ]


def _institutions(labels: Sequence[_Label], works: Mapping[str, int]) -> list[Suggestion]:
    found = labels[:MOST_OF_ANOTHER_KIND]
    pages = {
        page.institution.slug: page for page in published_institutions().filter(institution__slug__in=[label.value for label in found])
    }
    return [
        Suggestion(
            Kind.INSTITUTION,
            label.text,
            pages[label.value].get_url(),
            label.value,
            works.get(label.value, 0),
            spans=label.spans,
            has_typo=label.closeness is Closeness.WITH_A_TYPO,
        )
        for label in found
        if label.value in pages
    ]


def _tags(typed: str, works: Mapping[str, int]) -> list[Suggestion]:
    """Return the keywords that fit, the most used first; `works` counts all that stand beside one that fits, too."""
    fitting = [(tag, count, found) for tag, count in works.items() if (found := match(typed, tag))]
    fitting.sort(key=lambda tag: tag[2].closeness is Closeness.WITH_A_TYPO)
    return [
        Suggestion(
            kind=Kind.TAG,
            text=tag,
            url=address.write(SearchRequest(q=tag)),
            value=tag,
            count=count,
            spans=found.spans,
            has_typo=found.closeness is Closeness.WITH_A_TYPO,
        )
        for tag, count, found in fitting[:MOST_OF_ANOTHER_KIND]
    ]


def _works_by_value(aggregation: Mapping[str, Any]) -> dict[str, int]:
    return {bucket["key"]: bucket["works"]["doc_count"] for bucket in aggregation["buckets"]}
