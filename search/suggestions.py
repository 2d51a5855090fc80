"""Help while typing: titles, subjects, institutions and keywords that begin with what was typed. docs/adr/0006-suggestions.md.

Titles and keywords come from the index of works itself, so they are there and gone exactly when their works are. The labels of
subjects and the names of institutions are few; they are matched here, and the index says how many works each would find.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from catalogue.selectors import published_institutions
from catalogue.vocabulary import Subject
from search import address
from search.asking import ask, ask_together, meanwhile
from search.choosing import order_for_reader
from search.documents import path_below_site
from search.mapping import TAG, TAG_START, TITLE_START
from search.typed import LETTERS_FOR_A_TYPO, Closeness, Match, fold, is_without_spaces, match
from search.types import SearchRequest

MOST = 8
MOST_OF_ANOTHER_KIND = 2
"""Subjects, institutions and keywords; titles take what is left of MOST."""

LONGEST_TYPED = 100
SHORTEST_TYPED = 2
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
    bodies = [_titles_body(typed, language), _tags_body(typed)]
    (titles, tags), labelled = meanwhile(partial(ask_together, bodies), partial(_labelled, typed, language))
    tagged = {bucket["key"]: bucket["works"]["doc_count"] for bucket in tags["aggregations"]["editions"]["fitting"]["tags"]["buckets"]}
    return _fitted_in(_titles(typed, language, titles), [*labelled, *_tags(typed, tagged)])


def _labelled(typed: str, language: str) -> list[Suggestion]:
    """Return the subjects and institutions that fit, with how many works each would find."""
    subjects = _fitting(typed, language, Subject.objects.filter(is_active=True).values_list("slug", "labels"))
    names, paths = _published_institutions()
    institutions = _fitting(typed, language, names)
    slugs = {"subject": _slugs(subjects), "institution": _slugs(institutions)}
    if not any(slugs.values()):
        return []
    counts = ask(_labels_body(slugs))["aggregations"]
    works = {name: {bucket["key"]: bucket["doc_count"] for bucket in counts[name]["buckets"]} for name in slugs}
    return [*_subjects(subjects, works["subject"]), *_institutions(institutions, works["institution"], paths)]


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


def _published_institutions() -> tuple[list[tuple[str, dict[str, str]]], dict[str, str]]:
    """Return institutions with their names, and the paths of their pages, by slug."""
    rows = list(published_institutions().values_list("institution__slug", "institution__name", "institution__names", "url_path"))
    return [(slug, {"": name, **names}) for slug, name, names, _path in rows], {slug: path for slug, _name, _names, path in rows}


def _slugs(labels: Sequence[_Label]) -> list[str]:
    return [label.value for label in labels[:LABELS_COUNTED]]


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
    }
    return {
        "query": {"bool": {"filter": [{"term": {"visible": True}}], "must": [{"nested": editions}]}},
        "size": MOST,
        "track_total_hits": False,
        "_source": [
            "work_id",
            "editions.title",
            *(f"editions.card.{name}" for name in ("edition_id", "title", "language", "path", "original")),
        ],
    }


def _labels_body(slugs: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Count the works of subjects and institutions, by the fields of the work that hold the values of all its editions."""
    fields = {name: f"of_work.{name}" for name in slugs}
    any_of = [{"terms": {fields[name]: values}} for name, values in slugs.items()]
    return {
        "query": {"bool": {"filter": [{"term": {"visible": True}}, {"bool": {"should": any_of}}]}},
        "aggs": {name: {"terms": {"field": fields[name], "include": values, "size": LABELS_COUNTED}} for name, values in slugs.items()},
        "size": 0,
    }


def _tags_body(typed: str) -> dict[str, Any]:
    """Count the works of the keywords that stand in an edition beside one that fits."""
    fitting = {"match": {TAG_START: {"query": typed, "operator": "and", **ONE_TYPO}}}
    tags = {"terms": {"field": TAG, "size": TAGS_LOOKED_AT}, "aggs": {"works": {"reverse_nested": {}}}}
    return {
        "query": {"bool": {"filter": [{"term": {"visible": True}}, {"nested": {"path": "editions", "query": fitting}}]}},
        "aggs": {"editions": {"nested": {"path": "editions"}, "aggs": {"fitting": {"filter": fitting, "aggs": {"tags": tags}}}}},
        "size": 0,
    }


def _titles(typed: str, language: str, response: Mapping[str, Any]) -> list[Suggestion]:
    suggestions = []
    for hit in response["hits"]["hits"]:
        card, text, found = _edition_that_fits(typed, language, hit["_source"]["editions"])
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


def _edition_that_fits(typed: str, language: str, editions: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], str, Match | None]:
    """Return of the editions whose titles fit the reader's: its card, the title, and how that fits.

    To ask the index which ones fit takes a third longer. A title that it found in another way, as traditional characters find
    simplified ones, does not fit here; then it is one in the script that was typed.
    """
    titles = {edition["card"]["edition_id"]: _title_that_fits(typed, edition) for edition in editions}
    cards = [edition["card"] for edition in editions]
    fitting = [card for card in cards if titles[card["edition_id"]][1]]
    alike = [card for card in cards if is_without_spaces(card["title"]) == is_without_spaces(typed)]
    card = order_for_reader(fitting or alike or cards, language)[0]
    return card, *titles[card["edition_id"]]


def _title_that_fits(typed: str, source: Mapping[str, Any]) -> tuple[str, Match | None]:
    """Return the title of an edition, or the alternative title by which it was found, and how it fits."""
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


def _institutions(labels: Sequence[_Label], works: Mapping[str, int], paths: Mapping[str, str]) -> list[Suggestion]:
    return [
        Suggestion(
            Kind.INSTITUTION,
            label.text,
            reverse("wagtail_serve", args=(path_below_site(paths[label.value]),)),
            label.value,
            works.get(label.value, 0),
            spans=label.spans,
            has_typo=label.closeness is Closeness.WITH_A_TYPO,
        )
        for label in labels[:MOST_OF_ANOTHER_KIND]
    ]


def _tags(typed: str, works: Mapping[str, int]) -> list[Suggestion]:
    """Return the keywords that fit, the most used first; `works` counts all that stand beside one that fits, too."""
    fitting: list[tuple[str, int, Match]] = []
    with_a_typo: list[tuple[str, int, Match]] = []
    for tag, count in works.items():
        if found := match(typed, tag):
            (with_a_typo if found.closeness is Closeness.WITH_A_TYPO else fitting).append((tag, count, found))
        if len(fitting) == MOST_OF_ANOTHER_KIND:
            break
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
        for tag, count, found in [*fitting, *with_a_typo][:MOST_OF_ANOTHER_KIND]
    ]
