"""Finds what a record's slugs and references mean, and says which mean nothing."""

import uuid
from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from catalogue.models import ResourcePage, Work
from catalogue.records import Problem
from catalogue.vocabulary import Term
from members.models import Institution


def terms(model: type[Term], slugs: Iterable[str], field: str, problems: list[Problem]) -> list[Term]:
    """Return the terms with these slugs, in the given order; a problem for each that does not exist."""
    wanted = list(dict.fromkeys(slugs))
    known = {term.slug: term for term in model.objects.filter(slug__in=wanted)}
    problems += [Problem(field, _("“%(slug)s” is not a term of the vocabulary.") % {"slug": slug}) for slug in wanted if slug not in known]
    return [known[slug] for slug in wanted if slug in known]


def edition(institution: Institution, reference: str) -> ResourcePage | None:
    """Return the edition that a reference names, see EditionData; a work's UUID names its oldest original."""
    if (key := _uuid(reference)) is not None:
        by_id = ResourcePage.objects.filter(edition_id=key).first()
        return by_id or ResourcePage.objects.filter(work_id=key).order_by("translation_of_id", "pk").first()
    slug, _slash, identifier = reference.rpartition("/")
    whose = Q(institution__slug=slug) if slug else Q(institution=institution)
    return ResourcePage.objects.filter(whose, identifier=identifier).first()


def work(institution: Institution, reference: str) -> Work | None:
    """Return the work that a reference names."""
    found = edition(institution, reference)
    return found.work if found else None


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
