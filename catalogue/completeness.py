"""What a resource needs before it may be submitted. A draft may lack anything."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalogue.fields import as_lines
from catalogue.models import ResourcePage


@dataclass(frozen=True, slots=True)
class Missing:
    """A field that is empty, and the sentence that says what to do."""

    field: str
    sentence: str | Promise


def placeholder_title(identifier: str) -> str:
    """Return what a draft is called whose record has no title; it counts as none."""
    return f"[{identifier}]"


_NEEDS: list[tuple[str, Callable[[ResourcePage], bool], Promise]] = [
    (
        "title",
        lambda edition: edition.title.strip() not in {"", placeholder_title(edition.identifier)},
        _("Please give it a title."),
    ),
    ("abstract", lambda edition: bool(edition.abstract.strip()), _("Please write an abstract: what it is, for whom, and what happens.")),
    ("language", lambda edition: bool(edition.language), _("Please say which language it is in.")),
    ("resource_type", lambda edition: edition.resource_type_id is not None, _("Please choose a type.")),
    ("subjects", lambda edition: bool(edition.subjects.all()), _("Please choose at least one subject.")),
    ("licence", lambda edition: edition.licence_id is not None, _("Please choose a licence: without one nobody may use it.")),
    (
        "contributors",
        lambda edition: bool(as_lines(edition.contributors) or edition.credit_line.strip()),
        _("Please name at least one contributor, or write a credit line."),
    ),
    (
        "files",
        lambda edition: bool(edition.files.all() or edition.body.strip() or edition.external_url),
        _("Please add a file, a description or a web address: so far there is nothing to use."),
    ),
]


def missing(edition: ResourcePage) -> list[Missing]:
    """Return what the edition lacks, in the order of the form; empty when it may be submitted."""
    return [Missing(field, sentence) for field, is_there, sentence in _NEEDS if not is_there(edition)]
