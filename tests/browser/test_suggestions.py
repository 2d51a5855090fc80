"""Help while typing, in a real browser and by keyboard: the list opens, the arrows choose, Enter goes there, Escape closes."""

import pytest
from playwright.sync_api import expect

from search import index, rebuild
from tests.factories.catalogue import make_resource
from tests.factories.members import make_institution

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def library(db):
    institution = make_institution(name="Severnside")
    works = [
        make_resource(institution, title="Physics on a bicycle", subjects=["mechanics"], keywords=["physical theatre"]),
        make_resource(institution, title="物理魔术", language="zh-Hans", subjects=["physics"]),
    ]
    index.delete(index.ours())
    rebuild.rebuild()
    yield works
    index.delete(index.ours())


@pytest.mark.parametrize("width", [390, 1280])
def test_typing_opens_a_list_that_the_keyboard_works(width, library, visit):
    tab = visit(width=width)
    page = tab.page
    page.goto("/en/")
    box = page.get_by_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("phys")
    options = page.get_by_role("option")
    expect(options).to_have_count(3)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("group", name="Subjects").get_by_role("option")).to_have_text("Physics 2")
    expect(page.locator("[role=status]").filter(has_text="3 suggestions")).to_have_count(1)
    assert tab.overflow() == 0

    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("phys")
    box.press("ArrowDown")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.nth(0).get_attribute("id"))
    box.press("ArrowUp")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    box.press("ArrowUp")
    expect(options.nth(2)).to_have_attribute("aria-selected", "true")
    box.press("ArrowUp")
    box.press("Enter")
    page.wait_for_url("**/en/search/?subject=physics")
    assert tab.complaints == []


def test_what_was_typed_is_searched_for_when_nothing_is_chosen(library, visit):
    tab = visit()
    page = tab.page
    page.goto("/zh-hans/search/")
    box = page.get_by_label("您在找什么？")
    box.press_sequentially("物理")
    expect(page.get_by_role("option").first).to_have_text("物理魔术")
    box.press("Enter")
    page.wait_for_url("**/search/?q=**")
    expect(page.get_by_role("listbox")).to_have_count(0)
    box.press_sequentially("魔")
    page.get_by_role("option", name="物理魔术").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("物理魔术")
    assert tab.complaints == []


def test_a_choice_that_nobody_waited_for_does_not_open(library, visit):
    tab = visit()
    page = tab.page
    page.goto("/en/")
    with page.expect_response("**/suggest/**"):
        page.get_by_role("combobox").press_sequentially("phys")
    page.get_by_role("combobox").fill("")
    expect(page.get_by_role("listbox")).to_have_count(0)
