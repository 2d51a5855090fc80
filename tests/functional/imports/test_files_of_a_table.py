"""A ZIP comes with a table: rows name its files, what is missing or left over is told first, then each file is taken like any other."""

import csv
import io

import pytest
from django.urls import reverse

from catalogue.file_uses import editions_with
from catalogue.models import ResourcePage
from core import clock
from core.errors import UnavailableError
from core.models import Job
from exchange.bulk import jobs as bulk_jobs
from exchange.bulk import services
from exchange.models import BulkImport, ImportState
from media import reaping
from media import services as media_services
from media.models import ObjectState, ObjectUse, StoredObject
from media.store import store
from tests.factories import documents, files
from tests.factories.media import make_object, make_object_row
from tests.factories.members import make_institution
from tests.functional.imports.desk import outcomes

pytestmark = pytest.mark.django_db

HEADER = "identifier;title;files"


def table(*rows):
    return "\n".join([HEADER, *rows]).encode()


@pytest.fixture
def zipped(institution):
    """A ZIP of these files, uploaded by the institution and checked."""
    return lambda parts, **of: make_object(of.get("institution", institution), documents.packed(parts), filename="files.zip")


def draft_files(identifier):
    draft = ResourcePage.objects.get(identifier=identifier).get_latest_revision_as_object()
    return [file.stored_object for file in draft.files.all()]


def problems(found, line):
    return [(field, reason) for field, reason, _effect in found.rows.get(line=line).problems if field == "files"]


def test_rows_take_their_files_from_the_zip(desk, person, zipped):
    leaflet, plan = files.pdf(), b"How to fold a boat.\n"
    archive = zipped({"export/boat.pdf": leaflet, "export/plan.txt": plan, "export/over.txt": b"nobody wants me"})
    found = desk.checked(table("b-1;Barche;boat.pdf|plan.txt", "k-1;Aquiloni;"), archive=archive.pk)
    assert outcomes(found) == [(2, "b-1", "created"), (3, "k-1", "created")]
    assert problems(found, 2) == []
    assert (found.unnamed_files, StoredObject.objects.count(), ResourcePage.objects.count()) == (["export/over.txt"], 1, 0)
    assert "1 file of the ZIP is named by no row" in desk.page(found)
    assert "export/over.txt" in desk.page(found)

    desk.step(found, "run")
    desk.worker()
    found.refresh_from_db()
    assert found.state == ImportState.DONE
    boat, text = draft_files("b-1")
    assert [stored.filename for stored in (boat, text)] == ["boat.pdf", "plan.txt"]
    assert {(stored.state, stored.created_by, stored.institution) for stored in (boat, text)} == {
        (ObjectState.VERIFIED, person, person.institution)
    }
    assert b"".join(store().stream(boat.bytes_key, boat.bytes_version_id)) == leaflet
    assert draft_files("k-1") == []


def test_names_that_are_not_in_the_zip_are_told_before_anything_is_written(desk, zipped):
    archive = zipped({"a/kit.pdf": files.pdf(), "b/kit.pdf": files.pdf(2)})
    found = desk.checked(table("b-1;Barche;boot.pdf", "k-1;Aquiloni;kit.pdf", "s-1;Sapone;b/kit.pdf"), archive=archive.pk)
    assert ("files", "There is no file “boot.pdf” in the ZIP file.") in problems(found, 2)
    assert ("files", "There are several files “kit.pdf” in the ZIP file. Please name the folder, too.") in problems(found, 3)
    assert problems(found, 4) == []
    answer = desk.client.get(reverse("bulk_import_report", args=(found.id,)))
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert ["", "", "", "", "Files", "No row names “a/kit.pdf”.", "stays out", ""] in lines
    assert not any("b/kit.pdf" in cell for line in lines for cell in line)
    assert ResourcePage.objects.count() == 0


def test_a_file_that_is_not_taken_keeps_its_row_out_and_says_why(desk, zipped):
    archive = zipped({"locked.pdf": files.locked_pdf(), "good.pdf": files.pdf()})
    found = desk.checked(table("l-1;Locked;locked.pdf", "g-1;Good;good.pdf"), archive=archive.pk)
    desk.step(found, "run")
    desk.worker()
    assert outcomes(found) == [(2, "l-1", "refused"), (3, "g-1", "created")]
    assert "locked.pdf: This file is locked with a password" in problems(found, 2)[0][1]
    assert not ResourcePage.objects.filter(identifier="l-1").exists()


def test_the_same_again_changes_nothing_and_keeps_no_file_twice(desk, zipped):
    parts, rows = {"boat.pdf": files.pdf()}, table("b-1;Barche;boat.pdf")
    for outcome in ("created", "unchanged"):
        found = desk.checked(rows, archive=zipped(parts).pk)
        desk.step(found, "run")
        desk.worker()
        assert outcomes(found) == [(2, "b-1", outcome)]
    assert StoredObject.objects.filter(filename="boat.pdf").count() == 1


def test_a_table_without_its_zip_leaves_the_files_alone_and_says_so(desk, zipped):
    found = desk.checked(table("b-1;Barche;boat.pdf"), archive=zipped({"boat.pdf": files.pdf()}).pk)
    desk.step(found, "run")
    desk.worker()
    again = desk.checked(table("b-1;Barche grandi;boat.pdf"))
    assert problems(again, 2) == [("files", "Files are named, but none were given with the table.")]
    desk.step(again, "run")
    desk.worker()
    assert len(draft_files("b-1")) == 1


