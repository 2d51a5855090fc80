"""Searching, on a real index: what is found, by whom, and which edition stands for its work."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.utils import translation

from catalogue.models import Access, ResourceFile, ResourcePage
from core import clock
from core.errors import InvalidInputError
from media.models import DerivedFile, ObjectState, StoredObject
from search.services import search
from search.types import SearchRequest, Sort
from tests.factories.catalogue import make_resource, make_submitted, revise
from tests.factories.media import make_object_row
from tests.factories.members import make_institution
from tests.reading import counts, titles

pytestmark = [pytest.mark.index, pytest.mark.django_db]


def test_a_published_resource_is_found_by_its_words(find):
    edition = make_resource(title="Boats that soap drives")
    results = find("soap boat")
    assert (results.count, results.pages) == (1, 1)
    hit = results.hits[0]
    assert (hit.id, hit.edition_id, hit.title) == (edition.work_id, edition.edition_id, "Boats that soap drives")
    assert hit.matched_by == ("words",)
    assert hit.path == edition.url
    assert hit.resource_type_label == "Experiment"
    assert hit.licence_label


def test_without_words_everything_is_there_the_newest_first(find):
    old = make_resource(title="Old")
    ResourcePage.objects.filter(pk=old.pk).update(first_published_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    old.refresh_from_db()
    old.save()
    make_resource(title="New")
    results = find()
    assert titles(results) == ["New", "Old"]
    assert results.hits[0].matched_by == ()
    assert results.hits[0].highlight is None


def test_a_resource_is_found_by_all_that_its_record_says(find):
    institution = make_institution(slug="severnside", name="Severnside Science", city="Bristol")
    make_resource(
        institution,
        body="<p>Put a drop of <b>detergent</b> behind.</p>",
        learning_outcomes="Explain what a floating thing does to a force",
        keywords=["surface tension"],
        alternative_titles={"de": "Seifenboote"},
    )
    elsewhere = make_institution(country="KE")
    make_resource(elsewhere, title="Another", abstract="", body="", subjects=["chemistry"], resource_type="poster", contributors="Nobody")
    people_and_places = ["Rosalind Ashby", "Severnside", "Bristol", "United Kingdom"]
    terms = ["Experiment", "物理", "surface tension", "TENSION: surface!"]
    texts = ["detergent", "floating force", "seifenboote"]
    for words in people_and_places + terms + texts:
        assert [title.rstrip(" 0123456789") for title in titles(find(words))] == ["Soap boats"], words


def test_all_of_few_words_must_be_there(find):
    make_resource(title="Volcano in a bottle")
    assert find("volcano bottle").count == 1
    assert find("volcano zebra").count == 0


def test_words_are_words_and_never_syntax(find):
    make_resource(title="Soap boats")
    strange = ['"soap', "soap AND", "title:soap OR (", "soap~2 /boat/ [a TO", "+soap -boat && !!", "*", "\\", "{{}}", "soap\x01", "?"]
    for words in strange:
        find(words)


def test_words_of_several_languages_and_fields_meet_in_one_edition(find):
    make_resource(make_institution(name="北辰科学节", country="CN"), title="Magnets and motors", contributors="Müller, Jürgen")
    assert find("北辰 magnets").count == 1
    assert find("muller motors").count == 1


TITLES = [
    ("zh-Hans", "自制望远镜观察月球", "望远镜"),
    ("zh-Hant", "自製望遠鏡觀察月球", "望远镜"),
    ("ja", "望遠鏡を作って月を観察しよう", "望遠鏡 作る"),
    ("ko", "망원경을 만들어 달을 관찰하기", "망원경"),
    ("ar", "صنع التلسكوب ومراقبة القمر", "تلسكوب"),
    ("hi", "दूरबीन बनाना और चाँद देखना", "दूरबीन"),
    ("th", "การสร้างกล้องโทรทรรศน์", "กล้องโทรทรรศน์"),
    ("el", "Φτιάχνουμε τηλεσκόπια", "τηλεσκοπια"),
    ("ru", "Телескопы своими руками", "телескоп"),
    ("sw", "Kutengeneza darubini", "darubini"),
]


def test_a_title_is_found_in_its_language(find):
    for language, title, _words in TITLES:
        make_resource(title=title, abstract=title, language=language)
    for language, title, words in TITLES:
        hit = next(hit for hit in find(words).hits if hit.language == language)
        assert hit.title == title
        assert "<mark>" in (hit.highlight or ""), language


def test_drafts_submitted_and_withdrawn_resources_are_not_found(find):
    make_resource(publish=False, title="Draft")
    make_submitted(title="Submitted")
    gone = make_resource(title="Gone")
    assert titles(find()) == ["Gone"]
    gone.live = False
    gone.save()
    assert find().count == 0


def test_a_published_resource_stays_as_it_was_while_its_new_draft_waits(find):
    edition = make_resource(title="Old words")
    revise(edition, title="Fresh words")
    assert titles(find()) == ["Old words"]
    assert find("fresh").count == 0


def test_nothing_of_an_unpublished_or_inactive_institution_is_found(find):
    edition = make_resource()
    assert find().count == 1
    page = edition.institution.page
    page.live = False
    page.save()
    assert find().count == 0
    page.live = True
    page.save()
    assert find().count == 1
    edition.institution.is_active = False
    edition.institution.save()
    assert find().count == 0


class TestEditions:
    """A work is one hit, however many editions it has."""

    @pytest.fixture
    def work(self, db):
        original = make_resource(title="Bolle di sapone", language="it", licence="CC0-1.0", year=2020)
        make_resource(title="Soap bubbles", language="en", licence="CC-BY-4.0", translation_of=original, year=2021)
        make_resource(title="Bulles de savon", language="fr", licence="CC-BY-SA-4.0", translation_of=original, year=2022)
        return original.work_id

    def test_it_is_one_hit_with_all_its_languages(self, work, find):
        results = find()
        assert [hit.id for hit in results.hits] == [work]
        assert set(results.hits[0].languages) == {"it", "en", "fr"}

    @pytest.mark.parametrize(("reader", "title"), [("fr", "Bulles de savon"), ("en", "Soap bubbles"), ("zh-hans", "Soap bubbles")])
    def test_the_edition_in_the_readers_language_is_shown_else_the_english_one(self, work, find, reader, title):
        with translation.override(reader):
            assert titles(find(language=reader)) == [title]

    def test_the_edition_that_is_selected_is_shown(self, work, find):
        assert titles(find(selections={"language": ("it",)})) == ["Bolle di sapone"]
        assert titles(find(selections={"licence": ("CC-BY-SA-4.0",)})) == ["Bulles de savon"]

    def test_the_edition_that_holds_the_words_is_shown(self, work, find):
        assert titles(find("sapone")) == ["Bolle di sapone"]

    def test_words_in_one_edition_find_the_selected_other(self, work, find):
        results = find("sapone", selections={"language": ("fr",)})
        assert titles(results) == ["Bulles de savon"]
        assert results.hits[0].highlight is None

    def test_language_and_licence_are_those_of_one_edition(self, work, find):
        assert find(selections={"language": ("fr",), "licence": ("CC-BY-SA-4.0",)}).count == 1
        assert find(selections={"language": ("fr",), "licence": ("CC0-1.0",)}).count == 0

    def test_counts_are_works(self, work, find):
        results = find()
        assert counts(results, "language") == {"it": 1, "en": 1, "fr": 1}
        assert counts(results, "access") == {"public": 1}

    def test_the_original_is_shown_where_neither_language_is_there(self, find):
        original = make_resource(title="Burbujas", language="es")
        make_resource(title="Seifenblasen", language="de", translation_of=original)
        assert titles(find(language="fr")) == ["Burbujas"]


class TestPassages:
    """What is shown of the text around the words."""

    def test_they_are_marked_and_everything_else_is_escaped(self, find):
        make_resource(abstract="Say <script>alert(1)</script> & watch the <b>volcano</b> erupt")
        highlight = find("volcano").hits[0].highlight
        assert "&lt;b&gt;<mark>volcano</mark>" in highlight
        assert "<script" not in highlight
        assert "&amp;" in highlight

    def test_they_come_from_the_body_where_the_abstract_has_none(self, find):
        make_resource(body="<p>Fill the tray.</p><p>Then add <em>glycerine</em> slowly.</p>")
        assert "<mark>glycerine</mark>" in find("glycerine").hits[0].highlight


class TestOrderAndPages:
    def test_by_title_ignores_case_accents_and_quotes(self, find):
        for title in ("Zebra", "éclair", "“Apple” pie", "banana", "Éclairage"):
            make_resource(title=title)
        assert titles(find(sort=Sort.TITLE)) == ["“Apple” pie", "banana", "éclair", "Éclairage", "Zebra"]

    def test_by_title_follows_the_titles_that_the_reader_sees(self, find):
        first = make_resource(title="Zorro", language="en")
        make_resource(title="Abeille", language="fr", translation_of=first)
        make_resource(title="Miel", language="fr")
        assert titles(find(sort=Sort.TITLE, language="fr")) == ["Abeille", "Miel"]
        assert titles(find(sort=Sort.TITLE, language="en")) == ["Miel", "Zorro"]
        assert titles(find(sort=Sort.TITLE, language="en", selections={"language": ("fr",)})) == ["Abeille", "Miel"]

    def test_pages_do_not_overlap_and_leave_nothing_out(self, find):
        for number in range(7):
            make_resource(title=f"Title {number}")
        pages = [find(page=page, page_size=3) for page in (1, 2, 3)]
        assert [page.count for page in pages] == [7, 7, 7]
        assert pages[0].pages == 3
        assert len({hit.id for page in pages for hit in page.hits}) == 7

    def test_a_page_past_the_end_is_empty(self, find):
        make_resource()
        results = find(page=2)
        assert (results.count, results.pages, results.hits) == (1, 1, ())

    @pytest.mark.parametrize(
        "wrong",
        [
            {"page": 0},
            {"page": 501},
            {"page_size": 0},
            {"page_size": 101},
            {"q": "x" * 501},
            {"q": "x " * 61},
            {"selections": {"colour": ("red",)}},
        ],
        ids=str,
    )
    def test_what_cannot_be_asked_is_refused_with_a_sentence(self, db, wrong):
        with pytest.raises(InvalidInputError, match=r"\.|”"):
            search(SearchRequest(**wrong))

    def test_the_longest_question_is_answered(self, find):
        for words in ["x y " * 30, "望远镜制作" * 100, "x" * 500, "a水νкжقمกかदम 한 " * 27]:
            find(words.strip())


def test_a_thumbnail_is_shown_only_where_the_files_may_be_seen(find):
    institution = make_institution()
    stored = StoredObject.objects.create(
        institution=institution,
        state=ObjectState.VERIFIED,
        filename="a.png",
        declared_size=1,
        size=1,
        sha256="0" * 64,
        content_type="image/png",
        key="k",
    )
    DerivedFile.objects.create(source=stored, kind=DerivedFile.Kind.THUMBNAIL, variant="320", key="t", content_type="image/webp", size=1)
    make_resource(institution, title="Public", files=[stored])
    make_resource(institution, title="Agreement", files=[stored], access=Access.AGREEMENT)
    make_resource(institution, title="Embargo", files=[stored], embargo_until=clock.today() + dt.timedelta(days=2))
    shown = {hit.title: hit.thumbnail_id for hit in find().hits}
    assert shown == {"Public": stored.pk, "Agreement": None, "Embargo": None}
    with clock.travel(clock.now() + dt.timedelta(days=2)):
        assert {hit.title: hit.thumbnail_id for hit in find().hits}["Embargo"] == stored.pk


def test_a_card_knows_what_of_its_picture_stays_in_view(find, client):
    stored = make_object_row(content_type="image/png")
    DerivedFile.objects.create(source=stored, kind=DerivedFile.Kind.THUMBNAIL, variant="320", key="t", content_type="image/webp", size=1)
    edition = make_resource(stored.institution, files=[stored])
    draft = edition.get_latest_revision_as_object()
    draft.files.set([ResourceFile(stored_object=stored, focal_point_x=30, focal_point_y=72)])
    revision = draft.save_revision()
    assert find().hits[0].focal_point == (50, 0)
    revision.publish(skip_permission_checks=True)
    assert find().hits[0].focal_point == (30, 72)
    page = BeautifulSoup(client.get("/en/search/").content.decode(), "html.parser")
    assert page.select_one(".card__picture img")["class"] == ["focal-x-30", "focal-y-70"]


def test_the_words_are_marked_in_the_title_that_is_shown(find):
    make_resource(title="Rockets & <water>: “it flies”", alternative_titles={"de": "Rakete rockets"})
    assert find("rocket").hits[0].title_highlight == "<mark>Rockets</mark> &amp; &lt;water&gt;: “it flies”"
    assert find("rakete").hits[0].title_highlight is None
