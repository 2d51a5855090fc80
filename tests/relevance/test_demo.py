"""The demo catalogue, asked as people ask it: 104 works in 21 languages, their texts as they are, words and meaning together."""

import pytest
from django.conf import settings
from django.db import transaction

from catalogue.models import ResourcePage
from catalogue.services import create_institution
from exchange.demo import read_contents
from exchange.importing import Importer, Source
from members.models import Institution
from search import index, rebuild, vectors
from search.encoders import encoder
from search.services import search
from search.types import SearchRequest
from tests.reading import titles

pytestmark = [pytest.mark.index, pytest.mark.django_db]

QUESTIONS = settings.BASE_DIR / "benchmarks" / "questions"
INSTITUTION = ("slug", "name", "names", "country", "city", "language", "website", "contact_name", "contact_email")


@pytest.fixture(scope="module", autouse=True)
def demo_catalogue(django_db_setup, django_db_blocker):
    """The demo's texts without their files, indexed with their meaning once for the module; taken out again at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        contents = read_contents()
        for values in contents.institutions:
            create_institution(usual_licence=values["licence"], **{name: values[name] for name in INSTITUTION if name in values})
        of = {institution.slug: institution for institution in Institution.objects.all()}
        Importer(publish=True).run(Source(of[slug], row) for slug, rows in contents.rows.items() for row in rows)
        vectors.encode(encoder(), vectors.texts_of_all(ResourcePage.objects.live()))
        index.delete(index.ours())
        rebuild.rebuild()
        yield
        index.delete(index.ours())
        transaction.set_rollback(True)


def works_found(question, size=10, **fields):
    """Return the identifiers of the editions that are first to have been made of each work found."""
    hits = search(SearchRequest(q=question, page_size=size, **fields)).hits
    editions = ResourcePage.objects.filter(work__in=[hit.id for hit in hits]).order_by("pk")
    names = {hit.id: {edition.identifier for edition in editions if edition.work_id == hit.id} for hit in hits}
    return [names[hit.id] for hit in hits]


def asked_in_other_languages():
    lines = (QUESTIONS / "demo.tsv").read_text(encoding="utf-8").splitlines()
    return [(question, set(works.split())) for _tag, question, works in (line.split("\t") for line in lines if not line.startswith("#"))]


def test_most_questions_find_what_is_only_there_in_other_languages():
    asked = asked_in_other_languages()
    missed = [question for question, right in asked if not any(names & right for names in works_found(question))]
    assert len(missed) < 0.3 * len(asked), missed


def test_the_switch_words_only_leaves_most_of_them_unanswered():
    asked = asked_in_other_languages()
    found = [question for question, right in asked if any(names & right for names in works_found(question, words_only=True))]
    assert len(found) < 0.2 * len(asked), found


def test_nonsense_finds_nothing():
    nonsense = (QUESTIONS / "nonsense.txt").read_text(encoding="utf-8").splitlines()
    assert {question: found for question in nonsense if (found := titles(search(SearchRequest(q=question))))} == {}


def test_every_title_finds_its_work_first():
    failed = {}
    for edition in ResourcePage.objects.live():
        first = search(SearchRequest(q=edition.title, page_size=1)).hits
        if not first or first[0].id != edition.work_id:
            failed[edition.title] = titles(search(SearchRequest(q=edition.title, page_size=3)))
    assert failed == {}


@pytest.mark.parametrize(
    ("why", "question", "first"),
    [
        ("a Chinese question finds the Italian kit", "巧克力结晶实验", "cioccolato-cristalli"),
        ("a Russian question finds what is there in Italian, Spanish and English", "вулкан из желатина", "vulcano-di-gelatina"),
        ("a whole sentence in Spanish finds the poster in Arabic", "¿dónde y cuándo se verá el eclipse total de sol?", "kusuf-2027"),
        ("a name in one body stands above whatever is like it", "Xanthoria", "lichen-street"),
        ("all words stand above likeness", "planet trail posters", "planetenweg-elbradweg"),
        ("accents do not matter", "mascleta", "mapa-mascleta"),
        ("nor does the plural", "lichens", "lichen-street"),
    ],
)
def test_what_comes_first(why, question, first):
    assert first in works_found(question)[0], why
