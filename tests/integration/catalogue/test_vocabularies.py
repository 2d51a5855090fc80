"""The vocabularies come from files, and a site's own changes stay."""

import io

import pytest
from django.core.management import call_command

from catalogue import vocabulary_files
from catalogue.vocabulary import VOCABULARIES, ResourceType, Subject, TermNotDeletableError

pytestmark = pytest.mark.django_db


def load(*arguments):
    out = io.StringIO()
    call_command("load_vocabularies", *arguments, stdout=out)
    return out.getvalue()


def test_they_are_there_with_labels_in_every_language_of_the_interface():
    for name, model in VOCABULARIES.items():
        terms = list(model.objects.all())
        assert terms, name
        for term in terms:
            assert {"en", "fr", "zh-hans"} <= set(term.labels), term.slug
    assert Subject.objects.get(slug="mechanics").parent == Subject.objects.get(slug="physics")
    assert {term.slug for term in Subject.objects.filter(pk__in=Subject.objects.get(slug="physics").branch())} > {"physics", "mechanics"}


def test_loading_again_changes_nothing():
    assert load() == ""


def test_what_a_site_changed_stays_unless_asked():
    term = ResourceType.objects.get(slug="kit")
    term.labels = {"en": "Box of things", "zh-hans": "箱"}
    term.save()
    load()
    term.refresh_from_db()
    assert term.labels == {"en": "Box of things", "zh-hans": "箱", "fr": "Mallette pédagogique"}
    load("--overwrite")
    term.refresh_from_db()
    assert term.labels["en"] == "Kit"


def test_a_term_that_left_the_file_is_deactivated_only_if_asked():
    ResourceType.objects.create(slug="happening", labels={"en": "Happening"})
    assert "happening" in load()
    assert ResourceType.objects.get(slug="happening").is_active
    load("--deactivate-unlisted")
    assert not ResourceType.objects.get(slug="happening").is_active


def test_no_term_is_ever_deleted():
    with pytest.raises(TermNotDeletableError):
        ResourceType.objects.get(slug="kit").delete()
    with pytest.raises(TermNotDeletableError):
        ResourceType.objects.filter(slug="kit").delete()
    assert vocabulary_files.FOLDER.is_dir()
