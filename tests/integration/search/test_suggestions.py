"""Help while typing, on a real index: what is suggested, in which script and order, and that nothing unpublished is."""

import pytest

from catalogue.models import Institution
from catalogue.vocabulary import Subject
from search import rebuild, sync
from search.suggestions import MOST, Kind, suggest
from tests.factories.catalogue import make_resource, make_submitted, revise
from tests.factories.members import make_institution

pytestmark = [pytest.mark.index, pytest.mark.django_db]


@pytest.fixture
def offered(live_index):
    """Bring the index up to date and return what is suggested: the texts of one kind, or (kind, text) of all."""

    def offered(typed, kind=None, language="en"):
        sync.catch_up()
        found = suggest(typed, language)
        return [suggestion.text for suggestion in found if suggestion.kind is kind] if kind else [(s.kind, s.text) for s in found]

    return offered


TITLES = [
    ("A telescope from cardboard", "en", ["tele", "cardb telesc", "telsec", "telescoop", "TELE"]),
    ("L’électricité statique", "fr", ["electr", "l’élec"]),
    ("Über Wolken", "de", ["uber"]),
    ("Магнитные поля", "ru", ["магн", "могнит"]),
    ("صنع التلسكوب ومراقبة القمر", "ar", ["تلس", "التلس"]),
    ("自制望远镜观察月球", "zh-Hans", ["制望", "自制", "制望遠"]),
    ("望遠鏡を作って月を観察しよう", "ja", ["月を観"]),
    ("망원경을 만들어 달을 관찰하기", "ko", ["망원"]),
    ("การสร้างกล้อง", "th", ["การสร้"]),
    ("दूरबीन बनाना", "hi", ["दूर"]),
]


def test_a_title_is_offered_by_the_beginnings_of_its_words(offered):
    editions = [make_resource(title=title, language=language) for title, language, _ways in TITLES]
    sync.catch_up()
    for edition, (title, _language, ways) in zip(editions, TITLES, strict=True):
        for typed in ways:
            found = [(suggestion.text, suggestion.url) for suggestion in suggest(typed, "en") if suggestion.kind is Kind.TITLE]
            assert found == [(title, edition.url)], typed


def test_what_nothing_begins_with_offers_nothing(offered):
    make_resource(title="A telescope, pears and 望远镜")
    for typed in ["", " ", "t", "!", "\x00", "x" * 101, "scope", "xelescope", "pexx", "镜望", '"', "*", "te le OR"]:
        assert offered(typed) == [], typed


def test_a_typo_is_forgiven_from_four_letters_on_where_nothing_was_typed_right(offered):
    make_resource(title="Salt")
    make_resource(title="Silt in the river", keywords=["solt"])
    assert offered("sal", Kind.TITLE) == ["Salt"]
    assert offered("silt") == [(Kind.TITLE, "Silt in the river")]
    assert offered("sult") == [(Kind.TITLE, "Salt"), (Kind.TITLE, "Silt in the river"), (Kind.TAG, "solt")]


def test_titles_that_begin_so_come_first_then_the_readers_language(offered):
    make_resource(title="Observer la Lune", language="fr")
    make_resource(title="Making a luna moth", language="en")
    make_resource(title="Lune", language="fr")
    assert offered("lun", Kind.TITLE)[0] == "Lune"
    assert offered("lun", Kind.TITLE, "fr") == ["Lune", "Observer la Lune", "Making a luna moth"]


def test_a_work_is_offered_once_by_its_title_in_the_readers_language(offered):
    original = make_resource(title="Volcano", language="en")
    french = make_resource(title="Volcan", language="fr", translation_of=original)
    make_resource(title="火山", language="zh-Hans", translation_of=original)
    assert offered("volc", Kind.TITLE) == ["Volcano"]
    assert offered("volc", Kind.TITLE, "fr") == ["Volcan"]
    assert suggest("volc", "fr")[0].url == french.url
    assert offered("volc", Kind.TITLE, "zh-hans") == ["Volcano"]  # in the script that was typed
    assert offered("火", Kind.TITLE) == ["火山"]


def test_a_title_found_by_traditional_characters_is_that_of_its_edition(offered):
    original = make_resource(title="A telescope", language="en")
    make_resource(title="自制望远镜", language="zh-Hans", translation_of=original)
    assert offered("望遠", Kind.TITLE) == ["自制望远镜"]


def test_a_title_in_another_language_leads_to_its_edition(offered):
    edition = make_resource(title="肥皂船", language="zh-Hans", alternative_titles={"en": "Soap boats"})
    assert offered("soap", Kind.TITLE) == ["Soap boats"]
    assert suggest("soap", "en")[0].url == edition.url


def test_a_subject_is_offered_in_the_readers_language_or_the_script_typed(offered, client):
    make_resource(subjects=["mechanics"], title="One")
    make_resource(subjects=["physics"], title="Two")
    assert offered("phys", Kind.SUBJECT) == ["Physics"]
    assert offered("phys", Kind.SUBJECT, "fr") == ["Physique"]
    assert offered("物", Kind.SUBJECT, "zh-hans") == ["物理"]
    assert offered("物", Kind.SUBJECT) == ["物理"]
    assert offered("phys", Kind.SUBJECT, "zh-hans") == ["Physics"]
    physics = suggest("pyhs", "en")[0]
    assert (physics.kind, physics.value, physics.count) == (Kind.SUBJECT, "physics", 2)
    assert client.get(physics.url).context["results"].count == 2


