"""Every public page in a real browser, at the width of a phone and of a desk: it fits, and nothing complains."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from core import jobs
from search import index, rebuild
from tests.factories.catalogue import make_resource
from tests.factories.media import make_object
from tests.factories.members import PASSWORD, make_institution, make_user

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = [390, 1280]


def picture():
    body = io.BytesIO()
    Image.linear_gradient("L").resize((1200, 800)).save(body, "PNG")
    return body.getvalue()


@pytest.fixture
def library(db):
    """A few works, one with a picture, indexed."""
    institution = make_institution(name="Severnside")
    drawing = make_object(institution, body=picture(), filename="a-very-long-name-without-any-break-in-it-" * 4 + ".png")
    notes = make_object(institution, body=b"Fill the tray.", filename="notes.txt")
    while jobs.run_due(10):
        pass
    works = {
        "boats": make_resource(institution, title="Soap boats", files=[drawing, notes], subjects=["mechanics"], materials="tray\nsoap"),
        "arabic": make_resource(institution, title="قوارب الصابون", abstract="تجربة عن التوتر السطحي.", language="ar"),
        "game": make_resource(institution, title="Bubble game", resource_type="game", access="members", files=[notes]),
        "long": make_resource(institution, title="Seifenblasen" * 12, language="de"),
    }
    index.delete(index.ours())
    rebuild.rebuild()
    yield works
    index.delete(index.ours())


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_fit_and_nothing_complains(width, library, visit):
    addresses = [
        "/en/",
        "/fr/",
        "/zh-hans/",
        "/en/search/?q=soap",
        "/en/catalogue/",
        "/en/institutions/",
        library["boats"].institution.page.get_url(),
        *[edition.get_url() for edition in library.values()],
        reverse("login"),
        reverse("password_reset"),
    ]
    tab = visit(width=width)
    for address in addresses:
        tab.page.goto(address, wait_until="networkidle")
        assert (address, tab.overflow()) == (address, 0)
        assert (address, tab.complaints) == (address, [])


@pytest.mark.parametrize("width", WIDTHS)
def test_an_error_page_fits(width, library, visit):
    tab = visit(width=width)
    assert tab.page.goto("/en/no/such/page/").status == 404
    assert tab.overflow() == 0


def test_choosing_a_facet_changes_results_and_address_in_place(library, visit):
    tab = visit()
    tab.page.goto("/en/search/?q=soap")
    tab.page.evaluate("window.stayed = true")
    tab.page.get_by_label("Experiment").check()
    tab.page.wait_for_url("**/search/?q=soap&resource_type=experiment")
    tab.page.locator(".chip", has_text="Experiment").wait_for()
    assert tab.page.get_by_label("Experiment").is_checked()
    assert tab.page.evaluate("document.activeElement.id") == "resource_type-experiment"

    tab.page.locator(".chip", has_text="Experiment").click()
    tab.page.wait_for_url("**/search/?q=soap")
    tab.page.locator(".chip").wait_for(state="detached")
    tab.page.go_back()
    tab.page.wait_for_url("**/search/?q=soap&resource_type=experiment")
    tab.page.locator(".chip", has_text="Experiment").wait_for()
    assert tab.page.evaluate("window.stayed")
    assert tab.complaints == []


def test_a_facet_that_was_opened_stays_open(library, visit):
    tab = visit()
    tab.page.goto("/en/search/")
    tab.page.locator("#facet-access > summary").click()
    tab.page.get_by_label("Members of the network").check()
    tab.page.locator(".chip", has_text="Members of the network").wait_for()
    tab.page.locator(".chip", has_text="Members of the network").click()
    tab.page.locator(".chip").wait_for(state="detached")
    assert tab.page.locator("#facet-access").get_attribute("open") is not None


@pytest.mark.parametrize("width", WIDTHS)
def test_searching_works_without_scripts(width, library, visit):
    tab = visit(width=width, java_script_enabled=False)
    tab.page.goto("/en/search/")
    if width < 960:
        tab.page.locator("#filters > summary").click()
    tab.page.get_by_label("Game").check()
    tab.page.get_by_role("button", name="Apply filters").click()
    assert tab.page.get_by_role("heading", name="1 resource").is_visible()
    assert tab.page.get_by_role("link", name="Bubble game").is_visible()


def test_a_credit_is_copied_with_one_click(library, visit):
    tab = visit(permissions=["clipboard-read", "clipboard-write"])
    tab.page.goto(library["boats"].get_url())
    tab.page.get_by_role("button", name="Copy").first.click()
    tab.page.get_by_text("Copied.").wait_for()
    copied = tab.page.evaluate("navigator.clipboard.readText()")
    title, author, source, licence = copied.split(" – ")
    assert (title, author) == ("“Soap boats”", "Rosalind Ashby, Severnside")
    assert source.endswith(f"/resources/{library['boats'].work_id}/")
    assert licence.startswith("CC BY 4.0")


def test_a_download_comes_straight_from_the_store(library, visit):
    tab = visit()
    tab.page.goto(library["boats"].get_url())
    with tab.page.expect_download() as download:
        tab.page.get_by_role("link", name="Download notes.txt").click()
    assert download.value.path().read_bytes() == b"Fill the tray."
    assert download.value.suggested_filename == "notes.txt"


def test_members_sign_in_where_they_were_refused_and_get_the_file(library, visit):
    member = make_user("contributor")
    tab = visit(width=390)
    tab.page.goto(library["game"].get_url())
    assert tab.page.get_by_text("The files are for members of the network.").is_visible()
    tab.page.locator(".panel").get_by_role("link", name="Sign in").click()
    tab.page.get_by_label("E-mail address").fill(member.email)
    tab.page.get_by_label("Password").fill(PASSWORD)
    tab.page.locator("main").get_by_role("button", name="Sign in").click()
    with tab.page.expect_download() as download:
        tab.page.get_by_role("link", name="Download notes.txt").click()
    assert download.value.path().read_bytes() == b"Fill the tray."


def test_an_arabic_record_reads_from_right_to_left(library, visit):
    tab = visit()
    tab.page.goto(library["arabic"].get_url())
    title, panel = tab.page.locator("h1").bounding_box(), tab.page.locator(".record__side").bounding_box()
    assert panel["x"] + panel["width"] <= title["x"]
    assert tab.page.locator("h1").evaluate("element => getComputedStyle(element).textAlign") in {"start", "right"}
