"""Ages and durations as a reader reads them, in the active language."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from search.facet_kinds import Span

MINUTES_PER_HOUR = 60


def ages_in_words(span: Span) -> str:
    """Return “9–11 years”, “up to 5 years” or “18 years and over”."""
    if span.high is None:
        return ngettext("%(low)d year and over", "%(low)d years and over", span.low) % {"low": span.low}
    if span.low == span.high:
        return ngettext("%(age)d year", "%(age)d years", span.low) % {"age": span.low}
    if span.low == 0:
        return ngettext("up to %(high)d year", "up to %(high)d years", span.high) % {"high": span.high}
    return _("%(low)d–%(high)d years") % {"low": span.low, "high": span.high}


def minutes_in_words(span: Span) -> str:
    """Return “15–30 minutes”, “up to 1 hour” or “4 hours and longer”: hours where both ends are whole ones."""
    low, high = span.low, span.high
    ends = [end for end in (low, high) if end]
    if ends and all(end % MINUTES_PER_HOUR == 0 for end in ends):
        return _hours_in_words(low // MINUTES_PER_HOUR, None if high is None else high // MINUTES_PER_HOUR)
    if high is None:
        return ngettext("%(low)d minute and longer", "%(low)d minutes and longer", low) % {"low": low}
    if low == high:
        return ngettext("%(count)d minute", "%(count)d minutes", low) % {"count": low}
    if low == 0:
        return ngettext("up to %(high)d minute", "up to %(high)d minutes", high) % {"high": high}
    return _("%(low)d–%(high)d minutes") % {"low": low, "high": high}


def _hours_in_words(low: int, high: int | None) -> str:
    if high is None:
        return ngettext("%(low)d hour and longer", "%(low)d hours and longer", low) % {"low": low}
    if low == high:
        return ngettext("%(count)d hour", "%(count)d hours", low) % {"count": low}
    if low == 0:
        return ngettext("up to %(high)d hour", "up to %(high)d hours", high) % {"high": high}
    return _("%(low)d–%(high)d hours") % {"low": low, "high": high}
