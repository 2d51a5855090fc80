"""What must be there before something is submitted."""

import pytest

from catalogue.completeness import HELPFUL, REQUIRED, filled, missing_in, placeholder_title

WHOLE = {
    "identifier": "boats",
    "title": "Soap boats",
    "abstract": "Children drive card boats with soap.",
    "language": "en",
    "resource_type": object(),
    "subjects": [object()],
    "licence": object(),
    "contributors": "Ashby, Rosalind",
    "body": "<p>Fill a tray.</p>",
}


def lacking(needs=REQUIRED, **changes):
    return [each.field for each in missing_in(filled({**WHOLE, **changes}.get), needs)]


def test_a_whole_one_lacks_nothing():
    assert lacking() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": placeholder_title("boats")}, "title"),
        ({"abstract": "\n"}, "abstract"),
        ({"language": ""}, "language"),
        ({"resource_type": None}, "resource_type"),
        ({"subjects": []}, "subjects"),
        ({"licence": None}, "licence"),
        ({"contributors": " \n "}, "contributors"),
        ({"body": ""}, "files"),
        ({"body": '<p data-block-key="a1b2c"> </p>'}, "files"),
    ],
)
def test_each_thing_that_is_needed(changes, field):
    assert lacking(**changes) == [field]


@pytest.mark.parametrize(
    "changes",
    [
        {"contributors": "", "credit_line": "Severn Festival"},
        {"body": "", "files": [object()]},
        {"body": "", "external_url": "https://example.org/"},
    ],
)
def test_one_of_several_is_enough(changes):
    assert lacking(**changes) == []


def test_what_would_make_it_better_to_find():
    assert lacking(HELPFUL) == ["keywords", "alternative_titles", "audience", "duration_minutes", "setting"]
    better = {"keywords": ["soap"], "alternative_titles": {"fr": "Bateaux"}, "age_min": 0, "duration_minutes": 20, "setting": [object()]}
    assert lacking(HELPFUL, **better) == []
