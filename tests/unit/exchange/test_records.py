"""A row becomes a record: every value that cannot be used is left out and reported, nothing is invented."""

import csv
import datetime as dt

import pytest

from exchange.records import read_record
from exchange.report import Effect, Problem, Report, write_csv
from exchange.source_files import SourceRow


def read(**values):
    return read_record(SourceRow(7, {"identifier": "a", **values}))


def test_a_whole_row():
    record = read(
        title=" Soap  boats ",
        abstract="Boats.",
        body="<p>Take soap.</p>",
        languages=["pt_br"],
        resource_type="experiment",
        subjects=["water"],
        age_min="6",
        year=2020,
        embargo_until="2027-03-01",
        url="https://example.org/a",
        alternative_titles={"iw": "סבון"},
        files=["a.pdf", "b/c.png"],
    )
    assert record.problems == []
    assert record.files == ("a.pdf", "b/c.png")
    assert record.data.title == "Soap boats"
    assert record.data.language == "pt-BR"
    assert record.data.age_min == 6
    assert record.data.embargo_until == dt.date(2027, 3, 1)
    assert record.data.external_url == "https://example.org/a"
    assert record.data.alternative_titles == {"he": "סבון"}
    assert record.data.audience is None


def test_lists_and_titles_as_csv_writes_them():
    record = read(subjects="water | light|", alternative_titles="fr=Bateaux = savon|de=Seifenboote", contributors="Diaz, Ana|Wei, Li")
    assert record.data.subjects == ("water", "light")
    assert record.data.alternative_titles == {"fr": "Bateaux = savon", "de": "Seifenboote"}
    assert record.data.contributors == ("Diaz, Ana", "Wei, Li")


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_an_empty_value_empties_the_field(empty):
    record = read(abstract=empty, subjects=empty, year=empty, embargo_until=empty, alternative_titles=empty, files=empty)
    assert record.problems == []
    assert record.data.said() == {"abstract": "", "subjects": (), "alternative_titles": {}, "year": None, "embargo_until": None}
    assert record.files == ()


def test_who_gets_the_files_is_never_emptied():
    assert "access" not in read(access="").data.said()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "x" * 256),
        ("title", ["a"]),
        ("title", "a\x00b"),
        ("title", "a\x07b"),
        ("title", "\ud800"),
        ("languages", ["en", "fr"]),
        ("languages", "klingonish"),
        ("year", "soon"),
        ("year", 12.5),
        ("year", True),
        ("year", "٢٠٢٠"),
        ("year", 99999),
        ("year", 1e308),
        ("age_min", -1),
        ("duration_minutes", 0),
        ("url", "javascript:alert(1)"),
        ("url", "https://"),
        ("subjects", {"a": 1}),
        ("subjects", ["a"] * 501),
        ("alternative_titles", ["x"]),
        ("files", 5),
    ],
)
def test_a_value_that_cannot_be_used_is_left_out_and_reported(field, value):
    record = read(**{field: value})
    assert [(problem.line, problem.field, problem.effect) for problem in record.problems] == [(7, field, Effect.LEFT_OUT)]
    assert record.data.said() == {}


@pytest.mark.parametrize(("field", "value"), [("access", "open"), ("access", ["public"]), ("embargo_until", "next year")])
def test_a_row_is_refused_if_it_is_unclear_who_may_have_the_files_and_when(field, value):
    record = read(title="A", **{field: value})
    assert record.data is None
    assert [(problem.field, problem.effect) for problem in record.problems] == [(field, Effect.REFUSED)]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("ages", "8-12 anni", {"age_min": 8, "age_max": 12}),
        ("ages", "8至12岁", {"age_min": 8, "age_max": 12}),
        ("ages", "12+", {"age_min": 12, "age_max": None}),
        ("ages", "", {}),
        ("year", "2013-09-27", {"year": 2013}),
        ("year", "27/09/2013", {"year": 2013}),
        ("duration_minutes", "1h30", {"duration_minutes": 90}),
        ("duration_minutes", "45 min", {"duration_minutes": 45}),
        ("duration_minutes", "PT51M12S", {"duration_minutes": 52}),
        ("languages", "italiano", {"language": "it"}),
        ("languages", "Chinese", {"language": "zh"}),
    ],
)
def test_values_as_institutions_write_them(field, value, said):
    record = read(**{field: value})
    assert (record.problems, record.data.said()) == ([], said)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"age_max": 15, "ages": "12+"}, {"age_min": 12, "age_max": None}),
        ({"ages": "12+", "age_max": 15}, {"age_min": 12, "age_max": 15}),
        ({"ages": "8-12", "age_max": ""}, {"age_min": 8, "age_max": 12}),
    ],
)
def test_of_ages_that_are_said_twice_the_last_counts_that_is_not_empty(values, said):
    assert read(**values).data.said() == said


@pytest.mark.parametrize(
    ("field", "value"), [("ages", "young"), ("ages", "8"), ("ages", "8-400"), ("year", "27/09"), ("languages", "klingon-ish")]
)
def test_what_is_not_quite_that_is_reported(field, value):
    record = read(**{field: value})
    assert ([problem.field for problem in record.problems], record.data.said()) == ([field], {})


def test_a_row_without_an_identifier_is_refused():
    record = read_record(SourceRow(1, {"title": "A"}))
    assert record.data is None
    assert record.problems[0].field == "identifier"


def test_an_unreadable_row_is_refused():
    record = read_record(SourceRow(3, {}, "broken"))
    assert record.data is None
    assert record.problems == [Problem(3, "", "broken", Effect.REFUSED)]


def test_a_field_nobody_knows_is_reported():
    assert [problem.field for problem in read(colour="red").problems] == ["colour"]


def test_ages_out_of_order_are_both_left_out():
    record = read(age_min=12, age_max=6)
    assert record.data.said() == {}
    assert record.problems[0].field == "age_min"


def test_tags_that_are_none_and_titles_that_clash_are_reported():
    record = read(alternative_titles={"ro": "Bărci", "mo": "Altceva", "martian": "x", "fr": "Bateaux"})
    assert record.data.alternative_titles == {"ro": "Bărci", "fr": "Bateaux"}
    assert len(record.problems) == 2


def test_plain_text_becomes_paragraphs():
    assert read(body="One & two\n\nthree < four\nfive").data.body == "<p>One &amp; two</p><p>three &lt; four<br>five</p>"


def test_html_elements_that_are_not_kept_are_named():
    record = read(body="<p>a</p><table><tr><td>b</td></tr></table><script>c()</script>")
    assert "script, table, td, tr" in str(record.problems[0].reason)


def test_no_cell_of_the_report_starts_a_formula(tmp_path):
    report = Report(problems=[Problem(1, "=cmd|' /C calc'!A0", "@SUM(1)", Effect.LEFT_OUT), Problem(2, "-1", "\t=1", Effect.REFUSED)])
    write_csv(report, tmp_path / "report.csv")
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["line", "field", "reason", "effect"]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows[1:] for cell in row)
    assert rows[1][2] == "'@SUM(1)"
