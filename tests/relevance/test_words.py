"""Ranking by words, as named scenarios: which work must stand above which, never a score."""

from dataclasses import dataclass, field

import pytest

from search.services import search
from search.types import SearchRequest
from tests.factories.catalogue import make_resource
from tests.factories.members import make_institution
from tests.reading import titles

pytestmark = [pytest.mark.index, pytest.mark.django_db]


@dataclass(frozen=True)
class Scenario:
    """Someone asks `words`; the works that `above` names must come first, in that order; those in `absent` must not come at all."""

    why: str
    words: str
    works: list[dict]
    above: list[str]
    absent: list[str] = field(default_factory=list)


def _work(title, abstract="An hour for a class.", body="", **fields):
    return {"title": title, "abstract": abstract, "body": f"<p>{body}</p>", **fields}


SCENARIOS = [
    Scenario(
        "a title says more than a passing mention",
        "volcano",
        [
            _work("Kitchen chemistry", body="It foams as if it were a small volcano, and then it is over. Wash the bowl."),
            _work("Build a volcano"),
            _work("Stones of the coast", abstract="Some of them came from a volcano."),
        ],
        ["Build a volcano", "Stones of the coast", "Kitchen chemistry"],
    ),
    Scenario(
        "words in a row in the title stand above the same words apart",
        "egg drop",
        [_work("Drop everything: boiling an egg"), _work("The egg drop")],
        ["The egg drop", "Drop everything: boiling an egg"],
    ),
    Scenario(
        "the word as it was typed stands above another word of the same stem",
        "experiment",
        [_work("The experience of weight", resource_type="poster"), _work("An experiment with weight", resource_type="poster")],
        ["An experiment with weight", "The experience of weight"],
    ),
    Scenario(
        "a rare word counts more than a common one",
        "science spectroscope",
        [
            *[_work(f"Science day {number}") for number in range(6)],
            _work("Science with a spectroscope"),
            _work("A spectroscope in a science box"),
        ],
        ["Science with a spectroscope", "A spectroscope in a science box"],
        absent=["Science day 1"],
    ),
    Scenario(
        "a keyword counts though no sentence has it",
        "surface tension",
        [_work("Tension at the border", body="The surface of the lake."), _work("Boats that soap drives", keywords=["surface tension"])],
        ["Boats that soap drives", "Tension at the border"],
    ),
    Scenario(
        "who asks for an institution gets its works first",
        "Karoo",
        [
            _work("Stars above the desert", institution={"slug": "karoo-scifest", "name": "Karoo SciFest", "country": "ZA"}),
            _work("Deserts of the world", body="The Karoo is one of twenty that this lesson visits, and not the driest." * 2),
        ],
        ["Stars above the desert", "Deserts of the world"],
    ),
    Scenario(
        "singular finds plural, with or without accents, in French",
        "etoile filante",
        [_work("Compter les étoiles filantes", language="fr"), _work("La lumière et ses couleurs", language="fr")],
        ["Compter les étoiles filantes"],
        absent=["La lumière et ses couleurs"],
    ),
    Scenario(
        "one of two characters in common is no match in Chinese",
        "望远镜",
        [
            _work("用显微镜看洋葱", abstract="观察细胞", language="zh-Hans"),
            _work("自己动手做望远镜", abstract="观察月球", language="zh-Hans"),
        ],
        ["自己动手做望远镜"],
        absent=["用显微镜看洋葱"],
    ),
    Scenario(
        "a long question still finds what has most of its words",
        "how to build a simple telescope with cardboard tubes for children",
        [_work("Build a telescope", abstract="Children make a simple telescope from cardboard tubes."), _work("Build a bridge of paper")],
        ["Build a telescope"],
        absent=["Build a bridge of paper"],
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.why)
def test_ranking(catalogue, scenario):
    for work in scenario.works:
        institution = make_institution(**work.get("institution", {}))
        make_resource(institution, **{name: value for name, value in work.items() if name != "institution"})
    catalogue()
    found = titles(search(SearchRequest(q=scenario.words)))
    assert found[: len(scenario.above)] == scenario.above
    assert not set(found) & set(scenario.absent)
