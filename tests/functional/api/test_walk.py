"""GET /api/v1/resources?cursor=…: a machine goes through all results, however many, while people go on publishing."""

import json
import uuid

import pytest

from catalogue.models import ResourcePage
from search import index, services
from search.client import client as elasticsearch
from tests.factories.catalogue import make_resource
from tests.factories.members import make_institution

URL = "/api/v1/resources"
REACH = 4


@pytest.fixture
def step(client, live_index):
    """Ask for a stretch of the walk; returns the document."""

    def step(cursor, **parameters):
        live_index()
        response = client.get(URL, {"cursor": cursor, "page_size": 2, **parameters})
        assert response.status_code == 200, response.content
        return json.loads(response.content)

    return step


@pytest.fixture
def walk(step):
    """Walk to the end; returns the results of each stretch."""

    def walk(cursor="*", **parameters):
        stretches = []
        while cursor:
            document = step(cursor, **parameters)
            stretches.append(document["results"])
            cursor = document["next_cursor"]
        return stretches

    return walk


def ids(results):
    return [result["id"] for result in results]


def test_it_goes_beyond_the_last_page(client, walk, monkeypatch):
    """Both limits are small here: ours, and Elasticsearch's own on the depth of a page."""
    for number in range(7):
        make_resource(title=f"Kite {number}")
    stretches = walk()
    elasticsearch().indices.put_settings(index=index.alias(), settings={"max_result_window": REACH, "max_inner_result_window": 100})
    monkeypatch.setattr(services, "MAX_HITS_WITHIN_REACH", REACH)  # as the index just above: of 10,000
    refused = client.get(URL, {"page": 3, "page_size": 2})
    assert refused.status_code == 400
    assert "cursor=*" in json.loads(refused.content)["detail"]
    assert walk() == stretches
    assert [len(results) for results in stretches] == [2, 2, 2, 1]
    found = [result for results in stretches for result in results]
    assert sorted(ids(found)) == ids(found)
    assert {result["title"] for result in found} == {f"Kite {number}" for number in range(7)}


def test_words_and_facets_narrow_it_and_its_count(walk, step):
    kenya = make_institution(country="KE")
    for number in range(3):
        make_resource(kenya, title=f"Kite {number}")
        make_resource(title=f"Kite {number} elsewhere")
        make_resource(kenya, title=f"Crater {number}", keywords=["stones"])
    asked = {"q": "kite", "words_only": "1", "country": "KE"}
    assert [len(results) for results in walk(**asked)] == [2, 1]
    document = step("*", **asked)
    assert (document["count"], document["page"], document["pages"], document["facets"]) == (3, None, None, {})


def test_none_comes_twice_and_none_is_missed_while_people_publish(step, walk):
    pages = {str(page.work_id): page for page in (make_resource(title=f"Kite {number}") for number in range(8))}
    seen = []
    cursor = "*"
    while cursor:
        document = step(cursor)
        seen += ids(document["results"])
        cursor = document["next_cursor"]
        make_resource(title="Published meanwhile")
        changed = ResourcePage.objects.get(pk=pages[seen[-1]].pk) if seen[-1] in pages else make_resource()
        changed.title = "Changed after it was seen"
        changed.save()
        if len(seen) > 100:
            pytest.fail("It does not end.")
    assert len(set(seen)) == len(seen)
    assert set(pages) <= set(seen)


def test_a_withdrawn_work_breaks_no_walk_that_stands_on_it(step):
    for number in range(4):
        make_resource(title=f"Kite {number}")
    first = step("*")
    standing_on = ResourcePage.objects.get(work_id=first["next_cursor"])
    standing_on.live = False
    standing_on.save()
    rest = step(first["next_cursor"])
    assert len(rest["results"]) == 2
    assert not set(ids(first["results"])) & set(ids(rest["results"]))


def test_nothing_to_walk_is_no_error(walk):
    assert walk() == [[]]


def test_any_id_is_a_place(step):
    make_resource()
    assert len(step(str(uuid.UUID(int=0)))["results"]) == 1
    assert step(str(uuid.UUID(int=2**128 - 1)))["results"] == []
