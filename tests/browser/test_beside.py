"""In a real browser: what stands beside a resource comes when the reader does, and a card opens to its languages."""

import pytest

from search import index, rebuild
from tests.factories.catalogue import make_resource

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boats(db):
    """A resource that is longer than a window, and one like it in two languages; indexed."""
    boats = make_resource(title="Soap boats", body="<p>Fill a tray with water and wait.</p>" * 60)
    other = make_resource(title="Bubbles")
    make_resource(title="Bulles", language="fr", translation_of=other)
    index.delete(index.ours())
    rebuild.rebuild()
    yield boats
    index.delete(index.ours())


@pytest.mark.parametrize("width", [390, 1280])
def test_similar_resources_come_when_the_reader_does(width, boats, visit):
    tab = visit(width=width)
    tab.page.goto(boats.get_url(), wait_until="networkidle")
    assert tab.page.get_by_role("link", name="Bubbles").count() == 0
    with tab.page.expect_response("**/search/similar/**"):
        tab.page.locator(".beside").scroll_into_view_if_needed()
    card = tab.page.locator("article.card", has_text="Bubbles")
    card.locator("summary").click()
    assert tab.overflow() == 0
    card.get_by_role("link", name="Français").click()
    tab.page.get_by_role("heading", name="Bulles").wait_for()
    assert tab.complaints == []


def test_without_scripts_a_link_leads_there(boats, visit):
    tab = visit(java_script_enabled=False)
    tab.page.goto(boats.get_url())
    tab.page.get_by_role("link", name="Similar resources").click()
    assert tab.page.get_by_role("link", name="Bubbles").is_visible()
