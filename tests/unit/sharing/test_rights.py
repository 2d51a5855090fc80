"""Licences in plain words, from their data alone."""

import json
from pathlib import Path

import pytest

from catalogue.vocabulary import Licence
from sharing.rights import Force, rules_of

FOLDER = Path(__file__).parents[3] / "catalogue" / "vocabularies"
LICENCES = {row["slug"]: row for row in json.loads((FOLDER / "licences.json").read_text(encoding="utf-8"))}


def by_force(slug):
    row = {name: value for name, value in LICENCES[slug].items() if name.startswith(("may_", "must_"))}
    rules = rules_of(Licence(slug=slug, **row))
    return {force: [rule.icon for rule in rules if rule.force is force] for force in Force}


@pytest.mark.parametrize(
    ("slug", "may", "must", "may_not"),
    [
        ("CC0-1.0", ["share", "adapt", "translate", "commercial"], [], []),
        ("CC-BY-4.0", ["share", "adapt", "translate", "commercial"], ["credit"], []),
        ("CC-BY-NC-SA-4.0", ["share", "adapt", "translate"], ["credit", "alike"], ["commercial"]),
        ("CC-BY-NC-ND-4.0", ["share"], ["credit"], ["adapt", "translate", "commercial"]),
        ("network-members", ["adapt", "translate"], ["credit"], ["share", "commercial"]),
        ("all-rights-reserved", [], ["credit"], ["share", "adapt", "translate", "commercial"]),
    ],
)
def test_what_each_licence_allows(slug, may, must, may_not):
    assert by_force(slug) == {Force.MAY: may, Force.MUST: must, Force.MAY_NOT: may_not}


@pytest.mark.parametrize("slug", LICENCES)
def test_no_licence_both_allows_and_forbids(slug):
    forces = by_force(slug)
    assert not set(forces[Force.MAY]) & set(forces[Force.MAY_NOT])
    assert len(forces[Force.MAY]) + len(forces[Force.MAY_NOT]) == 4


def test_every_icon_is_drawn():
    drawing = (FOLDER.parents[1] / "static" / "img" / "icons.svg").read_text(encoding="utf-8")
    types = [row["slug"] for row in json.loads((FOLDER / "resource_types.json").read_text(encoding="utf-8"))]
    icons = {rule.icon for row in LICENCES for rule in rules_of(Licence(slug=row))} | set(types)
    assert [icon for icon in sorted(icons) if f'<symbol id="{icon}"' not in drawing] == []
