"""The resource editor: what it begins with, what it says is missing, what it takes over from an earlier resource."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from catalogue.models import ResourcePage
from core import clock
from tests.denial import is_denied
from tests.factories.catalogue import make_resource, make_submitted, reload, revise
from tests.factories.media import make_object_row
from tests.factories.members import make_superuser, make_user

pytestmark = pytest.mark.django_db


def soup_of(response):
    return BeautifulSoup(response.content.decode(), "html.parser")


def missing(page):
    """Return the fields that the panel lists as missing."""
    lines = page.select("[data-list=required] [data-fields]:not([hidden]) a")
    return [line["data-jump"] for line in lines]


def test_a_new_resource_begins_with_what_is_usual(desk):
    form = desk.form(desk.add_url)
    assert form["language"] == ["Welsh (cy)"]
    assert form["credit_line"] == ["Severn Festival"]
    assert form["year"] == [str(clock.today().year)]
    page = soup_of(desk.client.get(desk.add_url))
    assert page.select_one("#id_licence option[selected]").text == "CC BY 4.0 (credit)"


def test_the_panel_says_what_is_missing_and_where(desk):
    page = soup_of(desk.client.get(desk.add_url))
    assert missing(page) == ["title", "abstract", "resource_type", "subjects", "files"]
    draft = make_resource(desk.institution, publish=False, abstract="", subjects=[], body="", contributors="")
    page = soup_of(desk.client.get(desk.edit_url(draft)))
    assert missing(page) == ["abstract", "subjects", "contributors", "files"]
    revise(draft, abstract="Boats.", subjects=["physics"], credit_line="Severn Festival", external_url="https://example.org/")
    page = soup_of(desk.client.get(desk.edit_url(draft)))
    assert missing(page) == []
    assert not page.select_one("[data-complete]").has_attr("hidden")


def test_a_file_that_is_being_checked_is_waited_for(desk):
    stored = make_object_row(desk.institution, state="uploaded")
    draft = make_resource(desk.institution, publish=False, files=[stored])
    page = soup_of(desk.client.get(desk.edit_url(draft)))
    assert missing(page) == []
    assert not page.select_one("[data-files-wait]").has_attr("hidden")
    assert page.select_one("[data-complete]").has_attr("hidden")


def test_a_refused_submission_says_what_is_missing(desk):
    draft = make_resource(desk.institution, publish=False, licence=None, abstract="")
    url = desk.edit_url(draft)
    refused = soup_of(desk.client.post(url, {**desk.form(url), "title": "Half done", "action-submit": "1"}))
    said = refused.select_one(".messages")
    assert [link["data-jump"] for link in said.select("a[data-jump]")] == ["abstract", "licence"]
    assert "not submitted yet" in said.text
    assert "validation" not in said.text
    assert refused.select_one("#id_title")["value"] == "Half done", "what was typed is still there"
    new = soup_of(desk.client.post(desk.add_url, {**desk.form(desk.add_url), "title": "New", "slug": "new", "action-submit": "1"}))
    assert "not submitted yet" in new.select_one(".messages").text
    assert not ResourcePage.objects.filter(slug="new").exists()


def test_what_no_browser_sends_breaks_nothing(desk):
    draft = make_resource(desk.institution, publish=False)
    url = desk.edit_url(draft)
    strange = {"files-TOTAL_FORMS": "1", "files-INITIAL_FORMS": "0", "files-0-stored_object": "no-uuid", "language": "(((en)"}
    assert desk.client.post(url, {**desk.form(url), **strange, "action-submit": "1"}).status_code == 200


def test_another_mistake_is_said_as_before(desk):
    draft = make_resource(desk.institution, publish=False)
    url = desk.edit_url(draft)
    refused = soup_of(desk.client.post(url, {**desk.form(url), "age_min": "9", "age_max": "3"}))
    assert "The oldest age is below the youngest." in refused.text


def test_saving_and_submitting_stand_side_by_side(desk):
    draft = make_resource(desk.institution, publish=False)
    for url in (desk.add_url, desk.edit_url(draft)):
        footer = soup_of(desk.client.get(url)).select_one(".fc-buttons")
        assert [" ".join(button.text.split()) for button in footer.select("button")] == ["Save draft", "Submit to the curators"]


def test_what_waits_can_be_taken_back(desk):
    waiting = make_submitted(by=desk.user)
    url = desk.edit_url(waiting)
    page = soup_of(desk.client.get(url))
    assert "Take it back from the curators" in page.select_one("footer").text
    assert "The curators have it" in page.select_one(".messages").text
    assert not page.select("[data-completeness]")
    assert desk.client.post(url, {**desk.form(url), "action-cancel-workflow": "1"}).status_code in {200, 302}
    assert reload(waiting).current_workflow_state is None
    assert soup_of(desk.client.get(url)).select_one(".fc-buttons")


def test_saving_by_itself_never_writes_over_what_curators_were_shown(desk):
    waiting = make_submitted(by=desk.user, abstract="As it was judged.")
    shown = waiting.current_workflow_task_state.revision
    waiting.current_workflow_state.cancel(user=desk.user)
    url = desk.edit_url(waiting)
    changed = {**desk.form(url), "abstract": "As nobody saw it."}
    assert is_denied(desk.client.post(url, {**changed, "overwrite_revision_id": shown.pk}, headers={"accept": "application/json"}))
    shown.refresh_from_db()
    assert shown.content["abstract"] == "As it was judged."
    saved = desk.client.post(url, changed, headers={"accept": "application/json"}).json()
    again = desk.client.post(url, {**changed, "overwrite_revision_id": saved["revision_id"]}, headers={"accept": "application/json"}).json()
    assert again["revision_id"] == saved["revision_id"], "its own draft it writes over"
    assert reload(waiting).get_latest_revision_as_object().abstract == "As nobody saw it."


def test_the_language_is_chosen_by_name(desk):
    draft = make_resource(desk.institution, publish=False)
    url = desk.edit_url(draft)
    assert desk.client.post(url, {**desk.form(url), "language": "Deutsch"}).status_code == 302
    assert reload(draft).language == "de"


def test_a_draft_begins_with_an_earlier_resource(desk):
    stored = make_object_row(desk.institution)
    earlier = make_resource(
        desk.institution,
        title="Soap boats",
        keywords=["soap"],
        audience=["primary"],
        setting=["classroom"],
        materials="card\nsoap",
        year=1999,
        identifier="boats-1",
        external_url="https://example.org/boats",
        alternative_titles={"fr": "Bateaux"},
        files=[stored],
        licence="CC0-1.0",
        language="fr",
    )
    revise(earlier, materials="card\nsoap\nwater")
    listed = soup_of(desk.client.get(reverse("resource_copy"), {"q": "soap"}))
    (link,) = [link["href"] for link in listed.select("td.title a")]
    form = desk.form(link)
    assert [line.strip() for line in form["materials"]] == ["card\nsoap\nwater"], "its latest draft"
    assert form["keywords"] == ["soap"]
    assert form["language"] == ["French (fr)"]
    for name in ("title", "identifier", "external_url", "alternative_titles", "slug"):
        assert [value.strip() for value in form[name]] == [""], name
    assert form["files-TOTAL_FORMS"] == ["0"]
    assert form["year"] == [str(clock.today().year)]
    assert desk.client.post(desk.add_url, {**form, "title": "Soap ships", "slug": "soap-ships"}).status_code == 302
    copy = ResourcePage.objects.get(slug="soap-ships")
    assert copy.work_id != earlier.work_id
    assert copy.licence.slug == "CC0-1.0"
    assert [term.slug for term in copy.setting.all()] == ["classroom"]
    assert [term.slug for term in copy.audience.all()] == ["primary"]
    assert [term.slug for term in copy.subjects.all()] == ["physics"]
    assert [keyword.name for keyword in copy.keywords.all()] == ["soap"]
    assert not copy.files.exists()


def test_nothing_is_taken_from_another_institution(desk):
    foreign = make_resource(title="Secret", abstract="Nobody knows.", publish=False)
    assert desk.client.get(desk.add_url, {"copy": foreign.pk}).status_code == 404
    for nonsense in ("x", "²"):
        assert desk.client.get(desk.add_url, {"copy": nonsense}).status_code == 200
    assert "Secret" not in desk.client.get(reverse("resource_copy")).content.decode()
    curator = Client()
    curator.force_login(make_user("curator"))
    assert is_denied(curator.get(reverse("resource_copy")))
    nobody = Client()
    nobody.force_login(make_superuser())
    assert is_denied(nobody.get(reverse("resource_copy")))


def test_what_was_taken_back_is_no_curator_s_business(desk):
    waiting = make_submitted(by=desk.user, title="Not ready after all")
    task_id = waiting.current_workflow_task_state.task_id
    curator = Client()
    curator.force_login(make_user("curator"))
    preview = reverse("wagtailadmin_pages:workflow_preview", args=(waiting.pk, task_id))
    assert "Not ready after all" in curator.get(preview).content.decode()
    waiting.current_workflow_state.cancel(user=desk.user)
    response = curator.get(preview, follow=True)
    assert response.request["PATH_INFO"] != preview
    for address in ("wagtailadmin_pages:view_draft", "wagtailadmin_pages:preview_on_edit"):
        assert is_denied(curator.get(reverse(address, args=(waiting.pk,))))


def test_the_curator_sees_files_as_people_call_them(desk):
    stored = make_object_row(desk.institution, filename="leaflet.pdf", pages=3)
    waiting = make_submitted(by=desk.user, files=[stored], alternative_titles={"fr": "Bateaux"})
    curator = Client()
    curator.force_login(make_user("curator"))
    page = soup_of(curator.get(reverse("moderation_review", args=(waiting.current_workflow_task_state.pk,))))
    line = " ".join(page.select_one(".fc-files li").text.split())
    assert "leaflet.pdf" in line
    assert "PDF" in line
    assert "3 pages" in line
    assert "application/pdf" not in line
    assert "French: Bateaux" in page.text
