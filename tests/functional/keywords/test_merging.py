"""Keywords that are one: found, listed for the secretariat, merged on everything that carries them."""

import pytest
from django.test import Client
from django.urls import reverse

from catalogue import keywords
from catalogue.models import Keyword, ResourcePage
from core.errors import NotAllowedError
from core.models import AuditEntry
from tests.denial import is_denied
from tests.factories.catalogue import make_resource, revise
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db


def names(edition):
    return sorted(keyword.name for keyword in edition.keywords.all())


def draft(edition):
    return ResourcePage.objects.get(pk=edition.pk).get_latest_revision_as_object()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Surface tension", "surface-tension"),
        ("soap boat", "Soap boats"),
        ("Électricité", "electricite"),
        ("battery", "batteries"),
        ("box", "boxes"),
        ("do it yourself", "do-it-yourself"),
        ("e-mail", "email"),
    ],
)
def test_alike(one, other):
    assert keywords.likeness(one) == keywords.likeness(other)


@pytest.mark.parametrize(("one", "other"), [("gas", "ga"), ("glass", "glas"), ("physics", "chemistry"), ("はし", "ばし"), ("bus", "bu")])
def test_not_alike(one, other):
    assert keywords.likeness(one) != keywords.likeness(other)


def test_everything_that_carries_one_carries_the_other(work_changes):
    published = make_resource(keywords=["Soap-boats", "water"])
    both = make_resource(keywords=["soap boats", "Soap-boats"])
    newer = make_resource(keywords=["water"])
    changed = newer.get_latest_revision_as_object()
    changed.keywords.set(["Soap-boats"])
    changed.save_revision()
    keep, other = Keyword.objects.get(name="soap boats"), Keyword.objects.get(name="Soap-boats")
    work_changes.clear()
    secretariat = make_user("secretariat")
    assert keywords.merge(keep, [other, keep], by=secretariat) == 2
    assert names(published) == ["soap boats", "water"]
    assert names(both) == ["soap boats"]
    assert {published.work_id, both.work_id} <= set(work_changes)
    assert names(draft(newer)) == ["soap boats"], "a draft that nobody has saved since"
    assert names(draft(both)) == ["soap boats"]
    draft(newer).get_latest_revision().publish(skip_permission_checks=True)
    assert names(ResourcePage.objects.get(pk=newer.pk)) == ["soap boats"]
    entry = AuditEntry.objects.get(action="catalogue.keyword.merge")
    assert entry.data["merged"] == ["Soap-boats"]
    assert keywords.near_duplicates() == []


def test_merging_again_leads_to_the_last():
    edition = make_resource(keywords=["soaps"])
    first, second, last = (Keyword.objects.get_or_create(name=name, slug=name)[0] for name in ("soaps", "soap", "Soap!"))
    secretariat = make_user("secretariat")
    keywords.merge(second, [first], by=secretariat)
    keywords.merge(last, [second], by=secretariat)
    assert names(draft(edition)) == names(ResourcePage.objects.get(pk=edition.pk)) == ["Soap!"]
    assert Keyword.preferred(["SOAPS", "water", "soap"]) == ["Soap!", "water"]


def test_whoever_types_the_merged_one_gets_the_other():
    edition = make_resource(keywords=["soap boats"])
    Keyword.objects.create(name="Soap-boats", slug="old", merged_into=Keyword.objects.get(name="soap boats"))
    user = make_user("contributor", institution=edition.institution)
    client = Client()
    client.force_login(user)
    from tests.forms import fields_of  # noqa: PLC0415

    url = reverse("wagtailadmin_pages:edit", args=(edition.pk,))
    form = fields_of(client.get(url).content.decode(), form_id="page-edit-form")
    assert client.post(url, {**form, "keywords": '"Soap-boats", water'}).status_code == 302
    assert names(draft(edition)) == ["soap boats", "water"]


def test_the_secretariat_merges_by_a_press():
    edition = make_resource(keywords=["Kites"])
    make_resource(keywords=["kite"])
    make_resource(keywords=["kite"])
    client = Client()
    client.force_login(make_user("secretariat"))
    page = client.get(reverse("keyword_merging")).content.decode()
    kites, kite = Keyword.objects.get(name="Kites"), Keyword.objects.get(name="kite")
    assert page.index(f'value="{kite.pk}"') < page.index(f'value="{kites.pk}"'), "the most used first"
    response = client.post(reverse("keyword_merging"), {"keep": kite.pk, "merge": [kite.pk, kites.pk, "x"]}, follow=True)
    assert "1 resource now carries “kite”." in response.content.decode()
    assert names(ResourcePage.objects.get(pk=edition.pk)) == ["kite"]
    assert client.post(reverse("keyword_merging"), {"keep": "", "merge": "99999"}).status_code == 302


def test_nobody_else_merges():
    one, other = Keyword.objects.create(name="a", slug="a"), Keyword.objects.create(name="A", slug="a2")
    manager = make_user("manager")
    with pytest.raises(NotAllowedError):
        keywords.merge(one, [other], by=manager)
    client = Client()
    client.force_login(manager)
    assert is_denied(client.post(reverse("keyword_merging"), {"keep": one.pk, "merge": other.pk}))
    revise(make_resource(keywords=["A"]))
    assert Keyword.objects.get(name="A").merged_into is None
