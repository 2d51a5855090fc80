"""Field types of the catalogue."""

from typing import Any

import langcodes
import nh3
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

ALLOWED_TAGS = {"p", "br", "h3", "h4", "b", "strong", "i", "em", "ol", "ul", "li", "a", "hr", "blockquote", "sub", "sup"}
ALLOWED_ATTRIBUTES = {"a": {"href", "linktype", "id"}}
ALLOWED_SCHEMES = {"http", "https", "mailto"}


def clean_rich_text(html: str) -> str:
    """Return the HTML with nothing in it that runs: no script, style, event attribute, or address of another scheme.

    `linktype` and `id` are how Wagtail stores a link to a page.
    """
    return nh3.clean(
        html,
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes=ALLOWED_SCHEMES,
        link_rel=None,
        attribute_filter=_only_links_to_pages,
    )


def _only_links_to_pages(_tag: str, attribute: str, value: str) -> str | None:
    if attribute == "linktype" and value != "page":
        return None
    if attribute == "id" and not value.isdigit():
        return None
    return value


class _CleanedAttribute(DeferredAttribute):
    """Cleans at assignment: from a form, a revision, an import, the API or the database alike."""

    field: Any

    def __set__(self, instance: models.Model, value: str | None) -> None:
        vars(instance)[self.field.attname] = clean_rich_text(value) if value else ""


class CleanRichTextField(RichTextField):
    """Rich text that can never hold anything that runs."""

    descriptor_class = _CleanedAttribute


def validate_language_tag(tag: str) -> None:
    """Accept a valid BCP 47 tag in its canonical form (RFC 5646); raise ValidationError with the canonical form otherwise."""
    if not langcodes.tag_is_valid(tag):
        raise ValidationError(_("“%(tag)s” is not a language tag. Examples: en, pt-BR, zh-Hans."), params={"tag": tag})
    canonical = langcodes.standardize_tag(tag)
    if canonical != tag:
        raise ValidationError(_("Please write “%(canonical)s” instead of “%(tag)s”."), params={"canonical": canonical, "tag": tag})


class LinesField(models.TextField):  # type: ignore[type-arg]
    """A list of short texts, one a line; `as_lines` reads it."""


def as_lines(text: str) -> list[str]:
    """Return the non-empty lines of a LinesField's value, trimmed."""
    return [line.strip() for line in text.splitlines() if line.strip()]
