"""Spreadsheets are read as text: headings are found, values are written as people write them, and bombs are not opened."""

import codecs
import csv
import datetime as dt
import zipfile

import openpyxl
import pytest

from core.errors import InvalidInputError
from exchange.tables import separated, workbooks
from exchange.tables.fence import TableOptions, described, read_table
from exchange.tables.headings import fields_of
from exchange.tables.reading import read
from exchange.tables.table import MOST_COLUMNS, MOST_ROWS, TableError


@pytest.fixture
def text(tmp_path):
    def written(content, encoding="utf-8"):
        path = tmp_path / "table.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return written


@pytest.fixture
def workbook(tmp_path):
    def written(*rows, title="Sheet", more=()):
        book = openpyxl.Workbook()
        book.active.title = title
        for row in rows:
            book.active.append(row)
        for name, state, others in more:
            sheet = book.create_sheet(name)
            sheet.sheet_state = state
            for row in others:
                sheet.append(row)
        path = tmp_path / "table.xlsx"
        book.save(path)
        return path

    return written


def cells(found):
    return [row[1] for row in found["rows"]]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_makes_rows_alike(text, separator):
    rows = [["id", "title", "keywords"], ["a", "Soap, boats; and more", "x"], ["b", "Kites: 1, 2, 3", "y"]]
    content = "\n".join(separator.join(f'"{cell}"' if separator in cell else cell for cell in row) for row in rows)
    found = read(text(content), {})
    assert (found["separator"], cells(found)) == (separator, rows[1:])


def test_one_column_alone_and_what_excel_says_of_the_separator(text):
    assert cells(read(text("identifier\na\nb\n"), {})) == [["a"], ["b"]]
    found = read(text("sep=;\nid;title, long\na;b, c\n"), {})
    assert (found["separator"], found["header"], cells(found)) == (";", ["id", "title, long"], [["a", "b, c"]])


def test_a_long_text_in_a_cell_is_nothing_special(text):
    found = read_table(text("id;title\na;" + "x" * 140_000 + "\nb;y\n"), TableOptions())
    assert (found.separator, [len(row.cells[1]) for row in found.rows]) == (";", [140_000, 1])


def test_a_row_that_is_no_csv_counts_for_nothing_when_the_separator_is_looked_for():
    usual = csv.field_size_limit(100)
    try:
        assert separated.separator_of("id;title\na;" + "x" * 200 + "\nb;y\n") == ";"
    finally:
        csv.field_size_limit(usual)


def test_titles_above_the_headings_are_skipped_and_can_be_overruled(text):
    path = text("Attività 2027;;\n;;\nCodice;Titolo;Autori\na;Aquiloni;Diaz\n")
    found = read(path, {})
    assert (found["header_row"], found["header"], cells(found)) == (3, ["Codice", "Titolo", "Autori"], [["a", "Aquiloni", "Diaz"]])
    assert read(path, {"header_row": 1})["header"] == ["Attività 2027", "#2", "#3"]
    with pytest.raises(TableError, match="no-header"):
        read(path, {"header_row": 2})


def test_headings_that_nobody_knows_are_the_first_row_that_is_wide(text):
    assert read(text("Liste\nNr;Wat;Waar\n1;x;y\n2;z;q\n"), {})["header_row"] == 2


def test_a_column_without_a_heading_is_called_by_its_number_if_it_holds_anything(text):
    assert read(text("id;title;;\na;b;c;\n"), {})["header"] == ["id", "title", "#3", ""]


def test_rows_that_do_not_fit_say_so(text):
    found = read(text('id,title\na,b,c\nd,e,,\n"f"g,h\n'), {})
    assert [(row[1], row[2].get("code")) for row in found["rows"]] == [([], "too-many-cells"), (["d", "e"], None), ([], "not-csv")]


@pytest.mark.parametrize(
    ("options", "code"),
    [({"encoding": "utf-8"}, "wrong-encoding"), ({"encoding": "klingon"}, "unknown-encoding")],
)
def test_an_encoding_that_does_not_fit_is_refused(text, options, code):
    with pytest.raises(TableError, match=code):
        read(text("id;titolo\na;età\n", "cp1252"), options)


