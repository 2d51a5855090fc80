"""What the API answers. Published: a field may be added, none renamed or removed."""

import datetime as dt
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from search.suggestions import Kind
from search.types import Sort


class Problem(Schema):
    """An error (RFC 9457, application/problem+json)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = Field(description="One sentence that says what to do.")
    code: str = ""
    errors: list[dict[str, Any]] = Field(
        [], description="For bad parameters: `parameter`, `detail`, perhaps `known`: some possible values."
    )


class ResourceQuery(Schema):
    """A search. A facet repeated means any of its values; different facets must all hold."""

    q: str = Field("", description="Words, in any language: what is close in meaning is found, too.")
    words_only: bool = Field(default=False, description="Leave out what is only close in meaning.")
    resource_type: list[str] = Field([], description="Slug.")
    subject: list[str] = Field([], description="Slug; includes the subjects below it.")
    audience: list[str] = Field([], description="Slug.")
    age: list[str] = Field(
        [],
        description="Years, “8-11” or “18-” (schema.org typicalAgeRange): editions for ages that overlap it; "
        "where an edition states none, those of its audience.",
    )
    duration: list[str] = Field([], description="Minutes that it takes (schema.org timeRequired), “30-60” or “240-”, both ends included.")
    language: list[str] = Field([], description="BCP 47 tag of an edition.")
    licence: list[str] = Field([], description="SPDX identifier, or a slug of ours.")
    access: list[str] = Field([], description="Who gets the files: public, members or agreement.")
    institution: list[str] = Field([], description="Slug.")
    country: list[str] = Field([], description="Of the institution, ISO 3166-1 alpha-2.")
    year: list[str] = Field([], description="Four digits.")
    published_since: str = Field(
        "", description="YYYY-MM-DD: an edition was first published on that day or later.", json_schema_extra={"format": "date"}
    )
    sort: Sort = Field(Sort.RELEVANCE, description="Relevance without words is newest.")
    page: int = Field(1, ge=1, description="From 1.")
    page_size: int = Field(20, ge=1, le=100)
    cursor: str = Field(
        "",
        max_length=100,
        description="Goes through all results, by an order of their ids: `*` to begin with, then the `next_cursor` of the answer before. "
        "Without `page` and `sort`.",
    )


class FacetValue(Schema):
    """One choice; `count` is the works that choosing it would leave, given the other facets' selections."""

    value: str
    label: str
    count: int
    selected: bool


class EditionSummary(Schema):
    """One language of a work."""

    id: UUID
    language: str = Field(description="BCP 47 tag.")
    title: str
    url: str
    outdated: bool = Field(description="What it was translated from has been published anew since.")


class ResourceSummary(Schema):
    """A work, shown by the edition that suits the reader's language best (Accept-Language)."""

    id: UUID
    title: str
    abstract: str
    url: str
    institution: str = Field(description="Slug.")
    country: str
    resource_type: str
    subjects: list[str]
    languages: list[str] = Field(description="Of all published editions.")
    editions: list[EditionSummary] = Field(description="All that are published, the reader's language first.")
    licence: str
    access: str
    year: int | None
    highlight: str | None = Field(description="Safe HTML with <mark> around what matched.")
    matched_by: list[str] = Field(description="`words`, `meaning`, or both; empty without words.")
    meaning_language: str | None = Field(description="BCP 47 tag of the edition that is closest in meaning.")


class ResourceList(Schema):
    """One page of works, and how many works each choice of each facet would leave."""

    count: int = Field(description="Works, not editions.")
    page: int | None = Field(description="Null with `cursor`.")
    pages: int | None = Field(description="Null with `cursor`.")
    results: list[ResourceSummary]
    facets: dict[str, list[FacetValue]] = Field(description="Empty with `cursor`.")
    suggestion: str | None
    next_cursor: str | None = Field(description="With `cursor`: what to ask for next, null at the end.")


class SuggestionQuery(Schema):
    """What somebody has typed so far."""

    q: str = Field("", description="At least two letters, or one Han character or kana; at most 100.")
    language: str = Field("", description="Of the labels: en, fr or zh-hans; without it, Accept-Language.")


class Suggestion(Schema):
    """One line to offer; at most eight, grouped by kind."""

    kind: Kind = Field(description="What choosing it does: open a title or an institution, narrow by a subject, search for a keyword.")
    text: str
    html: str = Field(description="The text as safe HTML, with <mark> around what was typed.")
    language: str = Field(description="BCP 47 tag of a title's edition; empty for the other kinds.")
    value: str = Field(description="Id of the resource, slug of the subject or the institution, or the keyword.")
    count: int = Field(description="Works that carry it; 1 for a title.")
    url: str


class SuggestionList(Schema):
    """Suggestions, titles first."""

    suggestions: list[Suggestion]


class Named(Schema):
    """A term of a vocabulary or an institution: stable slug, and a label in the reader's language."""

    slug: str
    label: str


class Institution(Schema):
    """Whose it is."""

    slug: str
    name: str
    country: str
    url: str


class Licence(Schema):
    """What may be done, as data."""

    slug: str
    label: str
    url: str
    summary: str
    may_share: bool
    may_adapt: bool
    may_translate: bool
    may_use_commercially: bool
    must_share_alike: bool
    must_credit: bool


class File(Schema):
    """One file. `download_url` is null where this viewer may not have it, or not yet; `why` says why in one sentence."""

    id: UUID
    name: str
    caption: str
    alt_text: str
    size: int | None = Field(description="Bytes.")
    type: str = Field(description="Media type, by content.")
    sha256: str
    download_url: str | None = Field(description="Leads to a link that is signed for minutes.")
    why: str
    what_next: str


class Edition(Schema):
    """A resource in one language. Names follow schema.org/LRMI and Dublin Core."""

    id: UUID
    title: str
    abstract: str
    body: str = Field(description="Clean HTML.")
    language: str
    url: str
    institution: Institution
    identifier: str
    resource_type: Named | None
    subjects: list[Named]
    audience: list[Named]
    age_min: int | None
    age_max: int | None
    keywords: list[str]
    licence: Licence | None
    access: str
    embargo_until: dt.date | None
    credit_line: str
    attribution: str = Field(description="What to write under it.")
    contributors: list[str]
    year: int | None
    duration_minutes: int | None
    group_size: str
    setting: list[Named]
    cost: Named | None
    materials: list[str]
    learning_outcomes: list[str]
    accessibility: list[Named]
    safety_note: str
    external_url: str
    alternative_titles: dict[str, str]
    translation_of: UUID | None = Field(description="Id of the edition, where that is published.")
    adapted_from: UUID | None = Field(description="Id of the resource, where that is published.")
    published_at: dt.datetime | None
    updated_at: dt.datetime | None
    files: list[File]


class Resource(Schema):
    """A whole work with all its published editions, the one for the reader first."""

    id: UUID
    title: str
    url: str
    languages: list[str]
    editions: list[Edition]
