"""What a resource needs before it may be submitted. A draft may lack anything."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalogue.fields import as_lines

if TYPE_CHECKING:
    from catalogue.models import ResourcePage


@dataclass(frozen=True, slots=True)
class Missing:
    """A field that is empty, and the sentence that says what to do."""

    field: str
    sentence: str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What of an edition counts for completeness, whether it comes from a page or from a form."""

    identifier: str
    title: str
    abstract: str
    language: str
    has_type: bool
    has_subjects: bool
    has_licence: bool
    contributors: str
    credit_line: str
    body: str
    external_url: str
    has_files: bool


def placeholder_title(identifier: str) -> str:
    """Return what a draft is called whose record has no title; it counts as none."""
    return f"[{identifier}]"


def missing(edition: "ResourcePage") -> list[Missing]:
    """Return what the edition lacks, in the order of the form; empty when it may be submitted."""
    return missing_in(
        Contents(
            identifier=edition.identifier,
            title=edition.title,
            abstract=edition.abstract,
            language=edition.language,
            has_type=edition.resource_type_id is not None,
            has_subjects=bool(edition.subjects.all()),
            has_licence=edition.licence_id is not None,
            contributors=edition.contributors,
            credit_line=edition.credit_line,
            body=edition.body,
            external_url=edition.external_url,
            has_files=bool(edition.files.all()),
        )
    )


def missing_in(contents: Contents) -> list[Missing]:
    """Return what these contents lack."""
    has_title = contents.title.strip() not in {"", placeholder_title(contents.identifier)}
    is_credited = bool(as_lines(contents.contributors) or contents.credit_line.strip())
    is_usable = bool(contents.has_files or contents.body.strip() or contents.external_url)
    needs: list[tuple[bool, str, Promise]] = [
        (has_title, "title", _("Please give it a title.")),
        (bool(contents.abstract.strip()), "abstract", _("Please write an abstract: what it is, for whom, and what happens.")),
        (contents.has_type, "resource_type", _("Please choose a type.")),
        (bool(contents.language), "language", _("Please say which language it is in.")),
        (contents.has_subjects, "subjects", _("Please choose at least one subject.")),
        (contents.has_licence, "licence", _("Please choose a licence: without one nobody may use it.")),
        (is_credited, "contributors", _("Please name at least one contributor, or write a credit line.")),
        (is_usable, "files", _("Please add a file, a description or a web address: so far there is nothing to use.")),
    ]
    return [Missing(field, sentence) for is_there, field, sentence in needs if not is_there]
