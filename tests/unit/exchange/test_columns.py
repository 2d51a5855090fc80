"""Cells become values of fields: lists as people separate them, titles by language, and nothing from an empty cell in an upload."""

import pytest

from core.errors import InvalidInputError
from exchange import columns
from exchange.rows import SourceRow
from exchange.tables.fence import Table
from exchange.tables.table import Row


def rows(mapping, *cells, **options):
    table = Table(kind="csv", header_row=1, header=[str(place) for place in range(len(mapping))], rows=[Row(2, list(cells))])
    [row] = columns.source_rows(table, mapping, **options)
    return row.values


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("keywords", "arte, creatività, vita", ["arte", " creatività", " vita"]),
        ("keywords", "声音；光、水，热", ["声音", "光", "水", "热"]),
        ("keywords", "Paris, France|light", ["Paris, France", "light"]),
        ("subjects", "Physics; Chemistry", ["Physics", " Chemistry"]),
        ("contributors", "Ashby, Rosalind; Wei, Li", ["Ashby, Rosalind", " Wei, Li"]),
        ("contributors", "Ashby, Rosalind", ["Ashby, Rosalind"]),
        ("materials", "card; soap\nwater", ["card; soap", "water"]),
        ("title", "Kites, boats; more", "Kites, boats; more"),
    ],
)
def test_several_values_in_a_cell(field, cell, value):
    assert rows([field], cell) == {field: value}


def test_titles_by_language_come_together():
    assert rows(["alternative_titles.en", "", "alternative_titles.fr"], "Kites", "x", "Cerfs-volants") == {
        "alternative_titles": {"en": "Kites", "fr": "Cerfs-volants"}
    }


def test_an_empty_cell_empties_a_field_or_says_nothing():
    assert rows(["title", "keywords"], "", " ") == {"title": "", "keywords": " "}
    assert rows(["title", "keywords"], "", " ", keep_empty=False) == {}


def test_a_row_that_cannot_be_read_stays_unreadable():
    table = Table(kind="csv", header_row=1, header=["a"], rows=[Row(3, [], {"code": "too-many-cells", "cells": 3, "columns": 2})])
    [row] = columns.with_constants(columns.source_rows(table, ["identifier"]), {"languages": "it"})
    assert (row.values, "3 cells" in row.unreadable) == ({}, True)


def test_what_is_the_same_for_all_rows_is_used_where_a_row_says_nothing():
    found = columns.with_constants([SourceRow(2, {"title": "A", "languages": "fr"}), SourceRow(3, {"title": "B"})], {"languages": "it"})
    assert [row.values["languages"] for row in found] == ["fr", "it"]
    with pytest.raises(InvalidInputError, match="“identifier, title” cannot be the same"):
        columns.check_constants({"identifier": "x", "title": "y", "licence": "CC-BY-4.0"})


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        (["title", "", ""], "No column is the identifier"),
        (["identifier", "title", "title"], "same field: B, C"),
        (["identifier", "alternative_titles", "alternative_titles.fr"], "same field: B, C"),
    ],
)
def test_columns_that_cannot_be_taken_so(mapping, sentence):
    with pytest.raises(InvalidInputError, match=sentence):
        columns.check(["A", "B", "C"], mapping)


def test_titles_in_two_languages_are_two_fields():
    columns.check(["A", "B", "C"], ["identifier", "alternative_titles.en", "alternative_titles.fr"])


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("title", True), ("ages", True), ("alternative_titles.zh-Hans", True), ("alternative_titles.x!", False), ("colour", False)],
)
def test_what_a_column_can_be(name, is_one):
    assert columns.is_target(name) is is_one
