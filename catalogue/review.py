"""What a curator sees of a submission: everything that a reader would see, what changed, what was said before."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from wagtail.models import TaskState
from wagtail.rich_text import expand_db_html

from catalogue import publishing
from catalogue.fields import as_lines
from catalogue.models import ResourcePage
from catalogue.records import Problem
from catalogue.twins import Twin, twins_of
from core.languages import language_name
from media.models import StoredObject

SHOWN = (
    "abstract resource_type language subjects keywords audience age_min age_max licence access embargo_until credit_line contributors year "
    "duration_minutes group_size setting cost materials learning_outcomes accessibility safety_note external_url translation_of "
    "adapted_from alternative_titles identifier"
)
_LINES = frozenset({"contributors", "materials", "learning_outcomes"})


@dataclass(frozen=True, slots=True)
class Fact:
    """A field of the submission as people read it; `diff` is the change since the published version, as safe HTML, or empty."""

    label: str
    value: str | SafeString


@dataclass(frozen=True, slots=True)
class Change:
    """A field that differs from what is published; `diff` is safe HTML."""

    label: str
    diff: SafeString


@dataclass(frozen=True, slots=True)
class Submission:
    """One task state with the edition as its revision has it."""

    task_state: Any
    edition: ResourcePage
    published: ResourcePage | None

    @property
    def body(self) -> SafeString:
        return SafeString(expand_db_html(self.edition.body))

    @property
    def twins(self) -> list[tuple[StoredObject, Twin]]:
        """Return the files that another institution has, too, each with what a curator may know of it."""
        objects = [row.stored_object for row in self.edition.files.all()]
        twins = twins_of(objects)
        return [(stored, twins[stored.pk]) for stored in objects if stored.pk in twins]

    @property
    def facts(self) -> list[Fact]:
        return list(_facts(self.edition))

    @property
    def obstacles(self) -> list[Problem]:
        return publishing.obstacles(self.edition)

    @property
    def earlier(self) -> "QuerySet[Any]":
        """Return the decisions taken on this edition before, the latest first."""
        return (
            TaskState.objects.for_instance(self.edition)
            .exclude(pk=self.task_state.pk)
            .exclude(finished_at=None)
            .select_related("finished_by", "revision")
            .order_by("-finished_at")
        )

    def changes(self, request: HttpRequest) -> list[Change]:
        """Return what differs from the published version; empty for what was never published."""
        if self.published is None:
            return []
        bound = self.edition.get_edit_handler().get_bound_panel(instance=self.edition, request=request, form=None)
        comparisons = [compare(self.published, self.edition) for compare in bound.get_comparison()]
        return [Change(capfirst(each.field_label()), _diff(each)) for each in comparisons if each.has_changed()]


def submission(task_state: Any) -> Submission:
    """Return what a task state asks to be judged."""
    edition: ResourcePage = task_state.revision.as_object()
    published = ResourcePage.objects.filter(pk=edition.pk, live=True).first()
    return Submission(task_state, edition, published)


def _diff(comparison: Any) -> SafeString:
    if comparison.is_field:
        return SafeString(comparison.htmldiff())
    children = [each for each in comparison.get_child_comparisons() if each.is_addition() or each.is_deletion() or each.has_changed()]
    return format_html_join(
        "",
        '<p class="{}">{}</p>',
        (("addition" if each.is_addition() else "deletion" if each.is_deletion() else "", _child(each)) for each in children),
    )


def _child(comparison: Any) -> str:
    return str(comparison.obj_b or comparison.obj_a)


def _facts(edition: ResourcePage) -> Iterator[Fact]:
    for name in SHOWN.split():
        text = _text(edition, name)
        if text not in {"", None}:
            yield Fact(capfirst(str(ResourcePage._meta.get_field(name).verbose_name)), text)  # noqa: SLF001 - documented by Django


def _text(edition: ResourcePage, name: str) -> Any:
    value = getattr(edition, name)
    if name == "language":
        return f"{language_name(value)} ({value})" if value else ""
    if name == "access":
        return edition.get_access_display()
    if name in _LINES:
        return format_html_join("", "{}<br>", ((line,) for line in as_lines(value)))
    if name == "alternative_titles":
        return format_html_join("", "{}: {}<br>", ((language_name(tag), title) for tag, title in value.items()))
    if hasattr(value, "all"):
        return ", ".join(str(each) for each in value.all())
    return "" if value is None else str(value)
