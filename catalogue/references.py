"""Finds what a record's slugs and references mean, and says which mean nothing."""

import re
import uuid
from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from catalogue.models import ResourcePage, Work
from catalogue.records import Problem
from catalogue.vocabulary import Term
from members.models import Institution


def terms(model: type[Term], names: Iterable[str], field: str, problems: list[Problem]) -> list[Term]:
    """Return the terms with these slugs, or labels in any language, in the given order; a problem for each that does not exist."""
    wanted = list(dict.fromkeys(names))
    known = {term.slug: term for term in model.objects.filter(slug__in=wanted)}
    if any(name not in known for name in wanted):
        called = _by_name(model)
        known |= {name: called[_plain(name)] for name in wanted if name not in known and _plain(name) in called}
    problems += [Problem(field, _("“%(slug)s” is not a term of the vocabulary.") % {"slug": name}) for name in wanted if name not in known]
    return list(dict.fromkeys(known[name] for name in wanted if name in known))


def _by_name(model: type[Term]) -> dict[str, Term]:
    """Return the terms by slug and labels, as people write them; what two terms are called by is left out."""
    found: dict[str, set[Term]] = {}
    for term in model.objects.all():
        for name in (term.slug, *term.labels.values()):
            found.setdefault(_plain(name), set()).add(term)
    return {name: next(iter(called)) for name, called in found.items() if len(called) == 1}


def _plain(name: str) -> str:
    """Without case, hyphens, and what a label says in brackets: “CC BY-SA 4.0 (credit, share alike)” is cc by sa 4.0."""
    return " ".join(re.sub(r"[（(].*?[)）]", " ", name).replace("-", " ").casefold().split())


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
