"""Field types of the catalogue."""

import langcodes
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


def validate_language_tag(tag: str) -> None:
    """Accept a valid BCP 47 tag in its canonical form (RFC 5646); raise ValidationError with the canonical form otherwise."""
    if not langcodes.tag_is_valid(tag):
        raise ValidationError(_("“%(tag)s” is not a language tag. Examples: en, pt-BR, zh-Hans."), params={"tag": tag})
    canonical = langcodes.standardize_tag(tag)
    if canonical != tag:
        raise ValidationError(_("Please write “%(canonical)s” instead of “%(tag)s”."), params={"canonical": canonical, "tag": tag})


class LinesField(models.TextField):
    """A list of short texts, one a line; `as_lines` reads it."""


def as_lines(text: str) -> list[str]:
    """Return the non-empty lines of a LinesField's value, trimmed."""
    return [line.strip() for line in text.splitlines() if line.strip()]
