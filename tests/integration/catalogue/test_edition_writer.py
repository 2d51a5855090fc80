"""Records become editions: once, completely, and without inventing anything."""

import datetime as dt

import pytest

from catalogue.models import ResourcePage
from catalogue.records import EditionData, EditionInvalidError, Status
from catalogue.services import create_or_update_edition, withdraw
from core.models import AuditEntry
from tests.factories.catalogue import reload, revise
from tests.factories.members import make_institution, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def institution():
    return make_institution()


def data(**changes):
    values = {
        "identifier": "soap-boats",
        "title": "Soap boats",
        "abstract": "Children drive card boats with a drop of soap.",
        "body": "<p>Fill a tray with water.</p>",
        "language": "en",
        "resource_type": "experiment",
        "subjects": ("physics", "chemistry"),
        "audience": ("primary", "families"),
        "age_min": 6,
        "age_max": 11,
        "keywords": ("surface tension", "soap"),
        "licence": "CC-BY-4.0",
        "access": "public",
        "embargo_until": dt.date(2027, 3, 1),
        "contributors": ("Ashby, Rosalind", "Nowak, Jan"),
        "year": 2024,
        "duration_minutes": 20,
        "group_size": "10-30",
        "setting": ("classroom",),
        "cost": "low",
        "materials": ("card", "soap"),
        "learning_outcomes": ("Water has a skin.",),
        "accessibility": ("plain-language",),
        "safety_note": "Wipe up spills.",
        "external_url": "https://example.org/boats",
        "alternative_titles": {"fr": "Les bateaux à savon"},
        **changes,
    }
    return EditionData(**values)


def test_everything_arrives_and_a_second_run_changes_nothing(institution):
    outcome = create_or_update_edition(institution, data(), publish=True)
    assert outcome.status is Status.CREATED
    assert outcome.published
    assert outcome.missing == outcome.problems == []
    edition = ResourcePage.objects.get(edition_id=outcome.edition_id)
    assert edition.live
    assert {term.slug for term in edition.subjects.all()} == {"physics", "chemistry"}
    assert {keyword.name for keyword in edition.keywords.all()} == {"surface tension", "soap"}
    assert edition.contributors == "Ashby, Rosalind\nNowak, Jan"
    assert edition.alternative_titles == {"fr": "Les bateaux à savon"}
    assert edition.cost.slug == "low"
    assert AuditEntry.objects.filter(action="catalogue.resource.publish_directly").count() == 1
    revisions = edition.revisions.count()
    again = create_or_update_edition(institution, data(), publish=True)
    assert again.status is Status.UNCHANGED
    assert again.published
    assert edition.revisions.count() == revisions
    assert AuditEntry.objects.filter(action="catalogue.resource.publish_directly").count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Soap ships"},
        {"subjects": ("physics",)},
        {"keywords": ("soap",)},
        {"materials": ("card", "soap", "tray")},
        {"licence": "CC0-1.0"},
        {"embargo_until": dt.date(2028, 1, 1)},
        {"alternative_titles": {}},
        {"body": "<p>Fill two trays.</p>"},
        {"setting": ()},
    ],
)
def test_an_edit_updates(institution, change):
    first = create_or_update_edition(institution, data(), publish=True)
    outcome = create_or_update_edition(institution, data(**change), publish=True)
    assert outcome.status is Status.UPDATED
    assert outcome.edition_id == first.edition_id
    assert create_or_update_edition(institution, data(**change), publish=True).status is Status.UNCHANGED


def test_what_a_record_does_not_mention_stays(institution):
    create_or_update_edition(institution, data())
    outcome = create_or_update_edition(institution, EditionData(identifier="soap-boats", title="Soap ships"))
    edition = ResourcePage.objects.get(pk=outcome.page_id).get_latest_revision_as_object()
    assert edition.title == "Soap ships"
    assert edition.year == 2024
    assert edition.keywords.count() == 2