def test_who_is_killed_in_the_middle_goes_on_with_the_files(desk, zipped, monkeypatch):
    archive = zipped({"a.pdf": files.pdf(), "b.pdf": files.pdf(2)})
    found = desk.checked(table("a;A;a.pdf", "b;B;b.pdf"), archive=archive.pk)
    desk.step(found, "run")
    noted = bulk_jobs._note

    def killed(*arguments):
        noted(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(bulk_jobs, "_note", killed)
    with pytest.raises(KeyboardInterrupt):
        bulk_jobs.work(str(found.id))
    monkeypatch.undo()
    desk.worker()
    assert outcomes(found) == [(2, "a", "created"), (3, "b", "created")]
    assert [stored.filename for stored in (*draft_files("a"), *draft_files("b"))] == ["a.pdf", "b.pdf"]


def test_while_the_store_is_away_no_row_is_refused_and_the_import_goes_on_later(desk, zipped, monkeypatch):
    archive = zipped({"a.pdf": files.pdf(), "b.pdf": files.pdf(2)})
    found = desk.checked(table("a;A;a.pdf", "b;B;b.pdf"), archive=archive.pk)
    desk.step(found, "run")
    store_file = media_services.store_file

    def away(path, **about):
        if path.name == "b.pdf":
            raise UnavailableError("The file store does not answer.")
        return store_file(path, **about)

    monkeypatch.setattr(media_services, "store_file", away)
    desk.worker()
    assert outcomes(found) == [(2, "a", "created")]
    monkeypatch.undo()
    Job.objects.filter(key=str(found.id)).update(run_after=clock.now())
    desk.worker()
    assert outcomes(found) == [(2, "a", "created"), (3, "b", "created")]
    assert [stored.filename for stored in draft_files("b")] == ["b.pdf"]


def checked_columns(desk, found, archive):
    return desk.step(found, "check", **desk.columns(found, archive=archive.pk))


def test_only_a_checked_zip_of_one_s_own_institution_can_be_chosen(desk, institution, zipped, settings):
    found = desk.upload(table("b-1;Barche;boat.pdf"))
    desk.worker()
    page = desk.page(found)
    assert f'data-institution="{institution.id}"' in page
    assert "dist/uploader.js" in page
    foreign = zipped({"boat.pdf": b"x"}, institution=make_institution())
    wrong = {
        "Select a valid choice": foreign,
        "is not a ZIP file": make_object(institution, filename="boat.zip"),
        "is still being checked": make_object_row(institution, ObjectState.UPLOADED, content_type="application/zip"),
    }
    for sentence, archive in wrong.items():
        answer = checked_columns(desk, found, archive)
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True), sentence
    settings.IMPORT_FILES_MAX_BYTES = 10
    assert "The files are too large" in checked_columns(desk, found, zipped({"boat.pdf": b"x"})).content.decode()
    found.refresh_from_db()
    assert (found.state, found.archive) == (ImportState.READ, None)


def test_a_zip_that_unpacks_to_too_much_stops_the_import(desk, zipped, settings):
    archive = zipped({"zeros.txt": bytes(100_000)})
    settings.IMPORT_FILES_MAX_BYTES = 50_000
    found = desk.checked(table("b-1;Barche;zeros.txt"), archive=archive.pk)
    assert (found.state, "too large" in found.problem) == (ImportState.STOPPED, True)


def test_a_zip_that_the_store_has_lost_stops_the_import(desk, zipped):
    archive = zipped({"boat.pdf": files.pdf()})
    found = desk.checked(table("b-1;Barche;boat.pdf"), archive=archive.pk)
    store().delete(archive.key)
    desk.step(found, "run")
    desk.worker()
    found.refresh_from_db()
    assert (found.state, ResourcePage.objects.count()) == (ImportState.STOPPED, 0)
    assert found.problem


def test_the_zip_is_kept_as_long_as_the_import_needs_it(desk, zipped, settings):
    archive = zipped({"boat.pdf": files.pdf()})
    found = desk.checked(table("b-1;Barche;boat.pdf"), archive=archive.pk)
    StoredObject.objects.update(created_at=clock.now() - settings.UNUSED_FILE_GRACE * 2)
    assert reaping.delete_unused() == 0
    assert editions_with([archive.pk]) == {}
    desk.step(found, "run")
    desk.worker()
    found.refresh_from_db()
    assert found.archive is None
    StoredObject.objects.filter(pk=archive.pk).update(released_at=clock.now() - settings.UNUSED_FILE_GRACE * 2)
    reaping.delete_unused()
    assert not StoredObject.objects.filter(pk=archive.pk).exists()


def test_an_import_that_is_forgotten_or_done_without_lets_the_zip_go(desk, person, zipped):
    archive = zipped({"boat.pdf": files.pdf()})
    found = desk.checked(table("b-1;Barche;boat.pdf"), archive=archive.pk)
    assert ObjectUse.objects.filter(stored_object=archive).count() == 1
    services.check(found.id, found.mapping, found.constants, None)
    assert not ObjectUse.objects.filter(stored_object=archive).exists()
    desk.worker()
    services.check(found.id, found.mapping, found.constants, archive)
    desk.worker()
    BulkImport.objects.update(created_at=clock.now() - bulk_jobs.KEPT * 2)
    bulk_jobs.forget_old()
    assert not ObjectUse.objects.filter(stored_object=archive).exists()
