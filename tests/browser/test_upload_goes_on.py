"""Uploads that survive: a cut line, a reload, another browser, ended links and sessions, a pause. Nothing that arrived is sent twice."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from catalogue.models import ResourcePage
from media.models import StoredObject, Upload, UploadState
from media.store import store
from tests.browser.patience import eventually
from tests.browser.uploading import (
    Puts,
    arrived,
    choose,
    choose_path,
    going,
    has_ended,
    hold,
    is_whole,
    needs_front_end,
    number_of,
    opened_editor,
    parts_in_store,
    resting,
    rows,
)
from tests.cut_line import CutLine
from tests.factories.files import LEAFLET as PDF
from tests.factories.members import PASSWORD
from tests.waiting import until

pytestmark = [pytest.mark.django_db(transaction=True), needs_front_end]

MIB = 1024 * 1024
COUNTING = "hash_worker"


@pytest.fixture
def line(settings):
    """A line between browser and store that can be cut."""
    line = CutLine(settings.S3_PUBLIC_ENDPOINT_URL)
    directives = {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"], "connect-src": ["'self'", line.url]}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives}
    settings.S3_PUBLIC_ENDPOINT_URL = line.url
    yield line
    line.cut()


def test_a_line_cut_in_the_middle_of_a_part_is_waited_for(line, editor, film):
    page, puts = editor.page, Puts(editor.page)
    line.cut_after(13 * MIB)
    choose_path(page, film)
    eventually(page, lambda: line.is_cut)
    expect(going(page)).to_contain_text("goes on by itself", timeout=20_000)
    there, before = parts_in_store(), len(puts.numbers)
    assert len(there) < 4
    line.mend()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(rows(page, "verified")).to_have_count(1, timeout=30_000)
    assert is_whole(film)
    assert not there & set(puts.numbers[before:])


def test_a_browser_without_a_line_goes_on_when_it_is_back(editor, film):
    page = editor.page
    held = hold(page, 2, 3, 4)
    choose_path(page, film)
    arrived(page, 1)
    editor.context.set_offline(True)
    for route in held:
        route.abort("internetdisconnected")
    page.unroute_all()
    expect(going(page)).to_contain_text("goes on by itself", timeout=20_000)
    editor.context.set_offline(False)
    expect(rows(page, "verified")).to_have_count(1, timeout=30_000)
    assert is_whole(film)


def test_what_counts_checksums_is_loaded_again_as_often_as_it_takes_without_a_line(editor, film):
    page, asked = editor.page, []
    page.on("request", lambda request: asked.append(request) if COUNTING in request.url else None)

    def cut_the_line(route):
        answer = route.fetch()
        editor.context.set_offline(True)
        route.fulfill(response=answer)

    page.route("**/parts/", cut_the_line, times=1)
    choose_path(page, film)

    def tried_more_often_than_what_may_fail():
        page.evaluate("window.dispatchEvent(new Event('online'))")
        return len(asked) > 10

    eventually(page, tried_more_often_than_what_may_fail)
    expect(going(page)).to_contain_text("goes on by itself")
    page.unroute_all()
    editor.context.set_offline(False)
    expect(rows(page, "verified")).to_have_count(1, timeout=30_000)
    assert is_whole(film)


def test_what_counts_checksums_is_loaded_again_for_the_next_file(editor, film):
    page = editor.page
    page.route(f"**/{COUNTING}*", lambda route: route.abort())
    choose_path(page, film)

    def has_failed():
        page.evaluate("window.dispatchEvent(new Event('online'))")
        return going(page).get_by_role("button", name="Try again").is_visible()

    eventually(page, has_failed)
    expect(going(page)).to_contain_text("The site cannot be reached")
    page.unroute_all()
    choose(page, ("leaflet.pdf", PDF))
    expect(rows(page, "verified")).to_have_count(1, timeout=20_000)
    going(page).get_by_role("button", name="Try again").click()
    expect(rows(page, "verified")).to_have_count(2, timeout=30_000)


def test_after_a_reload_the_file_is_chosen_again_and_goes_on(editor, film):
    page = editor.page
    hold(page, 2, 4)
    choose_path(page, film)
    arrived(page, 1, 3)
    page.reload()
    page.unroute_all()
    expect(resting(page)).to_contain_text("film.zip")
    expect(resting(page)).to_contain_text("63% of 25.0\xa0MB has arrived")
    puts = Puts(page)
    choose_path(page, film)
    expect(resting(page)).to_have_count(0)
    expect(rows(page, "verified")).to_have_count(1, timeout=30_000)
    assert sorted(puts.numbers) == [2, 4]
    assert Upload.objects.count() == 1
    assert is_whole(film)


def test_another_browser_and_a_new_login_go_on_with_it_too(editor, visit, user, film):
    hold(editor.page, 4)
    choose_path(editor.page, film)
    arrived(editor.page, 1, 2, 3)
    editor.context.close()
    page = opened_editor(visit(), user).page
    puts = Puts(page)
    choose_path(page, film)
    expect(rows(page, "verified")).to_have_count(1, timeout=30_000)
    assert puts.numbers == [4]
    assert is_whole(film)


def test_another_file_of_the_same_name_begins_anew_and_the_first_can_be_discarded(editor, film):
    page = editor.page
    hold(page, 1, 2, 3, 4)
    choose_path(page, film)
    eventually(page, Upload.objects.exists)
    page.reload()
    page.unroute_all()
    expect(resting(page)).to_have_count(1)
    film.write_bytes(film.read_bytes()[:-1] + b"x")
    hold(page, 4)
    choose_path(page, film)
    expect(going(page)).to_contain_text("begins anew")
    page.unroute_all()
    expect(rows(page, "verified")).to_have_count(1, timeout=30_000)
    assert is_whole(film)
    resting(page).get_by_role("button", name="Discard").click()
    expect(page.locator("[data-uploads-unfinished]")).to_be_hidden()
    assert set(Upload.objects.values_list("state", flat=True)) == {UploadState.COMPLETED, UploadState.ABORTED}


def test_another_tab_does_not_take_for_unfinished_what_this_one_sends(editor, user, film):
    hold(editor.page, 4)
    choose_path(editor.page, film)
    arrived(editor.page, 1, 2, 3)
    second = editor.context.new_page()
    second.goto(editor.page.url, wait_until="networkidle")
    expect(resting(second)).to_have_count(0)
    second.locator("[data-uploads] input[type=file]").set_input_files(film)
    expect(rows(second, "verified")).to_have_count(1, timeout=30_000)
    assert Upload.objects.count() == 2


def test_links_that_ended_are_signed_anew(editor, film, monkeypatch):
    page, puts, signed = editor.page, Puts(editor.page), []
    sign, late = type(store()).sign_part, {1, 3}

    def for_a_second_at_first(self, key, upload_id, number, *size_and_lifetime, **more):
        size, lifetime = size_and_lifetime
        if number in late and number not in signed:
            lifetime = dt.timedelta(seconds=1)
        signed.append(number)
        return sign(self, key, upload_id, number, size, lifetime, **more)

    def send_late(route):
        if puts.numbers.count(number_of(route.request)) == 1:
            eventually(page, lambda: has_ended(route.request.url))
        route.continue_()

    monkeypatch.setattr(type(store()), "sign_part", for_a_second_at_first)
    page.route(re.compile(f"partNumber=({'|'.join(map(str, late))})&"), send_late)
    choose_path(page, film)
    expect(rows(page, "verified")).to_have_count(1, timeout=40_000)
    assert sorted(puts.numbers) == [1, 1, 2, 3, 3, 4]
    assert is_whole(film)


def test_pause_and_go_on(editor, film):
    page, puts = editor.page, Puts(editor.page)
    hold(page, 3, 4)
    choose_path(page, film)
    arrived(page, 1, 2)
    expect(going(page)).to_contain_text(re.compile(r"\d+%"))
    going(page).get_by_role("button", name="Pause").click()
    expect(going(page)).to_contain_text("Paused")
    page.unroute_all()
    before = len(puts.numbers)
    going(page).get_by_role("button", name="Go on").click()
    expect(rows(page, "verified")).to_have_count(1, timeout=30_000)
    assert sorted(puts.numbers[before:]) == [3, 4]
    assert is_whole(film)


def test_rate_and_time_left_are_said(editor, film):
    page = editor.page
    slow = editor.context.new_cdp_session(page)
    slow.send("Network.enable")
    limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 3 * MIB}
    slow.send("Network.emulateNetworkConditions", limits)
    choose_path(page, film)
    expect(going(page)).to_contain_text(re.compile(r"\d+% sent, [\d.]+ [kM]B/s, about \d+ seconds? left"), timeout=15_000)
    slow.send("Network.emulateNetworkConditions", {**limits, "uploadThroughput": -1})
    expect(rows(page, "verified")).to_have_count(1, timeout=30_000)


def test_a_session_that_ended_says_so_and_goes_on_after_signing_in_in_another_tab(editor, user, film):
    page = editor.page
    hold(page, 4)
    choose_path(page, film)
    arrived(page, 1, 2, 3)
    editor.context.clear_cookies()
    going(page).get_by_role("button", name="Pause").click()
    page.unroute_all()
    going(page).get_by_role("button", name="Go on").click()
    expect(going(page)).to_contain_text("sign in in another tab", timeout=20_000)
    other = editor.context.new_page()
    editor.page = other
    editor.sign_in(user.email, PASSWORD)
    puts = Puts(page)
    going(page).get_by_role("button", name="Try again").click()
    expect(rows(page, "verified")).to_have_count(1, timeout=30_000)
    assert puts.numbers == [4]
    assert is_whole(film)
    page.get_by_label("Title", exact=False).first.fill("Soap boats")
    page.get_by_role("button", name="Save draft").click()
    expect(page).to_have_url(re.compile("/edit/"), timeout=20_000)
    until(lambda: ResourcePage.objects.filter(title="Soap boats", files__stored_object__filename="film.zip").exists())


def test_a_name_that_promises_what_is_not_taken_is_a_warning_not_a_decision(editor):
    page = editor.page
    choose(page, ("plan.exe", PDF))
    expect(going(page)).to_contain_text("not taken as a rule")
    assert not StoredObject.objects.exists()
    going(page).get_by_role("button", name="Send it all the same").click()
    expect(rows(page, "verified")).to_have_count(1, timeout=20_000)


def test_a_lack_of_space_is_said_before_anything_is_sent(editor, user, film):
    user.institution.quota_bytes = 40 * MIB
    user.institution.save()
    page = editor.page
    hold(page, 1, 2, 3, 4)
    choose_path(page, film)
    eventually(page, Upload.objects.exists)
    choose_path(page, film)
    expect(going(page).nth(1)).to_contain_text("are left, this file has")
    expect(going(page).nth(0)).not_to_contain_text("are left")
