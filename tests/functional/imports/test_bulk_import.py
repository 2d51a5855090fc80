"""A contributor takes a table in through the admin: what the columns are, what would become of the rows, then drafts."""

import codecs
import csv
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from catalogue.models import ResourcePage
from core import clock
from core.models import AuditEntry, Job
from exchange.bulk import jobs as bulk_jobs
from exchange.bulk import services
from exchange.bulk.forms import ColumnsForm
from exchange.bulk.labels import field_label
from exchange.models import BulkImport, ImportState
from members.services import set_roles
from tests.factories.catalogue import make_resource, make_submitted
from tests.factories.members import make_institution, make_superuser, make_user
from tests.functional.imports.desk import Desk, outcomes

pytestmark = pytest.mark.django_db

HEADER = "Codice;Titolo;Descrizione breve;Fascia d'età;Parole chiave;Autori;Materia;Collegamento"
KITE = "k-1;Aquiloni;Perché volano;8-12 anni;aria, vento;Diaz, Ana;Physics;https://example.org/k"
BOAT = "b-2;Barche;Di sapone;6-9;acqua;Wei, Li;Chemistry;www.example.org"


def table(*rows, header=HEADER):
    return "\r\n".join([header, *rows]).encode("cp1252")


def test_from_a_table_to_drafts(desk, person):
    found = desk.upload(table(KITE, BOAT))
    assert "The table is being read" in desk.page(found)
    desk.worker()
    page = desk.page(found)
    assert "Windows-1252" in page
    assert "The encoding is a guess" in page
    assert "Perché volano" in page
    found.refresh_from_db()
    assert found.mapping == ["identifier", "title", "abstract", "ages", "keywords", "contributors", "subjects", "url"]
    assert found.constants == {"languages": "it", "licence": "CC-BY-4.0"}

    desk.step(found, "check", **desk.columns(found))
    desk.worker()
    assert ResourcePage.objects.count() == 0
    assert outcomes(found) == [(2, "k-1", "created"), (3, "b-2", "created")]
    page = desk.page(found)
    assert "Aquiloni" in page
    assert "“www.example.org” is not a web address" in page
    assert "Take 2 rows in" in page

    desk.step(found, "run")
    desk.worker()
    found.refresh_from_db()
    assert (found.state, bytes(found.content)) == (ImportState.DONE, b"")
    kite = ResourcePage.objects.get(identifier="k-1").get_latest_revision_as_object()
    assert (kite.live, kite.owner, kite.title, kite.language, kite.age_min, kite.age_max) == (False, person, "Aquiloni", "it", 8, 12)
    assert [term.slug for term in kite.subjects.all()] == ["physics"]
    assert {keyword.name for keyword in kite.keywords.all()} == {"aria", "vento"}
    assert (kite.licence.slug, kite.resource_type.slug, kite.contributors) == ("CC-BY-4.0", "experiment", "Diaz, Ana")
    assert reverse("wagtailadmin_pages:edit", args=(kite.pk,)) in desk.page(found)
    assert set(AuditEntry.objects.filter(object_id=str(found.id)).values_list("action", flat=True)) == {
        "exchange.import.start",
        "exchange.import.run",
    }


def test_the_same_table_again_is_unchanged_and_an_edited_row_changes_without_emptying_what_it_does_not_say(desk):
    found = desk.checked(table(KITE, BOAT))
    desk.step(found, "run")
    desk.worker()
    again = desk.checked(table(KITE.replace("Aquiloni", "Aquiloni grandi").replace("aria, vento", ""), BOAT))
    assert outcomes(again) == [(2, "k-1", "updated"), (3, "b-2", "unchanged")]
    desk.step(again, "run")
    desk.worker()
    kite = ResourcePage.objects.get(identifier="k-1").get_latest_revision_as_object()
    assert (kite.title, kite.keywords.count()) == ("Aquiloni grandi", 2)


def test_a_workbook_with_a_title_above_its_headings(desk):
    book = openpyxl.Workbook()
    book.active.title = "Projects"
    for row in (["Export of projects"], [], ["ID", "Project name", "Start year", "Countries"], ["p-1", "Hedgehogs", 2011, "GB"]):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    found = desk.checked(buffer.getvalue(), name="projects.xlsx")
    assert (found.state, found.problem) == (ImportState.CHECKED, "")
    assert outcomes(found) == [(4, "p-1", "created")]
    assert "sheet “Projects”; the headings are in row 3" in desk.page(found)


