"""The filters beside the results, used by hand and by keyboard in a real browser."""

import pytest
from playwright.sync_api import expect

from search import index, rebuild
from tests.factories.catalogue import make_resource
from tests.factories.members import make_institution

pytestmark = pytest.mark.django_db(transaction=True)
LANGUAGES = ["en", "fr", "it", "de", "pt", "es", "pl", "nl", "ru", "ja", "ko", "tr", "cs", "zh-Hans"]


@pytest.fixture
def shelf(db):
    """A work in each of fourteen languages, for ages 6, 7 and so on, in two subjects."""
    institution = make_institution(name="Severnside")
    for number, language in enumerate(LANGUAGES):
        subjects = ["solar-system"] if number % 2 else ["mechanics"]
        make_resource(institution, title=f"Soap {number}", language=language, subjects=subjects, age_min=6 + number, age_max=6 + number)
    index.delete(index.ours())
    rebuild.rebuild()
    yield
    index.delete(index.ours())


@pytest.fixture
def tab(shelf, visit):
    tab = visit()
    tab.page.goto("/en/search/")
    return tab


def test_choices_made_by_keyboard_one_after_another(tab):
    """Focus stays on what was chosen, and the browser has nothing to complain about."""
    page = tab.page
    page.get_by_label("French").focus()
    page.keyboard.press("Space")
    page.wait_for_url("**/search/?language=fr")
    expect(page.locator(".chip")).to_have_text(["Frenchremove"])
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator(".chip")).to_have_count(2)
    assert page.evaluate("document.activeElement.name") == "language"
    page.locator("#facet-age > summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("6–8 years").focus()
    page.keyboard.press("Space")
    expect(page.locator(".chip")).to_have_count(3)
    page.keyboard.press("Space")
    expect(page.locator(".chip")).to_have_count(2)
    page.get_by_role("link", name="Remove all").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(0)
    page.go_back()
    expect(page.locator(".chip")).to_have_count(2)
    assert tab.complaints == []


def test_on_a_phone_the_focus_stays_on_what_was_chosen(shelf, visit):
    page = visit(width=390).page
    page.goto("/en/search/")
    page.locator("#filters > summary").click()
    page.get_by_text("Show 6 more").click()
    page.get_by_label("Spanish").focus()
    page.keyboard.press("Space")
    expect(page.locator(".chip")).to_have_count(1)
    assert page.evaluate("document.activeElement.id") == "language-es"


def test_of_two_choices_in_quick_succession_both_hold(tab):
    tab.page.evaluate("for (const id of ['language-fr', 'subject-physics']) document.getElementById(id).click()")
    expect(tab.page.locator(".chip")).to_have_count(2)
    assert tab.page.url.endswith("/search/?subject=physics&language=fr")
    assert [text for text in tab.complaints if not text.startswith("htmx:")] == []  # htmx notes the request that the second replaced


def test_a_long_facet_is_searched_without_accents_and_case(tab):
    page = tab.page
    facet = page.locator("#facet-language")
    assert facet.locator(".choice:visible").count() == 8
    facet.get_by_placeholder("Find in this list").fill("ČHINÉ")
    assert [text.split() for text in facet.locator(".choice:visible").all_inner_texts()] == [["Chinese", "(Simplified)", "1"]]
    page.keyboard.press("Enter")
    assert page.url.endswith("/search/")
    facet.get_by_label("Chinese").check()
    page.wait_for_url("**/search/?language=zh-Hans")
    expect(page.locator(".chip")).to_have_count(1)
    assert facet.get_by_placeholder("Find in this list").input_value() == "ČHINÉ"
    assert facet.locator(".choice:visible").count() == 1
    facet.get_by_placeholder("Find in this list").fill("qqq")
    assert facet.get_by_text("No choice has these letters.").is_visible()
    facet.get_by_placeholder("Find in this list").fill("")
    assert facet.locator(".choice:visible").count() == 8
    facet.get_by_text("Show 6 more").click()
    assert facet.locator(".choice:visible").count() == 14
    page.go_back()
    expect(page.locator(".chip")).to_have_count(0)
    assert facet.locator(".choice:visible").count() == 14
    assert tab.complaints == []


def test_the_tree_opens_where_something_is_found_or_chosen(tab):
    page = tab.page
    facet = page.locator("#facet-subject")
    assert [text.split("\n")[0] for text in facet.locator(".choice:visible").all_inner_texts()] == ["Astronomy and space", "Physics"]
    facet.get_by_label("Astronomy and space").check()
    expect(facet.get_by_label("Solar System")).to_be_visible()
    expect(facet.get_by_label("Forces and motion")).to_be_hidden()
    facet.locator("#below-subject-physics > summary").click()
    facet.get_by_label("Forces and motion").check()
    expect(page.locator(".chip")).to_have_count(2)
    facet.locator("#below-subject-astronomy-and-space > summary").click()
    facet.get_by_label("Forces and motion").uncheck()
    expect(page.locator(".chip")).to_have_count(1)
    expect(facet.get_by_label("Solar System")).to_be_hidden()
    expect(facet.get_by_label("Forces and motion")).to_be_visible()
    assert tab.complaints == []


def test_a_range_is_typed_changed_and_taken_away(tab):
    page = tab.page
    page.locator("#facet-age > summary").click()
    facet = page.locator("#facet-age")
    facet.get_by_label("from", exact=True).fill("8")
    facet.get_by_label("to", exact=True).fill("10")
    assert page.url.endswith("/search/")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?age=8-10")
    expect(page.locator(".chip")).to_have_text(["8–10 yearsremove"])
    expect(page.get_by_role("heading", name="3 resources")).to_be_visible()
    facet.get_by_label("to", exact=True).fill("12")
    facet.get_by_role("button", name="OK").click()
    page.wait_for_url("**/search/?age=8-12")
    facet.get_by_label("6–8 years").check()
    page.wait_for_url("**/search/?age=6-8&age=8-12")
    expect(page.get_by_role("heading", name="7 resources")).to_be_visible()
    page.locator(".chip", has_text="8–12 years").click()
    page.wait_for_url("**/search/?age=6-8")
    expect(facet.get_by_label("from", exact=True)).to_have_value("")
    assert tab.complaints == []


@pytest.mark.parametrize("width", [390, 1280])
def test_without_scripts_everything_is_there(width, shelf, visit):
    tab = visit(width=width, java_script_enabled=False)
    tab.page.goto("/en/search/")
    if width < 960:
        tab.page.locator("#filters > summary").click()
    tab.page.locator("#facet-language").get_by_text("Show 6 more").click()
    tab.page.get_by_label("Turkish").check()
    tab.page.locator("#facet-age > summary").click()
    tab.page.locator("#facet-age").get_by_label("from", exact=True).fill("17")
    tab.page.get_by_role("button", name="Apply filters").click()
    tab.page.wait_for_url("**/search/?language=tr&age=17-")
    assert tab.page.get_by_role("heading", name="1 resource").is_visible()
    assert tab.page.locator("#find-language").is_hidden()
    assert tab.overflow() == 0
