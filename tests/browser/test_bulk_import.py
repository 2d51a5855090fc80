"""Importing a table, in a real browser, while the worker does its part."""

import pytest
from playwright.sync_api import expect

from catalogue.models import ResourcePage
from tests.factories.members import PASSWORD, make_institution, make_user

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = "Codice;Titolo;Descrizione breve;Fascia d'età;Parole chiave;Autori;Materia;Collegamento;Sala"
ROW = "k-{0};Aquiloni {0};Perché volano;8-12 anni;aria, vento;Diaz, Ana;Physics;https://example.org/{0};B"
ROWS = [ROW.format(number) for number in range(30)]
REFUSED = "k-1;Aquiloni;;;;;;;"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_table_becomes_drafts_before_the_person_s_eyes(visit, worker, width):
    user = make_user("contributor", institution=make_institution(language="it"))
    visited = visit(width=width)
    page = visited.page
    visited.sign_in(user.email, PASSWORD)
    page.goto("/admin/imports/")
    content = "\r\n".join([HEADER, *ROWS, REFUSED]).encode("cp1252")
    page.get_by_label("Table").set_input_files({"name": "attività.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Upload").click()

    expect(page.get_by_role("heading", name="What the columns are")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Read as Windows-1252")).to_be_visible()
    expect(page.get_by_label("Titolo")).to_have_value("title")
    expect(page.get_by_label("Sala")).to_have_value("")
    assert visited.overflow() <= 0
    page.get_by_label("Type").select_option("experiment")
    page.get_by_role("button", name="Check all rows").click()

    expect(page.get_by_role("heading", name="What would become of the rows")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Line 3 has the same identifier already.")).to_be_visible()
    assert visited.overflow() <= 0
    assert ResourcePage.objects.count() == 0
    page.get_by_role("button", name="Take 30 rows in").click()

    expect(page.get_by_role("heading", name="The table is in")).to_be_visible(timeout=30_000)
    assert ResourcePage.objects.filter(live=False).count() == 30
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the report").click()
    assert "not taken in" in download.value.path().read_text(encoding="utf-8-sig")
    page.get_by_role("link", name="Aquiloni 7").click()
    page.wait_for_url("**/edit/")
    assert not [text for text in visited.complaints if "import" in text or "Content Security Policy" in text]