def test_without_publish_it_is_a_draft_and_a_published_one_stays(institution):
    draft = create_or_update_edition(institution, data(identifier="a"))
    assert not draft.published
    create_or_update_edition(institution, data(identifier="b"), publish=True)
    outcome = create_or_update_edition(institution, data(identifier="b", title="Soap ships"))
    edition = ResourcePage.objects.get(pk=outcome.page_id)
    assert edition.live
    assert edition.title == "Soap boats"
    assert edition.get_latest_revision_as_object().title == "Soap ships"


def test_what_is_missing_makes_a_draft_that_says_so(institution):
    outcome = create_or_update_edition(institution, data(licence=None, abstract="", title=None), publish=True)
    assert not outcome.published
    assert [problem.field for problem in outcome.missing] == ["title", "abstract", "licence"]
    edition = ResourcePage.objects.get(pk=outcome.page_id)
    assert edition.licence is None
    assert edition.title == "[soap-boats]"


def test_unknown_terms_are_said_and_left_out(institution):
    outcome = create_or_update_edition(institution, data(subjects=("physics", "alchemy"), cost="priceless"), publish=True)
    assert [(problem.field, "alchemy" in problem.reason) for problem in outcome.problems] == [("subjects", True), ("cost", False)]
    edition = ResourcePage.objects.get(pk=outcome.page_id)
    assert [term.slug for term in edition.subjects.all()] == ["physics"]
    assert edition.cost is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"year": 99}, "year"),
        ({"language": "english"}, "language"),
        ({"external_url": "javascript:alert(1)"}, "external_url"),
        ({"title": "x" * 300}, "title"),
        ({"access": "friends"}, "access"),
        ({"age_min": 12, "age_max": 3}, "age_min"),
        ({"identifier": " "}, "identifier"),
        ({"title": "NUL\x00"}, "title"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(institution, change, field):
    with pytest.raises(EditionInvalidError) as refused:
        create_or_update_edition(institution, data(**change), publish=True)
    assert [problem.field for problem in refused.value.problems] == [field]
    assert not ResourcePage.objects.exists()


def test_a_translation_finds_its_original_in_any_institution(institution):
    other = make_institution(slug="elbe")
    create_or_update_edition(other, data(identifier="seifenboote", language="de"), publish=True)
    outcome = create_or_update_edition(institution, data(translation_of="elbe/seifenboote"), publish=True)
    editions = ResourcePage.objects.all()
    assert len({edition.work_id for edition in editions}) == 1
    assert outcome.problems == []
    adapted = create_or_update_edition(institution, data(identifier="ships", adapted_from="soap-boats"), publish=True)
    assert ResourcePage.objects.get(pk=adapted.page_id).adapted_from_id == editions[0].work_id


def test_a_reference_that_leads_nowhere_holds_it_back(institution):
    outcome = create_or_update_edition(institution, data(translation_of="nobody/nothing"), publish=True)
    assert [problem.field for problem in outcome.problems] == ["translation_of"]
    assert not outcome.published
    create_or_update_edition(make_institution(slug="nobody"), data(identifier="nothing"), publish=True)
    healed = create_or_update_edition(institution, data(translation_of="nobody/nothing"), publish=True)
    assert healed.published
    assert len(set(ResourcePage.objects.values_list("work_id", flat=True))) == 1


def test_what_was_withdrawn_stays_withdrawn(institution):
    outcome = create_or_update_edition(institution, data(), publish=True)
    edition = ResourcePage.objects.get(pk=outcome.page_id)
    withdraw(edition, by=make_user("manager", institution=institution))
    again = create_or_update_edition(institution, data(title="Soap ships"), publish=True)
    assert again.status is Status.UPDATED
    assert not again.published
    revise(reload(edition)).publish(skip_permission_checks=True)
    assert reload(edition).withdrawn_at is None


def test_scripts_in_a_record_are_gone_and_do_not_count_as_a_change(institution):
    evil = data(body="<p>Hello</p><script>alert(1)</script>")
    outcome = create_or_update_edition(institution, evil, publish=True)
    assert ResourcePage.objects.get(pk=outcome.page_id).body == "<p>Hello</p>"
    assert create_or_update_edition(institution, evil, publish=True).status is Status.UNCHANGED