@pytest.mark.parametrize(("mark", "encoding"), [(codecs.BOM_UTF8, "UTF-8"), (codecs.BOM_UTF16_LE, "UTF-16")])
def test_a_file_that_breaks_the_encoding_of_its_mark_is_told_which_that_is(text, mark, encoding):
    with pytest.raises(InvalidInputError, match=f"not in the encoding {encoding}: line 1"):
        read_table(text(mark + b"id;\xd8\xd8\xd8\xd8e"), TableOptions())


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-8", "UTF-8"), ("UTF8", "UTF8"), ("cp1253", "Windows-1253 \\(Greek\\)"), ("ascii", "ascii")]
)
def test_an_encoding_that_does_not_fit_is_called_as_the_person_chose_it(text, encoding, told):
    with pytest.raises(InvalidInputError, match=f"not in the encoding {told}: line 2"):
        read_table(text("id;titolo\na;\xff\n", "cp1252"), TableOptions(encoding=encoding))


def test_lines_are_counted_in_characters_not_in_bytes(text):
    broken = "id;title\na;ગુજરાતી\n".encode("utf-16-le") + b"\xd8\xd8"
    with pytest.raises(InvalidInputError, match="line 3"):
        read_table(text(broken), TableOptions(encoding="utf-16-le"))


@pytest.mark.parametrize("encoding", ["utf-8", "UTF8", "utf_8"])
def test_a_byte_order_mark_is_no_part_of_the_first_heading_however_utf_8_is_written(text, encoding):
    found = read(text("id;title\na;b\n", "utf-8-sig"), {"encoding": encoding})
    assert (found["encoding"], found["header"]) == (encoding, ["id", "title"])


def test_an_encoding_that_is_given_is_no_guess(text):
    path = text("id;titolo\na;età\n", "cp1252")
    assert read(path, {})["is_sure"] is False
    assert read(path, {"encoding": "cp1250"})["is_sure"] is True
    assert cells(read(path, {"encoding": "cp1250"})) == [["a", "etŕ"]]


def test_values_of_a_workbook_are_written_as_people_write_them(workbook):
    row = ["a", 2024, 12.0, 0.1, True, dt.datetime(2027, 3, 1), dt.datetime(2027, 3, 1, 14, 30), dt.time(9, 15), None, " x "]  # noqa: DTZ001
    found = read(workbook([f"h{place}" for place in range(len(row))], row), {})
    assert cells(found) == [["a", "2024", "12", "0.1", "true", "2027-03-01", "2027-03-01 14:30", "09:15:00", "", " x "]]


def test_merged_titles_and_empty_rows_of_a_workbook(workbook):
    path = workbook(["Export of projects"], [], ["ID", "Project name"], ["a", "Kites"], [], ["b", "Boats"])
    found = read(path, {})
    assert (found["header_row"], [(row[0], row[1]) for row in found["rows"]]) == (3, [(4, ["a", "Kites"]), (6, ["b", "Boats"])])


def test_a_workbook_is_known_by_its_content_not_its_name(workbook):
    path = workbook(["id", "title"], ["a", "b"])
    assert cells(read(path.rename(path.with_name("table.csv")), {})) == [["a", "b"]]


def test_the_first_visible_sheet_that_holds_anything_is_read_and_another_can_be_named(workbook):
    sheets = [("Lists", "hidden", [["x", "y"], [1, 2]]), ("Data", "visible", [["id", "title"], ["a", "b"]])]
    path = workbook(title="Empty", more=sheets)
    found = read(path, {})
    assert (found["sheet"], found["sheets"], cells(found)) == ("Data", ["Empty", "Lists", "Data"], [["a", "b"]])
    assert cells(read(path, {"sheet": "Lists"})) == [["1", "2"]]
    with pytest.raises(TableError, match="no-such-sheet"):
        read(path, {"sheet": "Nowhere"})


def test_formulas_come_as_their_values_and_never_run(workbook):
    path = workbook(["id", "title"], ["a", "=1+1"])
    assert cells(read(path, {})) == [["a"]]  # nobody has computed it yet


