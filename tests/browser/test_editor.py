"""The resource editor in a real browser: what is missing, keywords from the text, saving by itself, preview, and two people at once."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from catalogue.models import InstitutionPage, ResourcePage
from search import index, rebuild
from tests.browser.patience import write
from tests.browser.uploading import needs_front_end
from tests.factories.catalogue import make_resource, make_submitted
from tests.factories.media import make_object_row
from tests.factories.members import PASSWORD, make_user
from tests.waiting import until

pytestmark = [pytest.mark.django_db(transaction=True), needs_front_end]


@pytest.fixture
def user(live_server):
    return make_user("contributor")


@pytest.fixture
def open_editor(visit, user):
    """Open the editor of a page, or the empty form of a new one, as somebody."""

    def opened(page=None, by=user, width=1280):
        visited = visit(width)
        visited.sign_in(by.email, PASSWORD)
        home = InstitutionPage.objects.get(institution=user.institution)
        visited.page.goto(f"/admin/pages/{page.pk}/edit/" if page else f"/admin/pages/add/catalogue/resourcepage/{home.pk}/")
        expect(visited.page.locator("[data-completeness][data-ready]")).to_be_attached()
        return visited

    return opened


def lines(page):
    return page.locator("[data-list=required] [data-fields]:visible")


def latest(page):
    return ResourcePage.objects.get(pk=page.pk).get_latest_revision_as_object()


def test_the_panel_follows_what_is_written(open_editor):
    page = open_editor().page
    expect(lines(page)).to_have_count(5)
    page.get_by_role("link", name="Please give it a title.").click()
    expect(page.locator("#id_title")).to_be_focused()
    page.keyboard.type("Soap boats")
    expect(lines(page)).to_have_count(4)
    page.get_by_role("link", name=re.compile("Please write an abstract")).click()
    page.keyboard.type("Children cut boats.")
    page.locator("#id_resource_type").select_option(index=1)
    page.get_by_role("link", name=re.compile("Please choose at least one subject")).click()
    page.keyboard.press("Space")
    expect(lines(page)).to_have_count(1)
    body = page.locator("[data-contentpath=body] [contenteditable=true]")
    body.click()
    page.keyboard.type("Fill a tray.")
    expect(lines(page)).to_have_count(0)
    expect(page.locator("[data-complete]")).to_be_visible()
    expect(page.locator("[data-met]")).to_have_text("8")


def test_what_is_missing_leads_to_its_field_even_where_that_is_folded(open_editor, user):
    draft = make_resource(user.institution, publish=False, contributors="")
    page = open_editor(draft).page
    section = page.locator("[data-panel]", has=page.locator("#id_contributors"))
    section.locator("[data-panel-toggle]").first.click()
    expect(page.locator("#id_contributors")).to_be_hidden()
    page.get_by_role("link", name=re.compile("Please name at least one contributor")).click()
    expect(page.locator("#id_contributors")).to_be_focused()


def test_the_refusal_leads_to_the_field(open_editor, user):
    draft = make_resource(user.institution, publish=False, licence=None)
    visited = open_editor(draft)
    page = visited.page
    page.get_by_role("button", name="Submit to the curators").click()
    said = page.locator(".messages")
    expect(said).to_contain_text("It was not submitted yet")
    said.get_by_role("link", name=re.compile("Please choose a licence")).click()
    expect(page.locator("#id_licence")).to_be_focused()


def test_a_draft_saves_itself_with_its_files(open_editor, user):
    stored = make_object_row(user.institution, filename="leaflet.pdf")
    draft = make_resource(user.institution, publish=False, files=[stored])
    page = open_editor(draft).page
    write(
        page,
        page.get_by_label("Abstract"),
        "Written while the train went through a tunnel.",
        lambda: latest(draft).abstract.startswith("Written while"),
    )
    write(page, page.get_by_label("Group size"), "12", lambda: latest(draft).group_size == "12")
    assert [file.stored_object_id for file in latest(draft).files.all()] == [stored.pk]
    assert ResourcePage.objects.get(pk=draft.pk).current_workflow_state is None


def test_what_is_published_stays_while_a_draft_saves_itself(open_editor, user):
    edition = make_resource(user.institution, abstract="As it was.")
    page = open_editor(edition).page
    write(page, page.get_by_label("Abstract"), "As it will be.", lambda: latest(edition).abstract == "As it will be.")
    assert ResourcePage.objects.get(pk=edition.pk).abstract == "As it was."


def test_the_preview_is_the_public_page_with_files_that_are_not_saved_yet(open_editor, user):
    draft = make_resource(user.institution, publish=False, title="Soap boats")
    stored = make_object_row(user.institution, filename="leaflet.pdf")
    visited = open_editor(draft)
    page = visited.page
    page.route(re.compile(r"/admin/pages/\d+/edit/$"), lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.evaluate(
        """id => {
            document.getElementById('id_files-ADD').click()
            const row = document.getElementById('inline_child_files-0').querySelector('[data-stored-object]')
            row.querySelector('input').value = id
            row.dataset.state = 'verified'
        }""",
        str(stored.pk),
    )
    page.locator("#id_title").fill("Soap ships")
    page.get_by_role("button", name="Toggle preview").click()
    shown = page.frame_locator("#w-preview-iframe")
    expect(shown.locator("h1")).to_have_text("Soap ships", timeout=15_000)
    expect(shown.locator(".files")).to_contain_text("leaflet.pdf")
    assert latest(draft).title == "Soap boats"


def test_keywords_from_the_text_are_added_by_a_click(open_editor, user):
    index.delete(index.ours())
    make_resource(title="Bubbles", keywords=["surface tension"])
    draft = make_resource(user.institution, publish=False, title="Soap boats", abstract="Surface tension drives a boat of card.")
    rebuild.rebuild()
    try:
        visited = open_editor(draft)
        page = visited.page
        page.get_by_role("button", name="Suggest keywords from the text").click()
        page.get_by_role("button", name="+ surface tension").click()
        page.get_by_role("button", name="+ soap").click()
        expect(page.locator(".tagit-choice")).to_have_count(2)
        expect(page.get_by_role("button", name="+ soap")).to_have_count(0)
        page.get_by_role("button", name="Save draft").click()
        until(lambda: sorted(keyword.name for keyword in latest(draft).keywords.all()) == ["soap", "surface tension"])
        expect(page.locator(".tagit-choice")).to_have_count(2)
        page.get_by_role("button", name="Suggest keywords from the text").click()
        expect(page.get_by_role("button", name=re.compile(r"^\+ "))).not_to_have_count(0)
        expect(page.get_by_role("button", name="+ soap")).to_have_count(0)
    finally:
        index.delete(index.ours())


def test_two_people_at_one_resource_are_told_of_each_other(open_editor, user):
    draft = make_resource(user.institution, publish=False)
    colleague = make_user("contributor", institution=user.institution, name="Ada Okafor")
    mine = open_editor(draft).page
    theirs = open_editor(draft, by=colleague).page
    said = mine.locator("[data-others]")
    expect(said).to_contain_text("Ada Okafor has this resource open, too.", timeout=15_000)
    write(theirs, theirs.get_by_label("Abstract"), "Ada was here.", lambda: latest(draft).abstract == "Ada was here.")
    expect(said).to_contain_text("Ada Okafor saved a newer version.", timeout=15_000)
    mine.get_by_label("Abstract").fill("So was I.")
    mine.get_by_role("button", name="Save draft").click()
    expect(mine.get_by_role("dialog")).to_contain_text("Ada Okafor saved a new version")
    assert latest(draft).abstract == "Ada was here."


def test_what_waits_is_locked_and_said_so(visit, user):
    waiting = make_submitted(by=user)
    visited = visit()
    visited.sign_in(user.email, PASSWORD)
    visited.page.goto(reverse("wagtailadmin_pages:edit", args=(waiting.pk,)))
    expect(visited.page.get_by_role("button", name="Take it back from the curators")).to_be_visible()
    visited.page.get_by_role("button", name="Take it back from the curators").click()
    expect(visited.page.get_by_role("button", name="Submit to the curators")).to_be_visible()
    assert ResourcePage.objects.get(pk=waiting.pk).current_workflow_state is None
