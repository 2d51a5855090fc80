"""What a resource needs before it may be submitted, and what makes it better to find. A draft may lack anything.

The rules are data: one of these fields must hold something. The editor's page reads the same data while somebody writes.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from catalogue.models import ResourcePage


@dataclass(frozen=True, slots=True)
class Missing:
    """A field that is empty, and the sentence that says what to do."""

    field: str
    sentence: str | Promise


@dataclass(frozen=True, slots=True)
class Need:
    """At least one of these fields must hold something; the sentence is said at the first."""

    fields: tuple[str, ...]
    sentence: Promise


REQUIRED = (
    Need(("title",), _("Please give it a title.")),
    Need(("abstract",), _("Please write an abstract: what it is, for whom, and what happens.")),
    Need(("resource_type",), _("Please choose a type.")),
    Need(("language",), _("Please say which language it is in.")),
    Need(("subjects",), _("Please choose at least one subject.")),
    Need(("licence",), _("Please choose a licence: without one nobody may use it.")),
    Need(("contributors", "credit_line"), _("Please name at least one contributor, or write a credit line.")),
    Need(("files", "body", "external_url"), _("Please add a file, a description or a web address: so far there is nothing to use.")),
)

HELPFUL = (
    Need(("keywords",), _("Keywords: the words that somebody would search for.")),
    Need(("alternative_titles",), _("The title in another language: people search in their own.")),
    Need(("audience", "age_min", "age_max"), _("For whom it is, or from which age.")),
    Need(("duration_minutes",), _("How long it takes.")),
    Need(("setting",), _("Where it can take place.")),
)


def placeholder_title(identifier: str) -> str:
    """Return what a draft is called whose record has no title; it counts as none."""
    return f"[{identifier}]"


def missing(edition: "ResourcePage") -> list[Missing]:
    """Return what the edition lacks, in the order of the form; empty when it may be submitted."""
    return missing_in(filled(lambda name: getattr(edition, name)))


def missing_in(names: Collection[str], needs: tuple[Need, ...] = REQUIRED) -> list[Missing]:
    """Return the needs that are not met where these fields hold something."""
    return [Missing(need.fields[0], need.sentence) for need in needs if not any(name in names for name in need.fields)]


def filled(value_of: Callable[[str], Any]) -> set[str]:
    """Return which of the fields that matter hold something; `value_of` gives a field's value, of a page or of a form."""
    names = {name for need in (*REQUIRED, *HELPFUL) for name in need.fields if _says_something(name, value_of(name))}
    if (value_of("title") or "").strip() == placeholder_title(value_of("identifier") or ""):
        names.discard("title")
    return names


def _says_something(name: str, value: Any) -> bool:
    if name == "body":
        value = strip_tags(value or "")
    if isinstance(value, str):
        return bool(value.strip())
    if hasattr(value, "all"):
        value = value.all()
    return value is not None and (isinstance(value, int) or bool(value))
