"""What curators read of a file that was taken, though not without a word."""

import pytest
from django.urls import reverse

from tests.factories.catalogue import make_submitted
from tests.factories.media import make_object_row

PROGRAMS = "There are programs inside this file"


@pytest.fixture
def review(scene):
    """The page of a review as the curator sees it, for a submission with one file of these fields."""

    def page(**fields):
        stored = make_object_row(scene.owner, filename="kit.zip", content_type="application/zip", **fields)
        submission = make_submitted(scene.owner, by=scene.people["author"], files=[stored])
        address = reverse("moderation_review", args=(submission.current_workflow_task_state.pk,))
        return scene.client("curator").get(address).content.decode()

    return page


def test_curators_read_what_is_odd_about_a_file_and_that_nobody_scanned_it(review):
    page = review(warnings=["holds-programs"])
    assert PROGRAMS in page
    assert "Not scanned for viruses." in page


def test_curators_read_that_a_file_was_scanned(review):
    page = review(scan="clean")
    assert "nothing found" in page
    assert PROGRAMS not in page
