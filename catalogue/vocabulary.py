"""Controlled vocabularies: terms with a stable slug and labels in the languages of the interface.

A term is deactivated, never deleted: a deleted one would vanish without a word from the revisions that carry it.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class TermNotDeletableError(RuntimeError):
    """Somebody tried to delete a term; it can only be deactivated."""


class ActiveTerms(models.QuerySet[Any]):
    """Terms as a form offers them."""

    def active(self) -> "ActiveTerms":
        return self.filter(is_active=True)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TermNotDeletableError("A term of a vocabulary is deactivated, never deleted.")


class Term(models.Model):
    """What all vocabularies share."""

    slug = models.CharField(_("slug"), max_length=64, unique=True, help_text=_("Stable: addresses, imports and the API use it."))
    labels = models.JSONField(_("labels"), default=dict, help_text=_("Interface language to label; English is required."))
    position = models.PositiveIntegerField(_("position"), default=0)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("An inactive term stays on what carries it and is offered no more.")
    )

    objects = ActiveTerms.as_manager()

    class Meta:
        abstract = True
        ordering = ("position", "slug")

    def __str__(self) -> str:
        return self.label()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save in one transaction with what follows from it: the works that carry the term are indexed again."""
        with transaction.atomic():
            super().save(*args, **kwargs)

    def label(self, language: str | None = None) -> str:
        """Return the label in an interface language (today's by default), else in English, else the slug."""
        language = language or get_language() or "en"
        return str(self.labels.get(language) or self.labels.get("en") or self.slug)

    def clean(self) -> None:
        if not self.labels.get("en"):
            raise ValidationError({"labels": _("An English label is required; other languages fall back to it.")})

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raise TermNotDeletableError, always."""
        raise TermNotDeletableError("A term of a vocabulary is deactivated, never deleted.")


class ResourceType(Term):
    """schema.org learningResourceType."""

    class Meta(Term.Meta):
        verbose_name = _("resource type")
        verbose_name_plural = _("resource types")


class Subject(Term):
    """What a resource is about (dc:subject); a tree."""

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent"))

    class Meta(Term.Meta):
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")

    def clean(self) -> None:
        super().clean()
        if self.pk and self.parent and any(term.pk == self.pk for term in [self.parent, *self.parent.ancestors()]):
            raise ValidationError({"parent": _("A subject cannot lie below itself.")})

    def ancestors(self) -> "list[Subject]":
        """Return the terms above this one, the nearest first."""
        above: list[Subject] = []
        term = self.parent
        while term is not None:
            above.append(term)
            term = term.parent
        return above

    def branch(self) -> "set[int]":
        """Return the primary keys of this term and of all below it."""
        found = {self.pk}
        frontier = {self.pk}
        while frontier:
            frontier = set(Subject.objects.filter(parent__in=frontier).values_list("pk", flat=True)) - found
            found |= frontier
        return found


class Audience(Term):
    """Whom a resource is for (schema.org PeopleAudience); ages in years, open where empty."""

    age_min = models.PositiveSmallIntegerField(_("from age"), null=True, blank=True)
    age_max = models.PositiveSmallIntegerField(_("to age"), null=True, blank=True)

    class Meta(Term.Meta):
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")


class Setting(Term):
    """Where it takes place."""

    class Meta(Term.Meta):
        verbose_name = _("setting")
        verbose_name_plural = _("settings")


class CostBand(Term):
    """What it costs to put on once, without staff."""

    class Meta(Term.Meta):
        verbose_name = _("cost band")
        verbose_name_plural = _("cost bands")


class AccessibilityFeature(Term):
    """schema.org accessibilityFeature; `schema_value` is the value of that vocabulary, where it has one."""

    schema_value = models.CharField(max_length=64, blank=True)

    class Meta(Term.Meta):
        verbose_name = _("accessibility feature")
        verbose_name_plural = _("accessibility features")


class Licence(Term):
    """What may be done with a resource, as data. The slug is the SPDX identifier where there is one (https://spdx.org/licenses/)."""

    class Kind(models.TextChoices):
        SPDX = "spdx", _("Open or standard licence")
        NETWORK = "network", _("Licence of the network")
        RESERVED = "reserved", _("Rights reserved")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.SPDX)
    url = models.URLField(_("address of the text"), blank=True)
    may_share = models.BooleanField(_("may be passed on"), default=False)
    may_adapt = models.BooleanField(_("may be changed"), default=False)
    may_translate = models.BooleanField(_("may be translated"), default=False)
    may_use_commercially = models.BooleanField(_("may be used commercially"), default=False)
    must_share_alike = models.BooleanField(_("adaptations must carry the same licence"), default=False)
    must_credit = models.BooleanField(_("must be credited"), default=True)
    summaries = models.JSONField(_("summaries"), default=dict, help_text=_("Interface language to two or three plain sentences."))

    class Meta(Term.Meta):
        verbose_name = _("licence")
        verbose_name_plural = _("licences")

    def summary(self, language: str | None = None) -> str:
        """Return what the licence allows, in plain words, in an interface language, else in English."""
        language = language or get_language() or "en"
        return str(self.summaries.get(language) or self.summaries.get("en") or "")


VOCABULARIES: dict[str, type[Term]] = {
    "resource_types": ResourceType,
    "subjects": Subject,
    "audiences": Audience,
    "settings": Setting,
    "cost_bands": CostBand,
    "accessibility_features": AccessibilityFeature,
    "licences": Licence,
}
