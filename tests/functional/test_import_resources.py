"""`manage.py import_resources`, as an operator meets it."""

import csv
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalogue.models import ResourcePage, Work
from core.models import AuditEntry
from media.models import StoredObject
from tests.factories.media import ensure_bucket
from tests.factories.members import make_institution

pytestmark = pytest.mark.django_db

WHOLE = {
    "identifier": "soap-boats",
    "title": "Soap boats",
    "abstract": "Children cut boats from card and drive them with soap.",
    "body": "<p>Fill a tray with water.</p>",
    "languages": ["en"],
    "resource_type": "experiment",
    "subjects": ["water"],
    "audience": ["primary"],
    "age_min": 6,
    "age_max": 11,
    "keywords": ["soap", "surface tension"],
    "licence": "CC-BY-4.0",
    "access": "public",
    "contributors": ["Ashby, Rosalind"],
    "year": 2024,
    "setting": ["classroom"],
    "cost": "low",
    "materials": ["card", "soap"],
    "url": "https://example.org/soap-boats",
    "alternative_titles": {"fr": "Bateaux à savon"},
}


@pytest.fixture
def institution():
    return make_institution(slug="severn")


@pytest.fixture
def run(tmp_path, institution):
    """Write rows to a file (dicts: JSON Lines; text: CSV) and import it; returns the exit status and what was printed."""

    def import_rows(rows, *options, name=None):
        content = rows if isinstance(rows, str) else "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        path = tmp_path / (name or ("rows.csv" if isinstance(rows, str) else "rows.jsonl"))
        path.write_text(content, encoding="utf-8")
        out, status = StringIO(), 0
        try:
            call_command("import_resources", str(path), "--institution", institution.slug, *options, stdout=out, stderr=StringIO())
        except SystemExit as ending:
            status = ending.code
        return status, out.getvalue()

    return import_rows


def edition(identifier="soap-boats"):
    return ResourcePage.objects.get(identifier=identifier)


def draft(identifier="soap-boats"):
    return edition(identifier).get_latest_revision_as_object()


def test_a_whole_row_is_published_and_recorded(run):
    status, out = run([WHOLE], "--publish")
    assert (status, "1 new" in out) == (0, True)
    assert edition().live
    assert [term.slug for term in edition().subjects.all()] == ["water"]
    assert edition().alternative_titles == {"fr": "Bateaux à savon"}
    assert AuditEntry.objects.filter(action="catalogue.resource.publish_directly", object_id=str(edition().edition_id)).count() == 1


def test_without_publish_a_row_becomes_a_draft(run):
    assert run([WHOLE])[0] == 0
    assert not edition().live


def test_run_twice_it_changes_nothing(run):
    run([WHOLE], "--publish")
    before = (edition().latest_revision_id, edition().last_published_at, AuditEntry.objects.count())
    status, out = run([WHOLE], "--publish")
    assert (status, "1 as they were" in out) == (0, True)
    assert (edition().latest_revision_id, edition().last_published_at, AuditEntry.objects.count()) == before


def test_run_after_an_edit_it_updates(run):
    run([WHOLE], "--publish")
    first = edition().edition_id
    status, out = run([{**WHOLE, "title": "Soap boats race", "age_max": None, "materials": []}], "--publish")
    assert (status, "1 changed" in out) == (0, True)
    assert (edition().title, edition().age_max, edition().materials, edition().edition_id) == ("Soap boats race", None, "", first)


def test_what_a_row_does_not_mention_stays(run):
    run([WHOLE], "--publish")
    run([{"identifier": "soap-boats", "title": "Soap boats race"}], "--publish")
    assert edition().abstract == WHOLE["abstract"]


def test_a_bad_row_stops_nothing_and_the_report_says_line_field_and_reason(run, tmp_path):
    rows = [
        {**WHOLE, "subjects": ["water", "wizardry"]},
        {**WHOLE, "identifier": "b", "access": "friends"},
        {"title": "no identifier"},
        {**WHOLE, "identifier": "d"},
    ]
    report = tmp_path / "report.csv"
    status, out = run(rows, "--publish", "--report", str(report))
    assert status == 1
    assert sorted(ResourcePage.objects.filter(live=True).values_list("identifier", flat=True)) == ["d", "soap-boats"]
    with report.open(encoding="utf-8-sig", newline="") as file:
        lines = [(row["line"], row["field"], row["effect"]) for row in csv.DictReader(file)]
    assert lines == [("1", "subjects", "left-out"), ("2", "access", "refused"), ("3", "identifier", "refused")]
    assert "wizardry" in out
    assert "Line 2, access" in out
    assert "2 new" in out
    assert "2 not taken in" in out


