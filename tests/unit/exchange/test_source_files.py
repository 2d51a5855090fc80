"""Catalogue files are read row by row; what cannot be read says so, with its line."""

import pytest

from core.errors import InvalidInputError
from exchange.report import Effect
from exchange.source_files import read_rows, read_source


@pytest.fixture
def write(tmp_path):
    def write_file(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


def test_json_lines_keep_their_line_numbers(write):
    rows = read_rows(write("a.jsonl", '{"identifier": "a"}\n\n{"identifier": "b"}\n'))
    assert [(row.line, row.values["identifier"]) for row in rows] == [(1, "a"), (3, "b")]


def test_a_broken_json_line_stops_no_other(write):
    rows = read_rows(write("a.jsonl", '{"identifier": "a"}\n{"identifier": \n[1]\n{"identifier": "d"}'))
    assert [bool(row.unreadable) for row in rows] == [False, True, True, False]


def test_a_json_line_nested_beyond_reason_is_reported(write):
    rows = read_rows(write("a.jsonl", "[" * 0 + '{"a":' + "[" * 200_000 + "\n" + '{"identifier": "b"}\n'))
    assert rows[0].unreadable
    assert rows[1].values == {"identifier": "b"}


def test_one_json_list_is_told_what_json_lines_are(write):
    with pytest.raises(InvalidInputError, match="one object a line"):
        read_rows(write("a.json", '[{"identifier": "a"}]'))


def test_line_separators_of_unicode_do_not_end_a_json_line(write):
    rows = read_rows(write("a.jsonl", '{"identifier": "a", "title": "x\u2028y\x85z"}\n'))
    assert rows[0].values["title"] == "x\u2028y\x85z"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_with_byte_order_mark_and_any_usual_separator(write, delimiter):
    content = "\ufeff" + delimiter.join(["identifier", "title"]) + "\r\n" + delimiter.join(["a", '"Zwei\nZeilen"']) + "\r\nb\r\n"
    rows = read_rows(write("a.csv", content))
    assert [(row.line, row.values) for row in rows] == [
        (2, {"identifier": "a", "title": "Zwei\nZeilen"}),
        (4, {"identifier": "b"}),
    ]


def test_a_row_with_more_cells_than_the_header_is_not_guessed_at(write):
    rows = read_rows(write("a.csv", "identifier,title\na,b,c\nd,e\n"))
    assert "3 cells" in rows[0].unreadable
    assert rows[1].values == {"identifier": "d", "title": "e"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("title\na\n", "No column is the identifier"),
        ("identifier,title,title\na,b,c\n", "stand for the same field: title"),
        ("identifier\n", "holds no rows"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(write, content, sentence):
    with pytest.raises(InvalidInputError, match=f"a.csv: .*{sentence}"):
        read_rows(write("a.csv", content))


def test_json_is_always_in_utf8(write):
    with pytest.raises(InvalidInputError, match=r"a.jsonl: It is not in UTF-8 \(line 2\)"):
        read_rows(write("a.jsonl", b'{"identifier": "a"}\n{"identifier": "caf\xe9"}\n'))


def test_a_table_is_read_by_its_headings_and_says_so(write):
    source = read_source(write("a.csv", "Codice;Titolo;Sala\r\n7;Aquiloni, età;B\r\n".encode("cp1252")))
    assert [(row.line, row.values) for row in source.rows] == [(2, {"identifier": "7", "title": "Aquiloni, età"})]
    assert any("Codice → identifier, Titolo → title" in note for note in source.notes)
    assert [(problem.field, problem.effect) for problem in source.problems] == [("Sala", Effect.LEFT_OUT)]


def test_what_is_guessed_of_columns_can_be_corrected_and_a_column_left_out_on_purpose(write):
    path = write("a.csv", "Codice;Titolo;Sala\n7;Aquiloni;B\n")
    source = read_source(path, corrections={"titolo": "abstract", "Sala": ""})
    assert (source.rows[0].values, source.problems) == ({"identifier": "7", "abstract": "Aquiloni"}, [])
    with pytest.raises(InvalidInputError, match="There is no column “Ort”"):
        read_source(path, corrections={"Ort": "setting"})
    with pytest.raises(InvalidInputError, match="There is no field “colour”"):
        read_source(path, corrections={"Sala": "colour"})


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InvalidInputError, match="cannot be read"):
        read_rows(tmp_path / "none.csv")
