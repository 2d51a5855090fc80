"""The uploader of the resource editor, in a real browser, with the bytes sent to the real store."""

import json
import re

import pytest
from django.conf import settings as site_settings
from playwright.sync_api import expect
from wagtail.models import Revision

from catalogue.models import ResourcePage
from media.models import ObjectState, StoredObject, Upload, UploadState
from tests.browser.patience import eventually, write
from tests.browser.uploading import choose, going, needs_front_end, rows
from tests.factories import documents
from tests.factories.catalogue import make_resource
from tests.factories.files import LEAFLET as PDF
from tests.factories.media import make_object_row
from tests.waiting import until

pytestmark = [pytest.mark.django_db(transaction=True), needs_front_end]

MIB = 1024 * 1024
ZIP = b"PK\x05\x06" + bytes(18 + 9 * MIB)  # of two parts


def test_files_are_uploaded_checked_and_saved_with_the_draft(editor):
    page = editor.page
    page.get_by_label("Title", exact=False).first.fill("Soap boats")
    choose(page, ("leaflet 说明.pdf", PDF), ("kit.zip", ZIP), ("picture.png", b"<html><script>alert(1)</script></html>"))
    expect(rows(page, "verified")).to_have_count(2, timeout=20_000)
    expect(rows(page, "rejected")).to_have_count(1, timeout=20_000)
    expect(going(page)).to_have_count(0)
    assert {stored.filename for stored in StoredObject.objects.all()} == {"leaflet 说明.pdf", "kit.zip", "picture.png"}
    assert StoredObject.objects.get(filename="kit.zip").size == len(ZIP)
    expect(rows(page, "rejected")).to_contain_text("Please offer it in another format")
    page.get_by_role("button", name="Save draft").click()
    expect(page).to_have_url(re.compile("/edit/"), timeout=20_000)
    chosen = {str(stored.id) for stored in StoredObject.objects.all()}
    until(lambda: {file["stored_object"] for file in Revision.objects.latest("created_at").content["files"]} == chosen)
    expect(rows(page, "verified")).to_have_count(2)
    assert not [text for text in editor.complaints if "uploader" in text or "Content Security Policy" in text]


def test_who_writes_meanwhile_keeps_the_place(editor):
    page = editor.page
    title = page.get_by_label("Title", exact=False).first
    choose(page, ("leaflet.pdf", PDF))
    title.focus()
    expect(rows(page, "verified")).to_have_count(1, timeout=20_000)
    expect(title).to_be_focused()


def test_a_part_that_breaks_off_is_sent_again(editor):
    page = editor.page
    broken = []

    def break_the_first(route):
        if broken:
            route.continue_()
        else:
            broken.append(route.request.url)
            route.abort("connectionreset")

    page.route(f"{site_settings.S3_PUBLIC_ENDPOINT_URL}/**", break_the_first)
    choose(page, ("kit.zip", ZIP))
    expect(rows(page, "verified")).to_have_count(1, timeout=30_000)
    assert broken


def test_a_refusal_is_said_in_the_site_s_words_and_can_be_tried_again(editor):
    page = editor.page
    sentence = "Your institution's space is full."
    page.route(
        "**/uploads/",
        lambda route: route.fulfill(status=409, content_type="application/problem+json", body=json.dumps({"detail": sentence})),
    )
    choose(page, ("leaflet.pdf", PDF))
    item = going(page)
    expect(item).to_contain_text(sentence)
    page.unroute("**/uploads/")
    item.get_by_role("button", name="Try again").click()
    expect(rows(page, "verified")).to_have_count(1, timeout=20_000)


def test_a_second_try_sends_only_what_is_missing(editor):
    page = editor.page
    puts = []
    page.on("request", lambda request: puts.append(request.url) if request.method == "PUT" else None)
    page.route(
        "**/complete/",
        lambda route: route.fulfill(status=409, content_type="application/problem+json", body=json.dumps({"detail": "Not yet."})),
    )
    choose(page, ("kit.zip", ZIP))
    item = going(page)
    expect(item).to_contain_text("Not yet.", timeout=20_000)
    page.unroute("**/complete/")
    item.get_by_role("button", name="Try again").click()
    expect(rows(page, "verified")).to_have_count(1, timeout=20_000)
    assert len(puts) == 2
    assert Upload.objects.count() == 1


def test_what_is_removed_while_it_is_sent_is_given_up(editor):
    page = editor.page
    page.route(f"{site_settings.S3_PUBLIC_ENDPOINT_URL}/**", lambda _route: None)  # never answered
    with page.expect_request(lambda request: request.method == "PUT"):
        choose(page, ("kit.zip", ZIP))
    item = going(page)
    item.get_by_role("button", name="Remove").click()
    expect(item).to_have_count(0)
    until(lambda: Upload.objects.get().state == UploadState.ABORTED)
    assert StoredObject.objects.get().state == ObjectState.ABANDONED
    expect(page.locator("[data-stored-object][data-state]:not([data-state=''])")).to_have_count(0)


def test_an_empty_file_is_refused_at_once(editor):
    choose(editor.page, ("empty.pdf", b""))
    expect(going(editor.page)).to_contain_text("empty")
    assert not StoredObject.objects.exists()


def test_a_button_pressed_while_it_saves_by_itself_makes_one_page_not_an_error(editor):
    page = editor.page
    form = page.locator("#page-edit-form")
    assert "w-autosave" in form.get_attribute("data-controller")

    def answer_slowly(route):
        if route.request.headers.get("accept") == "application/json":
            page.wait_for_timeout(1500)
        route.continue_()

    page.route("**/admin/pages/**", answer_slowly)
    begun = []
    page.on("request", lambda request: begun.append(request) if request.method == "POST" and "/admin/pages/add/" in request.url else None)
    write(page, page.get_by_label("Title", exact=False).first, "Soap boats", lambda: begun)
    with page.expect_response(lambda response: response.request.method == "POST" and response.request.is_navigation_request()) as answer:
        page.get_by_role("button", name="Save draft").click()
    assert answer.value.status == 302
    page.wait_for_load_state()
    assert ResourcePage.objects.filter(title="Soap boats").count() == 1


def test_a_row_says_when_its_preview_is_ready(editor):
    choose(editor.page, ("plan.docx", documents.docx("Soap boats")))
    expect(rows(editor.page, "verified")).to_contain_text("Ready for preview and search.", timeout=30_000)


def test_of_a_lost_file_the_site_is_not_asked_again_and_again(editor, user):
    lost, waiting = (make_object_row(user.institution, state) for state in (ObjectState.LOST, ObjectState.UPLOADED))
    draft = make_resource(user.institution, publish=False, files=[lost, waiting])
    page, asked = editor.page, []
    page.on(
        "request", lambda request: asked.extend(str(stored.pk) for stored in (lost, waiting) if f"/objects/{stored.pk}/" in request.url)
    )
    page.goto(f"/admin/pages/{draft.pk}/edit/")
    expect(rows(page, "lost")).to_contain_text("Lost by the file store")
    eventually(page, lambda: asked.count(str(waiting.pk)) == 2)
    assert str(lost.pk) not in asked