def test_what_lacks_a_needed_field_becomes_a_draft_that_says_what_is_missing(run):
    row = {name: value for name, value in WHOLE.items() if name not in {"licence", "resource_type"}}
    status, out = run([row], "--publish")
    assert status == 1
    assert not edition().live
    assert edition().licence is None
    assert "Line 1, licence" in out
    assert "Line 1, resource_type" in out
    assert run([row])[0] == 0  # it is in as it was asked: as a draft


def test_a_row_with_an_identifier_alone_is_a_draft(run):
    run([{"identifier": "x"}], "--publish")
    assert not edition("x").live


def test_an_incomplete_row_never_unpublishes_what_is_published(run):
    run([WHOLE], "--publish")
    status, _out = run([{**WHOLE, "abstract": "", "title": "Half"}], "--publish")
    assert status == 1
    assert edition().live
    assert edition().title == "Soap boats"
    assert draft().title == "Half"


def test_dry_run_reports_the_same_and_writes_nothing(run, work_changes):
    rows = [
        WHOLE,
        {**WHOLE, "identifier": "fr", "languages": ["fr"], "translation_of": "soap-boats"},
        {**WHOLE, "identifier": "c", "cost": "x"},
    ]
    counts = (ResourcePage.objects.count(), Work.objects.count(), AuditEntry.objects.count())
    dry_status, dry = run(rows, "--dry-run", "--publish")
    assert (ResourcePage.objects.count(), Work.objects.count(), AuditEntry.objects.count()) == counts
    assert "nothing was written" in dry
    status, out = run(rows, "--publish")
    assert (dry_status, dry.split("written. ")[1]) == (status, out.splitlines()[-1] + "\n")
    assert dry.splitlines()[:-1] == out.splitlines()[:-1]


def test_translations_are_tied_even_if_the_original_comes_later(run):
    french = {**WHOLE, "identifier": "fr", "title": "Bateaux", "languages": ["fr"], "translation_of": "soap-boats"}
    german = {**WHOLE, "identifier": "de", "title": "Boote", "languages": ["de"], "translation_of": "fr"}
    status, _out = run([german, french, WHOLE], "--publish")
    assert status == 0
    assert {edition(name).work_id for name in ("fr", "de", "soap-boats")} == {edition().work_id}
    assert edition("de").translation_of == edition("fr")


def test_references_that_lead_nowhere_or_in_a_circle_are_reported(run):
    one = {**WHOLE, "identifier": "one", "translation_of": "two"}
    two = {**WHOLE, "identifier": "two", "translation_of": "one"}
    lost = {**WHOLE, "identifier": "lost", "translation_of": "nowhere"}
    status, out = run([one, two, lost], "--publish")
    assert status == 1
    assert "nowhere" in out
    assert ResourcePage.objects.count() == 3


def test_the_same_identifier_twice_is_refused_the_second_time(run):
    status, out = run([WHOLE, {**WHOLE, "title": "Another"}], "--publish")
    assert status == 1
    assert "Line 2, identifier: Line 1 has the same identifier" in out
    assert edition().title == "Soap boats"


def test_csv_with_lists_and_a_byte_order_mark(run):
    header = "identifier,title,abstract,body,languages,resource_type,subjects,licence,contributors,keywords,age_min"
    row = 'kite,"Kites, big",Abstract,Plain text,en,experiment,water|oceans,CC0-1.0,"Diaz, Ana|Wei, Li",wind|air,7'
    status, out = run(f"\ufeff{header}\r\n{row}\r\n", "--publish")
    assert (status, out) == (0, out)
    kite = edition("kite")
    assert kite.live
    assert kite.contributors == "Diaz, Ana\nWei, Li"
    assert kite.body == "<p>Plain text</p>"
    assert {term.slug for term in kite.subjects.all()} == {"water", "oceans"}


@pytest.fixture
def folder(tmp_path, settings):
    """A folder of files for the real store."""
    ensure_bucket(settings.S3_BUCKET)
    root = tmp_path / "files"
    (root / "sub").mkdir(parents=True)
    (root / "template.txt").write_text("Fold along the line.\n")
    (root / "sub" / "说明.txt").write_text("沿线折叠。\n")
    (root / "empty.txt").touch()
    (tmp_path / "secret.txt").write_text("not yours")
    return root