def test_what_was_guessed_of_the_file_can_be_corrected(desk):
    found = desk.upload(table(KITE))
    desk.worker()
    desk.step(found, "read", encoding="cp1250", separator=";", header_row="1")
    desk.worker()
    found.refresh_from_db()
    assert (found.table["encoding"], found.table["sample"][0][2]) == ("cp1250", "Perché volano".encode("cp1252").decode("cp1250"))
    desk.step(found, "read", separator="|")
    desk.worker()
    found.refresh_from_db()
    assert len(found.table["header"]) == 1


def test_nothing_is_chosen_for_all_rows_that_the_person_did_not_choose(desk):
    found = desk.upload(table(KITE))
    desk.worker()
    found.refresh_from_db()
    form = ColumnsForm(found)
    shown = {name: form[name] for name in form.declared_fields if name != "languages"}
    assert {name: field.subwidgets[0].data["value"] for name, field in shown.items()} == dict.fromkeys(shown, "")
    chosen = {name: [option.data["value"] for option in field.subwidgets if option.data["selected"]] for name, field in shown.items()}
    assert chosen == {"resource_type": [""], "subjects": [""], "audience": [""], "licence": ["CC-BY-4.0"]}


def test_columns_that_cannot_be_taken_so_are_said_in_the_page(desk):
    found = desk.upload(table(KITE))
    desk.worker()
    answer = desk.step(found, "check", **desk.columns(found, **{"column-0": "title"}))
    assert answer.status_code == 422
    assert "These columns stand for the same field: Codice, Titolo" in answer.content.decode()
    answer = desk.step(found, "check", **desk.columns(found, languages="klingonish"))
    assert "is not a language tag" in answer.content.decode()
    found.refresh_from_db()
    assert found.state == ImportState.READ


def test_rows_that_are_refused_say_why_and_can_be_looked_at_alone(desk):
    found = desk.checked(table(BOAT, KITE, KITE, ";No name;;;;;;", "x;" + "too;" * 9))
    assert [(line, outcome) for line, _identifier, outcome in outcomes(found)] == [
        (2, "created"),
        (3, "created"),
        (4, "refused"),
        (5, "refused"),
        (6, "refused"),
    ]
    page = desk.page(found, "?outcome=refused")
    assert "Line 3 has the same identifier already" in page
    assert "Every row needs an identifier" in page
    assert "This row has 10 cells" in page
    assert "“www.example.org”" not in page


def test_a_file_that_is_no_table_is_told_so_and_nothing_else_happens(desk):
    found = desk.upload(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", name="picture.csv")
    desk.worker()
    assert "This is not a table of text" in desk.page(found)


def test_a_file_that_is_too_large_is_not_kept(desk, settings):
    settings.IMPORT_MAX_BYTES = 100
    answer = desk.client.post(reverse("bulk_imports"), {"table": SimpleUploadedFile("a.csv", b"x" * 101)})
    assert "too large" in answer.content.decode()
    assert BulkImport.objects.count() == 0


def test_what_is_being_judged_is_not_changed(desk, institution, person):
    edition = make_submitted(institution, by=person, identifier="k-1")
    found = desk.checked(table(KITE))
    assert outcomes(found) == [(2, "k-1", "refused")]
    assert "waits for the curators" in desk.page(found)
    assert ResourcePage.objects.get(pk=edition.pk).latest_revision_id == edition.latest_revision_id


def test_a_reference_to_what_another_institution_has_not_published_leads_nowhere(desk):
    other = make_institution(slug="rhone")
    make_resource(other, publish=False, identifier="secret")
    make_resource(other, identifier="open")
    header = "identifier;title;translation_of"
    found = desk.checked(table("a;A;rhone/secret", "b;B;rhone/open", "c;C;rhone/nothing", header=header))
    said = {row.identifier: [problem[1] for problem in row.problems if problem[0] == "translation_of"] for row in found.rows.all()}
    assert said["b"] == []
    assert said["a"] == ["No other resource “rhone/secret” was found."]
    assert said["c"] == ["No other resource “rhone/nothing” was found."]


def test_a_worker_that_is_killed_in_the_middle_leaves_a_true_report(desk, monkeypatch):
    found = desk.checked(table(KITE, BOAT, KITE.replace("k-1", "k-3"), KITE))
    desk.step(found, "run")
    noted = bulk_jobs._note

    def killed(*arguments):
        noted(*arguments)
        if found.rows.count() == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(bulk_jobs, "_note", killed)
    with pytest.raises(KeyboardInterrupt):
        bulk_jobs.work(str(found.id))
    monkeypatch.undo()
    desk.worker()
    assert outcomes(found) == [(2, "k-1", "created"), (3, "b-2", "created"), (4, "k-3", "created"), (5, "k-1", "refused")]
    assert ResourcePage.objects.count() == 3


def test_what_the_worker_gave_up_can_be_tried_again(desk, monkeypatch):
    found = desk.upload(table(KITE))
    monkeypatch.setattr(bulk_jobs, "read_table", lambda *_: 1 / 0)
    for _ in range(3):
        Job.objects.filter(key=str(found.id)).update(run_after=clock.now())
        desk.worker()
    page = desk.page(found)
    assert "we gave up after several tries" in page
    assert desk.client.get(reverse("bulk_import_progress", args=(found.id,))).json()["busy"] is False
    monkeypatch.undo()
    desk.step(found, "again")
    desk.worker()
    assert "What the columns are" in desk.page(found)


def test_two_tabs_do_not_take_one_import_two_ways(desk):
    found = desk.checked(table(KITE))
    desk.step(found, "run")
    answer = desk.client.post(reverse("bulk_import", args=(found.id,)), {"step": "check", **desk.columns(found)}, follow=True)
    assert "This import has gone on meanwhile" in answer.content.decode()
    desk.worker()
    found.refresh_from_db()
    assert found.state == ImportState.DONE


def test_who_lost_the_role_meanwhile_takes_nothing_in(desk, person):
    found = desk.checked(table(KITE))
    desk.step(found, "run")
    set_roles(person, [], by=make_superuser())
    desk.worker()
    found.refresh_from_db()
    assert (found.state, ResourcePage.objects.count()) == (ImportState.STOPPED, 0)
    assert "You may no longer" in found.problem


def test_the_report_has_every_row_and_no_formula(desk):
    found = desk.checked(table("=cmd;=HYPERLINK(1);x;nobody;;;Alchemy;", KITE))
    answer = desk.client.get(reverse("bulk_import_report", args=(found.id,)))
    assert answer.content.startswith(codecs.BOM_UTF8)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:4] == ["Row", "Identifier", "Title", "What becomes of it"]
    assert {row[0] for row in rows[1:]} == {"2", "3"}
    assert any("“Alchemy” is not a term of the vocabulary." in row for row in rows)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert "attachment" in answer["Content-Disposition"]