def test_a_subject_that_finds_nothing_is_not_offered(offered):
    make_resource(subjects=["physics"])
    assert offered("chemi", Kind.SUBJECT) == []
    make_resource(subjects=["chemistry"])
    assert offered("chemi", Kind.SUBJECT) == ["Chemistry"]
    Subject.objects.filter(slug="chemistry").update(is_active=False)
    assert offered("chemi", Kind.SUBJECT) == []


def test_an_institution_is_offered_by_any_of_its_names_and_leads_to_its_page(offered):
    institution = make_institution(slug="aurora", name="北极光科学节", names={"en": "Aurora Science", "fr": "Aurore"})
    make_resource(institution)
    assert offered("aur", Kind.INSTITUTION) == ["Aurora Science"]
    assert offered("aur", Kind.INSTITUTION, "fr") == ["Aurore"]
    assert offered("北极", Kind.INSTITUTION) == ["北极光科学节"]
    (aurora,) = suggest("aurora", "en")
    assert (aurora.url, aurora.count, aurora.value) == (institution.page.get_url(), 1, "aurora")
    Institution.objects.filter(pk=institution.pk).update(is_active=False)
    assert offered("aur", Kind.INSTITUTION) == []


def test_keywords_are_offered_the_most_used_first(offered):
    make_resource(keywords=["Tension", "tar"], title="One")
    make_resource(keywords=["Surface tension", "tension"], title="Two")
    make_resource(keywords=["Öl"], title="Three")
    make_resource(keywords=["50% (half)"], title="Four")
    assert offered("tens", Kind.TAG) == ["Tension", "Surface tension"]
    assert offered("surface ten", Kind.TAG) == ["Surface tension"]
    assert offered("tennsi", Kind.TAG) == ["Tension", "Surface tension"]
    assert offered("ol", Kind.TAG) == ["Öl"]
    assert offered("50% (h", Kind.TAG) == ["50% (half)"]
    tension = next(suggestion for suggestion in suggest("tens", "en") if suggestion.kind is Kind.TAG)
    assert (tension.count, tension.url) == (2, "/en/search/?q=Tension")


def test_there_are_at_most_eight_with_room_for_every_kind(offered):
    institution = make_institution(name="Water Festival")
    for number in range(12):
        make_resource(institution, title=f"Water {number}", keywords=["water", "watercolour", "water wheel"])
    kinds = [kind for kind, _text in offered("water")]
    assert len(kinds) == MOST
    assert kinds == [Kind.TITLE] * 5 + [Kind.INSTITUTION] + [Kind.TAG] * 2


def test_nothing_unpublished_is_offered(offered):
    make_resource(publish=False, title="Secretive draft", keywords=["secretly"])
    make_submitted(title="Secretive submission", keywords=["secretly"])
    edition = make_resource(title="Known", keywords=["known"])
    revise(edition, title="Secretive revision")
    assert offered("secre") == []
    assert offered("known") == [(Kind.TITLE, "Known"), (Kind.TAG, "known")]


def test_what_is_withdrawn_or_renamed_is_offered_no_more(offered):
    edition = make_resource(title="Fleeting", keywords=["fleeting thing"])
    stays = make_resource(title="Staying", keywords=["fleeting thing"])
    assert offered("fleet") == [(Kind.TITLE, "Fleeting"), (Kind.TAG, "fleeting thing")]
    edition.live = False
    edition.save()
    assert offered("fleet") == [(Kind.TAG, "fleeting thing")]
    stays.keywords.clear()
    stays.title = "Renamed"
    stays.save_revision().publish(skip_permission_checks=True)
    assert offered("fleet") == []
    assert offered("stay") == []
    assert offered("renam", Kind.TITLE) == ["Renamed"]


def test_a_rebuilt_index_offers_the_same(offered):
    make_resource(title="Volcano", keywords=["volcanic"])
    gone = make_resource(title="Volcanology")
    gone.live = False
    gone.save()
    before = offered("volc")
    assert before == [(Kind.TITLE, "Volcano"), (Kind.TAG, "volcanic")]
    rebuild.rebuild()
    assert offered("volc") == before


def test_the_typed_part_is_marked_and_everything_else_escaped(offered):
    make_resource(title="<b>Lights</b> & lamps")
    offered("light")
    assert suggest("light lam", "en")[0].marked == "&lt;b&gt;<mark>Light</mark>s&lt;/b&gt; &amp; <mark>lam</mark>ps"


def test_the_list_below_the_box_groups_what_is_offered(offered, client):
    make_resource(title="<b>Physics</b>", subjects=["physics"], language="fr")
    offered("")
    page = client.get("/en/search/suggest/?q=phys").content.decode()
    assert page.index("Resources") < page.index("&lt;b&gt;<mark>Phys</mark>ics") < page.index("Subjects") < page.index("?subject=physics")
    assert 'lang="fr"' in page
    assert "2 suggestions" in page
    assert client.get("/en/search/suggest/?q=zebra").content.strip() == b""


def test_the_list_is_not_there_while_search_is_away(client, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    assert client.get("/en/search/suggest/?q=phys").status_code == 503