def test_files_of_the_folder_come_along_and_are_stored_once(run, folder):
    row = {**WHOLE, "files": ["template.txt", "sub/说明.txt"]}
    assert run([row], "--publish", "--files", str(folder))[0] == 0
    stored = [file.stored_object for file in edition().files.all()]
    assert [(each.filename, each.state) for each in stored] == [("template.txt", "verified"), ("说明.txt", "verified")]
    status, out = run([row], "--publish", "--files", str(folder))
    assert (status, "1 as they were" in out) == (0, True)
    run([{**row, "files": []}], "--publish", "--files", str(folder))
    assert edition().files.count() == 0


def test_files_that_cannot_be_taken_are_reported_and_nothing_outside_the_folder_is(run, folder):
    row = {**WHOLE, "files": ["../secret.txt", "missing.txt", "template.txt"]}
    status, out = run([row], "--publish", "--files", str(folder))
    assert status == 1
    assert out.count("Line 1, files") == 2
    assert [file.stored_object.filename for file in edition().files.all()] == ["template.txt"]


def test_a_file_that_does_not_pass_its_check_is_named(run, folder):
    status, out = run([{**WHOLE, "files": ["empty.txt"]}, {**WHOLE, "identifier": "b"}], "--publish", "--files", str(folder))
    assert status == 1
    assert "Line 1, files: empty.txt: " in out
    assert edition("b").live


def test_when_the_store_is_away_rows_with_files_wait_for_the_next_run(run, folder, settings):
    address, settings.S3_ENDPOINT_URL = settings.S3_ENDPOINT_URL, "http://127.0.0.1:9"
    rows = [{**WHOLE, "files": ["template.txt"]}, {**WHOLE, "identifier": "b"}]
    status, out = run(rows, "--publish", "--files", str(folder))
    assert status == 1
    assert "1 new" in out
    assert "1 not taken in" in out
    settings.S3_ENDPOINT_URL = address
    status, out = run(rows, "--publish", "--files", str(folder))
    assert (status, "1 new" in out, edition().files.count()) == (0, True, 1)


def test_a_dry_run_stores_no_file_and_does_not_miss_one(run, folder):
    row = {name: value for name, value in WHOLE.items() if name not in {"body", "url"}} | {"files": ["template.txt"]}
    assert run([row], "--dry-run", "--publish", "--files", str(folder))[0] == 0
    assert StoredObject.objects.count() == 0


def test_script_never_comes_in(run):
    run([{**WHOLE, "body": '<p onclick="x()">a</p><script>alert(1)</script><a href="javascript:x()">b</a>'}], "--publish")
    assert "script" not in edition().body
    assert "onclick" not in edition().body


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("rows.json", "[]", "one object a line"),
        ("rows.csv", "", "holds no rows"),
        ("rows.csv", "title\na", "No column is the identifier"),
    ],
)
def test_a_file_that_cannot_be_used_ends_with_a_sentence(run, name, content, sentence):
    with pytest.raises(CommandError, match=f"{name}: .*{sentence}") as ending:
        run(content, name=name)
    assert ending.value.returncode == 2


def test_what_a_table_is_can_be_said_and_what_is_the_same_for_all_rows(run):
    table = "Liste\nCodice;Titolo;Sala\nk-1;Aquiloni;B\n"
    options = ("--separator", ";", "--header-row", "2", "--map", "Sala=", "--map", "Titolo=abstract", "--set", "languages=it")
    status, out = run(table, *options)
    assert (status, "Codice → identifier, Titolo → abstract" in out) == (0, True)
    assert (draft("k-1").abstract, draft("k-1").language) == ("Aquiloni", "it")
    for wrong in (("--separator", "dash"), ("--map", "Sala"), ("--set", "title=x"), ("--map", "Sala=colour")):
        with pytest.raises(CommandError):
            run(table, *wrong)


def test_a_column_for_which_there_is_no_field_is_reported_once(run):
    status, out = run("identifier;title;Sala\na;A;B\nb;B;C\n")
    assert (status, out.count("Sala")) == (1, 2)
    assert "Line 1, Sala: No field was found for this column" in out


def test_terms_are_known_by_their_labels_too(run):
    run([{**WHOLE, "subjects": ["Chimie", "WATER", "化学"], "licence": "CC BY-SA 4.0", "audience": ["Primary school"]}])
    assert {term.slug for term in draft().subjects.all()} == {"water", "chemistry"}
    assert (draft().licence.slug, [term.slug for term in draft().audience.all()]) == ("CC-BY-SA-4.0", ["primary"])


def test_an_institution_that_does_not_exist(run, tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text("{}")
    with pytest.raises(CommandError, match="There is no institution “nobody”"):
        call_command("import_resources", str(path), "--institution", "nobody")
