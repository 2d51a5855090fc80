"""The shape of the index: one document a work, its editions nested. docs/adr/0005-one-document-per-work.md says why."""

import hashlib
import json
from typing import Any

from django.conf import settings

from search.analysis import ALL_KEYS, analysis_settings, analyzer_of
from search.encoders import encoder_class
from search.facets import FACETS

DOCUMENT_VERSION = 7
"""Raise it when documents.py writes something else into the same fields: the worker then builds a new index by itself."""

TEXT_FIELDS = ("title", "labels", "names", "abstract", "body")
"""Texts of an edition, each analysed per language: `editions.title.fr`.

`labels` are keywords, and the labels of type, subjects and audience in every interface language; `names` are people and institutions.
"""

FILES = "files"
"""The words of an edition's files, as far as everybody may have them (search/file_words.py); per language, like the other texts.

Kept for passages, but not in the document's source, which every hit would otherwise have to be read from.
"""

WHOLE = "whole"
"""All texts of an edition and of its files in one field, per language: what is found only with the help of files is found here.

Apart from the other texts, so that a record with a long file is neither drowned by it nor lifted above others.
"""

HIGHLIGHTED = ("abstract", "body", FILES)
"""Texts from which passages are shown, the better one first."""

EVERYTHING = "editions.everything"
"""All texts of an edition in one field, unstemmed: words of several languages, or of several fields, meet there.

A word's score in it is its inverse document frequency alone, so that a query can ask for rare words.
"""

PASSAGES = "editions.passages"
"""What an edition means, each passage by itself (search/vectors.py): title with abstract, and pieces of its longer texts and its files."""

VECTOR, IS_SUMMARY = f"{PASSAGES}.vector", f"{PASSAGES}.is_summary"

TITLE_START, TAG_START = "editions.title_start", "editions.tag_start"
"""Titles and keywords by the beginnings of their words, for suggestions."""

TAG = "editions.tag"
"""Keywords as they are written, to be counted."""


def index_body() -> dict[str, Any]:
    """Return settings and mappings as `indices.create` takes them.

    Fields that an index does not know are kept and not searched: after an upgrade, documents of the new code go into the old
    index, too, until the new one is there.
    """
    return {
        "settings": {
            "index": {
                "number_of_shards": settings.SEARCH_SHARDS,
                "number_of_replicas": settings.SEARCH_REPLICAS,
                "refresh_interval": "1s",
                "similarity": {"rarity": {"type": "BM25", "k1": 0, "b": 0}},
                "analysis": analysis_settings(),
            }
        },
        "mappings": {"dynamic": False, "_source": {"excludes": [f"editions.{FILES}"]}, "properties": _work_properties()},
    }


def settings_hash() -> str:
    """Return a fingerprint of the index body and of what goes in; another one means that the index must be built anew."""
    model = encoder_class()
    content = json.dumps(
        [DOCUMENT_VERSION, index_body(), model.name if model else None, settings.SEARCH_PIECES if model else 0], sort_keys=True
    )
    return hashlib.sha256(content.encode()).hexdigest()


_BEGINNINGS = {"type": "text", "analyzer": "text_beginnings", "search_analyzer": "text_typed"}


def _work_properties() -> dict[str, Any]:
    sort_title = {"type": "keyword", "normalizer": "for_sorting"}
    return {
        "work_id": {"type": "keyword"},
        "visible": {"type": "boolean"},
        "lacks_meaning": {"type": "boolean"},
        "sort_title": {"properties": {code: sort_title for code, _name in settings.LANGUAGES}},
        "of_work": {"properties": {facet.name: {"type": "keyword"} for facet in FACETS}},
        "editions": {"type": "nested", "properties": _edition_properties()},
    }


def _passages() -> dict[str, Any]:
    """Return the field of an edition's vectors; none without an encoder.

    Vectors are kept as bytes for the search (a quarter of the memory, at no loss that shows), and compared by their angle.
    """
    model = encoder_class()
    if model is None:
        return {}
    vector = {
        "type": "dense_vector",
        "dims": model.dimensions,
        "similarity": "dot_product",
        "index_options": {"type": "int8_hnsw", "m": 16, "ef_construction": 100},
    }
    return {"passages": {"type": "nested", "properties": {"vector": vector, "is_summary": {"type": "boolean"}}}}


def _edition_properties() -> dict[str, Any]:
    return {
        "edition_id": {"type": "keyword"},
        "published": {"type": "date"},
        "sort_title": {"type": "keyword", "normalizer": "for_sorting"},
        "card": {"type": "object", "enabled": False},
        **_passages(),
        **{name: field for facet in FACETS for name, field in facet.properties().items()},
        **{name: {"properties": {key: _text(name, key) for key in ALL_KEYS}} for name in TEXT_FIELDS},
        FILES: {"properties": {key: _text_of_files(key) for key in ALL_KEYS}},
        WHOLE: {"properties": {key: {"type": "text", "index_options": "freqs", **analyzer_of(key)} for key in ALL_KEYS}},
        EVERYTHING.removeprefix("editions."): {"type": "text", "similarity": "rarity", **analyzer_of("default")},
        "title_start": _BEGINNINGS,
        "tag_start": _BEGINNINGS,
        "tag": {"type": "keyword", "copy_to": TAG_START},
    }


def _text(name: str, key: str) -> dict[str, Any]:
    """Return a text field; where passages are shown from it, it keeps offsets, so that they need no second analysis."""
    copies = [EVERYTHING, f"editions.{WHOLE}.{key}", *([TITLE_START] if name == "title" else [])]
    offsets = {"index_options": "offsets"} if name in HIGHLIGHTED else {}
    return {"type": "text", "copy_to": copies, **offsets, **analyzer_of(key)}


def _text_of_files(key: str) -> dict[str, Any]:
    return {"type": "text", "store": True, "index_options": "offsets", "copy_to": f"editions.{WHOLE}.{key}", **analyzer_of(key)}
