"""What of a picture stays in view: chosen by a click or with the keyboard in the editor, honoured where a list cuts the picture."""

import io
import re

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from catalogue.models import ResourcePage
from core import jobs
from tests.browser.patience import eventually
from tests.browser.uploading import choose, needs_front_end, opened_editor
from tests.factories.catalogue import make_resource
from tests.factories.media import make_object

pytestmark = [pytest.mark.django_db(transaction=True), needs_front_end]


def portrait():
    """Somebody who stands in the left half, the head a third down."""
    image = Image.new("RGB", (600, 1200), "#bcd8e8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((90, 540, 330, 1200), fill="#1f5f4a")
    draw.ellipse((120, 300, 300, 540), fill="#e0a878")
    body = io.BytesIO()
    image.save(body, "PNG")
    return body.getvalue()


def numbers(page):
    return page.get_by_label("Per cent from the left").last, page.get_by_label("Per cent from the top").last


def chosen(draft):
    return ResourcePage.objects.get(pk=draft.pk).get_latest_revision_as_object().files.get().focal_point


def click_at(page, x, y):
    """Click in the picture, at per cents of it."""
    whole = page.locator("[data-whole]:visible")
    expect(whole.locator("img")).to_have_js_property("complete", True)
    box = whole.bounding_box()
    whole.click(position={"x": box["width"] * x / 100, "y": box["height"] * y / 100})


def shown_at(page, selector):
    """Return where the picture lies in its frame, which it fills and does not hang out of."""
    image = page.locator(selector).last
    frame = image.evaluate(
        "image => [image.offsetWidth - image.parentElement.clientWidth, image.offsetHeight - image.parentElement.clientHeight]"
    )
    assert frame == [0, 0]
    return image.evaluate("image => getComputedStyle(image).objectPosition")


def example(page):
    return page.locator(".fc-focal-point__card:visible img").evaluate("image => getComputedStyle(image).objectPosition")


def test_a_click_in_a_picture_just_uploaded_sets_it(editor):
    page = editor.page
    page.locator("#id_title").fill("Curie")
    choose(page, ("curie.png", portrait()))
    expect(page.get_by_role("group", name="Focal point")).to_be_visible(timeout=20_000)
    click_at(page, 35, 30)
    left, top = numbers(page)
    expect(left).to_have_value("35")
    expect(top).to_have_value("30")
    assert example(page) == "35% 30%"
    page.get_by_role("button", name="Save draft").click()
    expect(page).to_have_url(re.compile("/edit/"), timeout=20_000)
    eventually(page, lambda: chosen(ResourcePage.objects.get()) == (35, 30))


def test_the_keyboard_sets_it_and_lists_cut_the_picture_there(visit, user, worker):
    stored = make_object(user.institution, body=portrait(), filename="curie.png")
    while jobs.run_due(10):
        pass
    draft = make_resource(user.institution, files=[stored])
    tab = visit()
    page = opened_editor(tab, user, draft).page
    left, top = numbers(page)
    expect(left).to_have_value("50")
    left.fill("40")
    left.press("Tab")
    expect(top).to_be_focused()
    for _step in range(30):
        page.keyboard.press("ArrowUp")
    assert example(page) == "40% 30%"
    page.get_by_role("button", name="Save draft").click()
    eventually(page, lambda: chosen(draft) == (40, 30))
    ResourcePage.objects.get(pk=draft.pk).get_latest_revision().publish(skip_permission_checks=True)
    page.goto("/en/catalogue/")
    assert shown_at(page, ".card__picture img") == "40% 30%"
    page.goto(draft.get_url())
    assert shown_at(page, ".file__picture img") == "40% 30%"
    assert tab.complaints == []