def test_headings_and_reasons_of_the_report_are_in_the_person_s_language(client, institution):
    client.force_login(make_user("contributor", institution=institution, language="fr"))
    found = Desk(client).checked(table("a;A;;;;;Alchemy;"))
    answer = client.get(reverse("bulk_import_report", args=(found.id,)), headers={"accept-language": "zh-hans"})
    heading, *lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    with translation.override("fr"):
        told = [gettext(text) for text in ("Row", "Identifier", "Title", "What becomes of it", "Field", "Reason", "Effect", "Address")]
        reason = gettext("“%(slug)s” is not a term of the vocabulary.") % {"slug": "Alchemy"}
        said = [gettext("new"), field_label("subjects"), reason, gettext("value left out")]
    assert heading == told
    assert said in [line[3:7] for line in lines]


def test_an_import_is_the_person_s_alone(desk, client, institution):
    found = desk.upload(table(KITE))
    for other in (make_user("contributor", institution=institution), make_user("contributor"), make_superuser()):
        client.force_login(other)
        for name in ("bulk_import", "bulk_import_progress", "bulk_import_report"):
            assert client.get(reverse(name, args=(found.id,))).status_code in {302, 403, 404}
        assert client.post(reverse("bulk_import", args=(found.id,)), {"step": "run"}).status_code in {302, 403, 404}


def test_the_clock_forgets_what_nobody_ended_and_leaves_the_worker_what_it_has(desk):
    desk.checked(table(KITE), name="left alone.csv")
    given_up, done, running = (desk.checked(table(KITE), name=f"{number}.csv") for number in range(3))
    for found in (given_up, running):
        desk.step(found, "run")
    Job.objects.filter(key=str(given_up.pk)).update(state=Job.State.FAILED)
    BulkImport.objects.filter(pk=done.pk).update(state=ImportState.DONE)
    BulkImport.objects.update(created_at=clock.now() - bulk_jobs.KEPT * 2)
    bulk_jobs.forget_old()
    assert set(BulkImport.objects.values_list("pk", flat=True)) == {done.pk, running.pk}
    assert services.is_given_up(done) is False
    desk.worker()
    running.refresh_from_db()
    assert running.state == ImportState.DONE


def test_the_job_of_an_import_that_is_gone_does_nothing(desk):
    gone = desk.upload(table(KITE))
    BulkImport.objects.all().delete()
    desk.worker()
    assert Job.objects.filter(key=str(gone.pk), state=Job.State.DONE).exists()


def test_it_is_in_the_menu_of_those_who_may(client, person):
    client.force_login(person)
    assert reverse("bulk_imports") in client.get("/admin/").content.decode()
    client.force_login(make_user("curator"))
    assert reverse("bulk_imports") not in client.get("/admin/").content.decode()
    assert client.get(reverse("bulk_imports")).status_code == 403
