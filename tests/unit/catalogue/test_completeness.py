"""What must be there before something is submitted."""

import dataclasses

import pytest

from catalogue.completeness import Contents, missing_in, placeholder_title

WHOLE = Contents(
    identifier="boats",
    title="Soap boats",
    abstract="Children drive card boats with soap.",
    language="en",
    has_type=True,
    has_subjects=True,
    has_licence=True,
    contributors="Ashby, Rosalind",
    credit_line="",
    body="<p>Fill a tray.</p>",
    external_url="",
    has_files=False,
)


def lacking(**changes):
    return [each.field for each in missing_in(dataclasses.replace(WHOLE, **changes))]


def test_a_whole_one_lacks_nothing():
    assert lacking() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": placeholder_title("boats")}, "title"),
        ({"abstract": "\n"}, "abstract"),
        ({"language": ""}, "language"),
        ({"has_type": False}, "resource_type"),
        ({"has_subjects": False}, "subjects"),
        ({"has_licence": False}, "licence"),
        ({"contributors": " \n "}, "contributors"),
        ({"body": ""}, "files"),
    ],
)
def test_each_thing_that_is_needed(changes, field):
    assert lacking(**changes) == [field]


@pytest.mark.parametrize(
    "changes",
    [
        {"contributors": "", "credit_line": "Severn Festival"},
        {"body": "", "has_files": True},
        {"body": "", "external_url": "https://example.org/"},
    ],
)
def test_one_of_several_is_enough(changes):
    assert lacking(**changes) == []
