"""How the pages of imports say what became of a row."""

from django import template

from exchange.bulk.labels import OUTCOMES, field_label
from exchange.report import EFFECT_LABELS

register = template.Library()


@register.filter
def outcome_label(outcome: str) -> str:
    return str(OUTCOMES.get(outcome, outcome))


@register.filter
def problem_in_words(problem: list[str]) -> str:
    """Return “Field: reason (effect)”."""
    field, reason, effect = problem
    said = f"{field_label(field)}: {reason}" if field else reason
    return f"{said} ({EFFECT_LABELS.get(effect, effect)})"  # type: ignore[call-overload]
