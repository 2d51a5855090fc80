"""Searching, on a real index: what is found, by whom it is seen, and which edition stands for its work."""

import pytest

from tests.factories.catalogue import make_resource

pytestmark = pytest.mark.django_db


def test_a_published_resource_is_found_by_its_words(find):
    edition = make_resource(title="Boats that soap drives")
    results = find("soap boat")
    assert results.count == 1
    hit = results.hits[0]
    assert (hit.id, hit.edition_id, hit.title) == (edition.work_id, edition.edition_id, "Boats that soap drives")
    assert hit.matched_by == ("words",)
    assert hit.path == edition.url
    assert hit.resource_type_label == "Experiment"
