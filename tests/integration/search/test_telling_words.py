"""Keywords from a text: known ones that it names, and the words that tell most about it."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.models import Keyword
from search import client as search_client
from search import sync
from search.telling_words import MOST, _begins_a_sentence, keywords_for
from tests.factories.catalogue import make_resource
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db

ABSTRACT = "Children cut boats from card. A drop of soap drives the boat across the water; surface tension does the work."
BODY = "Fill a tray with water and wait until it is still. Surface tension is broken by the soap. The children see it at once."


@pytest.fixture
def catalogue(live_index):
    """Works in which children and water are everywhere, and surface tension is not."""
    for number in range(6):
        make_resource(title=f"Children and water {number}", abstract="Children fill a tray with water, and wait.", keywords=["water play"])
    sync.catch_up()


def test_rare_words_of_the_text_come_before_common_ones(catalogue):
    found = keywords_for("Soap boats", ABSTRACT, BODY, "en", [])
    assert found[:2] in (["soap", "boats"], ["boats", "soap"]), found
    assert {"surface", "tension"} <= set(found[:6])
    assert "water" not in found[:6], "a common word"
    assert "the" not in found
    assert len(found) <= MOST


def test_forms_of_a_word_are_one(catalogue):
    found = keywords_for("", "A boat beside boats. Boats float.", "", "en", [])
    assert [word for word in found if word.lower().startswith("boat")] == ["boats"]


def test_known_keywords_that_the_text_names_come_first(catalogue):
    found = keywords_for("Soap boats", ABSTRACT, BODY, "en", ["Surface-Tension", "soap bubbles", "art", "boats"])
    assert found[:2] == ["Surface-Tension", "boats"]
    assert "tension" not in found
    assert "art" not in found, "it stands in no word of its own"


@pytest.mark.parametrize(
    ("language", "title", "text", "word"),
    [
        ("fr", "Bateaux à savon", "Les enfants découpent des bateaux. L’élasticité de la surface les pousse.", "élasticité"),
        ("de", "Seifenboote", "Die Kinder schneiden Boote aus Pappe; die Oberflächenspannung treibt sie.", "Oberflächenspannung"),
        ("zh-Hans", "肥皂船", "孩子们用卡纸剪出小船，一滴肥皂让船在水面上前进，肥皂降低了表面张力。", "肥皂"),
        ("ar", "قوارب الصابون", "يصنع الأطفال قوارب من الورق ويدفعها الصابون فوق الماء.", "الصابون"),
        ("gd", "Bàtaichean siabainn", "Bidh a' chlann a' gearradh bhàtaichean à cairt.", "bàtaichean"),
    ],
)
def test_in_any_language(catalogue, language, title, text, word):
    assert word.casefold() in [found.casefold() for found in keywords_for(title, text, "", language, [])]


def test_characters_beyond_the_first_plane_shift_nothing(catalogue):
    assert keywords_for("🧪🧪🧪 Catapult, catapult", "", "", "en", []) == ["catapult"]


@pytest.mark.parametrize(("before", "begins"), [("", True), ("Done. “", True), ("a: (", True), ("\n" * 100_000, True), ("the ", False)])
def test_whether_a_word_begins_a_sentence(before, begins):
    assert _begins_a_sentence(before + "Boats", len(before)) is begins


def test_nothing_and_very_much(catalogue):
    assert keywords_for("", " ", "", "en", []) == []
    assert len(keywords_for("", "", "孩子们用卡纸剪出小船" * 2000, "zh", [])) <= MOST
    assert keywords_for("", "12 345 — …", "", "en", []) == []


def ask(user, **text):
    client = Client()
    client.force_login(user)
    return client.post(reverse("keyword_suggestions"), text)


def test_the_editor_asks(catalogue):
    user = make_user("contributor")
    make_resource(publish=False, keywords=["secret soap"])
    make_resource(user.institution, publish=False, keywords=["tensid"])
    text = {"title": "Soap boats", "abstract": "A tensid, a secret soap, in water play.", "body": BODY, "language": "English (en)"}
    found = json.loads(ask(user, **text).content)["keywords"]
    assert found[:2] == ["water play", "tensid"], "its own, and what is published; nobody's drafts"
    assert Keyword.objects.filter(name="secret soap").exists()
    assert "secret soap" not in found
    assert json.loads(ask(user).content) == {"keywords": []}


def test_without_search_there_is_a_sentence(monkeypatch):
    user = make_user("contributor")
    with monkeypatch.context() as away:
        away.setattr(search_client, "node_addresses", lambda: ())
        response = ask(user, title="Soap boats", language="en")
    assert response.status_code == 503
    assert "Nothing is lost" in json.loads(response.content)["detail"]