def test_a_size_that_a_sheet_only_claims_costs_nothing(workbook, tmp_path):
    path = workbook(["id", "title"], ["a", "b"])
    lying = tmp_path / "lying.xlsx"
    with zipfile.ZipFile(path) as honest, zipfile.ZipFile(lying, "w") as target:
        for name in honest.namelist():
            target.writestr(name, honest.read(name).replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"'))
    assert cells(read(lying, {})) == [["a", "b"]]


def bomb(path, name="xl/worksheets/sheet1.xml", size=300 * 1024**2):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        with package.open(name, "w") as part:
            for _ in range(size // 1024**2):
                part.write(bytes(1024**2))
    return path


def test_a_bomb_is_not_opened(tmp_path):
    with pytest.raises(TableError, match="unpacks-to-too-much"):
        workbooks.check_package(bomb(tmp_path / "bomb.xlsx", size=20 * 1024**2))
    with pytest.raises(InvalidInputError, match="Unpacked, this workbook is too large"):
        read_table(tmp_path / "bomb.xlsx", TableOptions())


def test_entities_are_not_expanded(workbook, tmp_path):
    path = workbook(["id", "title"], ["a", "b"])
    hostile = tmp_path / "entities.xlsx"
    with zipfile.ZipFile(path) as honest, zipfile.ZipFile(hostile, "w") as target:
        for name in honest.namelist():
            body = honest.read(name)
            if name.endswith("sheet1.xml"):
                declared = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
                body = declared + body.replace(b"<t>b</t>", b"<t>&b;&c;</t>")
            target.writestr(name, body)
    with pytest.raises(InvalidInputError, match="damaged"):
        read_table(hostile, TableOptions())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "holds no rows"),
        (b"id,title\n", "holds no rows"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old format"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", "not a table of text"),
        (b"id\n" + b"a\n" * (MOST_ROWS + 50), "too long"),
        (b"id" + b";x" * MOST_COLUMNS + b"\na\n", "too wide"),
    ],
)
def test_what_is_no_table_is_told_so_in_a_sentence(text, content, sentence):
    with pytest.raises(InvalidInputError, match=sentence):
        read_table(text(content), TableOptions())


def test_another_office_file_is_no_workbook(tmp_path):
    path = tmp_path / "table.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(InvalidInputError, match="no workbook of Excel"):
        read_table(path, TableOptions())


def test_how_it_was_read_is_said_with_a_sample_where_it_is_a_guess(text):
    said = described(read_table(text("id;titolo\na;Perché età\n", "cp1252"), TableOptions()))
    assert "Windows-1252" in said[0]
    assert "semicolon" in said[0]
    assert "Perché età" in said[1]
    assert len(described(read_table(text("id;titolo\na;Perché età\n"), TableOptions()))) == 1


def test_telling_cells_are_few_and_short():
    rows = list(separated.rows("\n".join(f"é{number}" + "x" * 200 for number in range(50)), ","))
    assert [len(cell) for cell in separated.telling_cells(rows)] == [60] * 6


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (["identifier", "title", "colour"], ["identifier", "title", ""]),
        (
            ["Codice", "Titolo", "Descrizione breve", "Fascia d'età", "Parole chiave"],
            ["identifier", "title", "abstract", "ages", "keywords"],
        ),
        (["编号", "标题", "学科", "学段", "网址"], ["identifier", "title", "subjects", "audience", "url"]),
        (["المعرف", "العنوان", "المادة", "الرابط"], ["identifier", "title", "subjects", "url"]),
        (["Identifiant", "Titre", "Titre anglais", "Matière"], ["identifier", "title", "alternative_titles.en", "subjects"]),
        (["ID", "Title (English)", "title_fr", "Titel de"], ["identifier", "title", "alternative_titles.fr", "alternative_titles.de"]),
        (["Summary", "Description"], ["abstract", "body"]),
        (["Description", "Summary"], ["abstract", ""]),
        (["Title", "title"], ["title", "title"]),
        (["Start year", "year"], ["", "year"]),
        (["", "#3"], ["", ""]),
    ],
)
def test_headings_in_the_languages_of_the_network(headings, fields):
    assert fields_of(headings) == fields
