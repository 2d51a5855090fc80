"""What keeps counts true: selections narrow what is shown, never what matches."""

import pytest

from search.facets import FACETS
from search.queries import search_body
from search.types import SearchRequest, Sort

SELECTED = {"language": ("fr", "it"), "access": ("public",), "year": ()}


@pytest.mark.parametrize("words", ["", "volcano"])
def test_selections_are_no_part_of_the_query(words):
    assert search_body(SearchRequest(q=words, selections=SELECTED))["query"] == search_body(SearchRequest(q=words))["query"]


def test_they_are_one_filter_on_one_edition():
    nested = search_body(SearchRequest(selections=SELECTED))["post_filter"]["nested"]
    assert nested["path"] == "editions"
    assert nested["query"]["bool"]["filter"] == [
        {"terms": {"editions.access": ["public"]}},
        {"terms": {"editions.language": ["fr", "it"]}},
    ]
    assert "post_filter" not in search_body(SearchRequest(selections={"year": ()}))


def test_a_facets_counts_obey_all_selections_but_its_own():
    branches = search_body(SearchRequest(selections=SELECTED))["aggs"]["editions"]["aggs"]
    filtered_by = {
        name: {field for clause in branch["filter"]["bool"]["filter"] for field in clause["terms"]} for name, branch in branches.items()
    }
    assert filtered_by == {
        "unselected": {"editions.language", "editions.access"},
        "language": {"editions.access"},
        "access": {"editions.language"},
    }
    asked = {name for branch in branches.values() for name in branch["aggs"]}
    assert asked == {facet.name for facet in FACETS}


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("words", ["", "volcano"])
def test_every_order_ends_with_the_id_so_that_pages_never_overlap(sort, words):
    assert search_body(SearchRequest(q=words, sort=sort))["sort"][-1] == {"work_id": {"order": "asc"}}


def test_the_body_holds_the_page_that_is_asked_for():
    body = search_body(SearchRequest(page=3, page_size=25))
    assert (body["from"], body["size"], body["track_total_hits"]) == (50, 25, True)
