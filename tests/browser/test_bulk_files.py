"""A ZIP of files beside a table, in a real browser: straight to the store, checked there, and taken apart by the worker."""

import pytest
from playwright.sync_api import expect

from catalogue.models import ResourcePage
from media.store import store
from tests.browser.uploading import rows
from tests.factories import documents, files
from tests.factories.members import PASSWORD, make_institution, make_user

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = "identifier,title,files\nb-1,Soap boats,boat.pdf\nk-1,Kites,kite.pdf\n"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_zip_beside_a_table_brings_the_files_of_its_rows(visit, live_server, worker, width):
    store().ensure_bucket([live_server.url])
    user = make_user("contributor", institution=make_institution(language="en"))
    visited = visit(width=width)
    page = visited.page
    visited.sign_in(user.email, PASSWORD)
    page.goto("/admin/imports/")
    page.get_by_label("Table").set_input_files({"name": "rows.csv", "mimeType": "text/csv", "buffer": TABLE.encode()})
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", name="What the columns are")).to_be_visible(timeout=20_000)
    expect(page.get_by_label("files", exact=True)).to_have_value("files")

    body = documents.packed({"all/boat.pdf": files.pdf(), "all/over.pdf": files.pdf(2)})
    page.get_by_label("Choose a file").set_input_files({"name": "all.zip", "mimeType": "application/zip", "buffer": body})
    expect(rows(page, "verified")).to_have_count(1, timeout=30_000)
    assert visited.overflow() <= 0
    ends = page.locator("select:visible").evaluate_all("selects => selects.map((each) => each.getBoundingClientRect().right)")
    assert max(ends) <= width
    page.get_by_role("button", name="Check all rows").click()

    expect(page.get_by_role("heading", name="What would become of the rows")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("There is no file “kite.pdf” in the ZIP file.")).to_be_visible()
    page.get_by_text("1 file of the ZIP is named by no row").click()
    expect(page.get_by_text("all/over.pdf")).to_be_visible()
    assert visited.overflow() <= 0
    page.get_by_role("button", name="Take 2 rows in").click()

    expect(page.get_by_role("heading", name="The table is in")).to_be_visible(timeout=30_000)
    draft = ResourcePage.objects.get(identifier="b-1").get_latest_revision_as_object()
    assert [file.stored_object.filename for file in draft.files.all()] == ["boat.pdf"]
    assert not [text for text in visited.complaints if "upload" in text or "import" in text or "Content Security Policy" in text]
