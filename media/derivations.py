"""Asking for what the worker makes of a file, and saying how far it has come."""

import datetime as dt
from enum import StrEnum

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import clock, jobs
from core.tick import on_tick
from media import file_types
from media.models import Derivation, DerivationState, ObjectState, StoredObject

RECIPE = 1
"""Raise it when media.decoding makes something else of the same files: the worker then makes it of all of them, by and by."""

MOST_TRIES = 3
"""Of a decoder that is cut off: the machine may have been busy, or the file is meant to keep it so."""

BATCH = 200
BETWEEN = dt.timedelta(seconds=2)
"""Between those of a batch, so that a new file does not wait until all of them are made."""


class Problem(StrEnum):
    """Why nothing could be made; the first four are media.decoding's own codes."""

    BROKEN = "broken"
    TOO_LARGE = "too-large"
    PROGRAM_MISSING = "program-missing"
    NOT_CONVERTED = "not-converted"
    TOO_LONG = "too-long"
    LOST = "lost"


SENTENCES: dict[Problem, str | Promise] = {
    Problem.BROKEN: _("No preview could be made, because the file cannot be opened: it may be damaged, or locked with a password."),
    Problem.TOO_LARGE: _("No preview could be made, because what is in the file is too large to be opened here."),
    Problem.PROGRAM_MISSING: _("No preview could be made, because this site lacks the program for it."),
    Problem.NOT_CONVERTED: _("No preview could be made, because the program that draws office documents could not open this one."),
    Problem.TOO_LONG: _("No preview could be made, because opening the file took too long."),
    Problem.LOST: _("No preview could be made, because the file store does not have the file any more."),
}
PREPARING = _("The preview is being prepared.")
READY = _("Ready for preview and search.")


def ask(stored: StoredObject, *, run_after: dt.datetime | None = None) -> None:
    """Have the derived files of a verified object made, or made anew, once this transaction is committed."""
    Derivation.objects.update_or_create(source=stored, defaults={"state": DerivationState.WAITING, "problem": "", "tries": 0})
    jobs.enqueue("media.derive", {"object_id": stored.pk}, key=str(stored.pk), run_after=run_after)


def sources() -> "QuerySet[StoredObject]":
    """Return the objects of which something can be made: verified, not a duplicate, of a type that has a decoder here."""
    types = [name for name in file_types.FILE_TYPES if file_types.decoder_of(name)]
    return StoredObject.objects.filter(state=ObjectState.VERIFIED, duplicate_of=None, content_type__in=types)


def unmade() -> Q:
    """Return the condition for sources of which something is still to be made, or was made by an older version."""
    return Q(derivation=None) | Q(derivation__recipe__lt=RECIPE) | Q(derivation__state=DerivationState.WAITING)


@on_tick(every=dt.timedelta(minutes=10))
def ask_for_what_is_missing() -> int:
    """Ask for what is not made and nobody is about to make: after an upgrade, or when its job failed or was lost; return for how many."""
    open_jobs = jobs.open_keys("media.derive")
    lacking = [stored for stored in sources().filter(unmade())[:BATCH] if str(stored.pk) not in open_jobs]
    for place, stored in enumerate(lacking):
        with transaction.atomic():
            ask(stored, run_after=clock.now() + place * BETWEEN)
    return len(lacking)


def of(stored: StoredObject) -> Derivation | None:
    """Return how far it is with the object, or with the one whose bytes it duplicates; None if the object cannot be had."""
    if stored.state != ObjectState.VERIFIED:
        return None
    return Derivation.objects.filter(source_id=stored.duplicate_of_id or stored.pk).first()


def is_waiting(stored: StoredObject) -> bool:
    """Whether something is still to be made."""
    derivation = of(stored)
    return derivation is not None and derivation.state == DerivationState.WAITING


def sentence(stored: StoredObject) -> str | Promise:
    """Return what a contributor should know of the preview; empty where nothing is made of such files, or they cannot be had."""
    derivation = of(stored)
    if derivation is None:
        return ""
    if derivation.state == DerivationState.FAILED:
        return SENTENCES[Problem(derivation.problem)]
    return PREPARING if derivation.state == DerivationState.WAITING else READY
