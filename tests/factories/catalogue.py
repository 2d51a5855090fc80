"""Resources, in the states that they can be in."""

import itertools

from django.db import transaction
from wagtail.models import Page, Revision

from catalogue.models import (
    AccessibilityFeature,
    Audience,
    CostBand,
    InstitutionPage,
    Licence,
    ResourceFile,
    ResourcePage,
    ResourceType,
    Setting,
    Subject,
)
from catalogue.services import submit
from core import clock
from tests.factories.members import make_institution, make_user

_count = itertools.count(1)
_ONE = {"resource_type": ResourceType, "licence": Licence, "cost": CostBand}
_MANY = {"subjects": Subject, "audience": Audience, "setting": Setting, "accessibility": AccessibilityFeature}


def make_resource(institution=None, publish=True, owner=None, files=(), **fields):
    """Return a resource that is complete unless fields are given as None or empty; vocabulary values by slug or as terms.

    `files`: stored objects. `publish` publishes it past moderation; otherwise it is a draft that was never submitted.
    """
    number = next(_count)
    institution = institution or make_institution()
    values = {
        "title": f"Soap boats {number}",
        "abstract": "Children cut boats from card and drive them with a drop of soap, and see what surface tension does.",
        "body": "<p>Fill a tray with water and wait until it is still.</p>",
        "language": "en",
        "resource_type": "experiment",
        "subjects": ["physics"],
        "audience": ["primary"],
        "licence": "CC-BY-4.0",
        "contributors": "Ashby, Rosalind",
        "year": 2024,
        **fields,
    }
    many = {name: _terms(_MANY[name], values.pop(name, [])) for name in _MANY}
    keywords = values.pop("keywords", [])
    for name, model in _ONE.items():
        if isinstance(values.get(name), str):
            values[name] = model.objects.get(slug=values[name])
    edition = ResourcePage(live=publish, has_unpublished_changes=not publish, owner=owner, **values)
    for name, terms in many.items():
        setattr(edition, name, terms)
    if keywords:
        edition.keywords.set(keywords)
    edition.files.set([ResourceFile(stored_object=stored, sort_order=place) for place, stored in enumerate(files)])
    _add_with_revision(InstitutionPage.objects.get(institution=institution), edition)
    return ResourcePage.objects.get(pk=edition.pk)


@transaction.atomic
def _add_with_revision(parent, edition):
    """Add a page with its first revision. A live one is left as publishing it leaves it, for a third of the work."""
    if edition.live:
        edition.first_published_at = edition.last_published_at = clock.now()
    parent.add_child(instance=edition)
    revision = Revision.objects.create(
        content_object=edition,
        base_content_type=edition.get_base_content_type(),
        user=edition.owner,
        content=edition.serializable_data(),
        object_str=str(edition),
    )
    ResourcePage.objects.filter(pk=edition.pk).update(
        latest_revision=revision, latest_revision_created_at=revision.created_at, live_revision=revision if edition.live else None
    )


def make_submitted(institution=None, by=None, **fields):
    """Return a resource that waits for the curators."""
    by = by or make_user("contributor", institution=institution)
    edition = make_resource(by.institution, publish=False, owner=by, **fields)
    submit(edition, by=by)
    return ResourcePage.objects.get(pk=edition.pk)


def revise(edition, by=None, **fields):
    """Save a new draft of the edition with these fields, and return its revision; what is published stays."""
    draft = edition.get_latest_revision_as_object()
    for name, value in fields.items():
        if name in _MANY:
            value = _terms(_MANY[name], value)  # noqa: PLW2901
        elif name in _ONE and isinstance(value, str):
            value = _ONE[name].objects.get(slug=value)  # noqa: PLW2901
        setattr(draft, name, value)
    return draft.save_revision(user=by)


def reload(page):
    """Return the page as the database has it, of its own type."""
    return Page.objects.get(pk=page.pk).specific


def _terms(model, values):
    return [model.objects.get(slug=value) if isinstance(value, str) else value for value in values]
