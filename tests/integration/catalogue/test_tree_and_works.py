"""Editions find their institution and their work, and readers' changes are announced."""

import pytest
from wagtail.models import Page, Site

from catalogue import selectors
from catalogue.models import HomePage, InstitutionPage, ResourcePage, Work
from catalogue.services import ensure_site_tree, rename_institution, set_institution_active
from catalogue.vocabulary import Licence, Subject
from core.events import object_changed
from media.models import StoredObject
from tests.factories.catalogue import make_resource, reload, revise
from tests.factories.members import make_institution, make_user

pytestmark = pytest.mark.django_db


def test_the_site_shows_our_home_and_nothing_of_wagtails_greeting():
    ensure_site_tree()
    assert Site.objects.get().root_page.specific == HomePage.objects.get()
    assert Page.objects.filter(depth=2).count() == 1


def test_an_edition_belongs_to_the_institution_above_and_to_a_work_of_its_own():
    institution = make_institution()
    first, second = make_resource(institution), make_resource(institution)
    assert first.institution == institution
    assert first.work_id != second.work_id


def test_a_translation_is_in_the_work_of_its_original():
    original = make_resource()
    assert make_resource(translation_of=original, language="fr").work_id == original.work_id


def test_publishing_a_changed_translation_of_merges_works_and_announces_both(work_changes):
    original, other = make_resource(), make_resource(language="fr")
    follower = make_resource(translation_of=other, language="de")
    left = other.work_id
    draft = revise(other, translation_of=original)
    assert reload(other).work_id == left, "a draft regroups nothing"
    work_changes.clear()
    draft.publish(skip_permission_checks=True)
    assert {reload(other).work_id, reload(follower).work_id} == {original.work_id}
    assert {left, original.work_id} <= set(work_changes)
    assert selectors.current_work_id(left) == original.work_id


def test_clearing_translation_of_splits_the_work_again():
    original = make_resource()
    other = make_resource(translation_of=original, language="fr")
    revise(other, translation_of=None).publish(skip_permission_checks=True)
    assert reload(other).work_id != original.work_id
    assert reload(original).work_id == original.work_id


def test_a_revision_from_before_a_merge_does_not_bring_the_old_work_back():
    original, other = make_resource(), make_resource(language="fr")
    waiting = revise(original, title="Corrected")
    merged = revise(other, translation_of=original)
    merged.publish(skip_permission_checks=True)
    waiting.publish(skip_permission_checks=True)
    assert reload(original).work_id == reload(other).work_id


def test_a_move_changes_the_institution_and_is_announced(work_changes):
    edition, target = make_resource(), make_institution()
    work_changes.clear()
    Page.objects.get(pk=edition.pk).move(InstitutionPage.objects.get(institution=target), pos="last-child")
    assert reload(edition).institution == target
    assert edition.work_id in work_changes


@pytest.mark.parametrize("change", ["publish", "unpublish", "delete"])
def test_changes_of_an_edition_are_announced(work_changes, change):
    edition = make_resource(publish=change != "publish")
    work_changes.clear()
    if change == "publish":
        edition.get_latest_revision().publish(skip_permission_checks=True)
    elif change == "unpublish":
        Page.objects.get(pk=edition.pk).unpublish()
    else:
        Page.objects.get(pk=edition.pk).delete()
    assert edition.work_id in work_changes


@pytest.mark.parametrize("change", ["rename", "slug", "unpublish", "deactivate"])
def test_changes_of_an_institution_are_announced_for_all_its_works(work_changes, change):
    institution = make_institution()
    works = {make_resource(institution).work_id for _ in range(2)}
    page = InstitutionPage.objects.get(institution=institution)
    work_changes.clear()
    if change == "rename":
        rename_institution(institution, name="Another name", by=None)
    elif change == "slug":
        rename_institution(institution, name=institution.name, slug="another-address", by=None)
        assert reload(page).url_path.endswith("/another-address/")
    elif change == "unpublish":
        Page.objects.get(pk=page.pk).unpublish()
    else:
        set_institution_active(institution, active=False, by=None)
    assert works <= set(work_changes)


def test_a_term_changed_is_announced_for_works_that_carry_it_or_one_below_it(work_changes):
    edition = make_resource(subjects=["mechanics"])
    elsewhere = make_resource(subjects=["chemistry"], licence="CC0-1.0")
    work_changes.clear()
    Subject.objects.get(slug="physics").save()
    Licence.objects.get(slug="CC-BY-4.0").save()
    assert set(work_changes) == {edition.work_id}
    assert elsewhere.work_id not in work_changes


def test_what_is_visible():
    institution = make_institution()
    shown, draft = make_resource(institution), make_resource(institution, publish=False)
    assert list(selectors.published_editions()) == [shown]
    assert list(selectors.published_works()) == [Work.objects.get(pk=shown.work_id)]
    assert draft not in selectors.work_editions(draft.work_id)
    set_institution_active(institution, active=False, by=None)
    assert not selectors.published_editions().exists()
    set_institution_active(institution, active=True, by=None)
    Page.objects.get(pk=institution.page.pk).unpublish()
    assert not selectors.published_editions().exists()


def test_rich_text_is_cleaned_however_it_comes():
    evil = '<p onclick="x()">Hello<script>alert(1)</script> <a href="javascript:alert(2)">there</a><img src=x onerror=y></p>'
    edition = make_resource(body=evil)
    for body in (edition.body, edition.get_latest_revision_as_object().body, reload(edition).body):
        assert "script" not in body
        assert "onclick" not in body
        assert "onerror" not in body
        assert "Hello" in body
    ResourcePage.objects.filter(pk=edition.pk).update(body=evil)
    assert "onclick" not in reload(edition).body


def test_a_link_to_a_page_survives_cleaning():
    assert make_resource(body='<p><a linktype="page" id="3">x</a></p>').body == '<p><a linktype="page" id="3">x</a></p>'


def test_a_changed_file_is_announced_for_the_works_that_carry_it(work_changes):
    institution = make_institution()
    stored = StoredObject.objects.create(institution=institution, filename="boats.pdf", declared_size=3, key="objects/boats")
    edition = make_resource(institution, files=[stored])
    make_resource(institution)
    work_changes.clear()
    object_changed.send(sender=None, object_id=stored.id)
    assert work_changes == [edition.work_id]


def test_roles_give_wagtails_groups():
    institution = make_institution()
    user = make_user("contributor", "curator", institution=institution)
    assert {group.name for group in user.groups.all()} == {f"{institution.slug} contributors", "Curators"}


def test_a_new_name_is_read_in_every_language_that_had_the_old_one():
    institution = make_institution(name="Shannon Week", names={"en": "Shannon Week", "fr": "Semaine du Shannon"})
    rename_institution(institution, name="Estuary Week", by=None)
    assert institution.name_in("en") == "Estuary Week"
    assert institution.name_in("fr") == "Semaine du Shannon"
