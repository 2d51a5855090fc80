"""How search stands: what an operator, and the secretariat, should know, and in what words."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import DatabaseError, connection
from django.db.models import Min
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from catalogue.models import ResourcePage
from catalogue.selectors import published_works
from core import clock
from search import index
from search.client import SearchUnavailableError
from search.mapping import settings_hash
from search.models import IndexTarget, WorkSync
from search.sync import behind, set_aside

logger = structlog.stdlib.get_logger(__name__)

LONG_BEHIND_MINUTES = 5
SHOWN = 50
ALL_IDS = 2**128

OLD_SHAPE = _("Search still uses the index in its old shape; the worker builds the new one beside it.")

REASONS = (
    ("immense term", _("One of its values is longer than the index takes.")),
    ("(413,", _("It is larger than the index takes.")),
    ("parsing_exception", _("One of its values is of a kind that the index does not take.")),
    ("surrogates", _("One of its texts holds a broken character.")),
)
"""What an error contains, and what that means to people."""

OTHER_REASON = _("Its document could not be made or written: a mistake in the software, or something damaged in the database.")


@dataclass(frozen=True, slots=True)
class IndexState:
    """An index. `works` is None where Elasticsearch does not answer; `share_filled`, 0 to 1, only while it is being filled."""

    name: str
    live: bool
    old_shape: bool
    works: int | None
    share_filled: float | None


@dataclass(frozen=True, slots=True)
class SetAside:
    """A work that could not be indexed. `edition` is one of its editions, or None where it has none any more."""

    work_id: UUID
    edition: ResourcePage | None
    since: dt.datetime
    reason: str | Promise
    detail: str

    @property
    def title(self) -> str:
        return self.edition.title if self.edition else ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence; `serious` if somebody should do something."""

    sentence: str | Promise
    serious: bool


@dataclass(frozen=True, slots=True)
class Health:
    """How search stands. `away` is why Elasticsearch does not answer, empty if it does; `set_aside` holds the first SHOWN."""

    published: int
    behind: int
    behind_since: dt.datetime | None
    retried: int
    without_meaning: int
    set_aside_count: int
    set_aside: tuple[SetAside, ...]
    indices: tuple[IndexState, ...]
    away: str

    @property
    def minutes_behind(self) -> int:
        """For how many whole minutes the oldest change has been waiting."""
        return int((clock.now() - self.behind_since).total_seconds() // 60) if self.behind_since else 0

    def findings(self) -> Iterator[Finding]:
        """Yield what there is to say, the gravest first."""
        if self.away:
            yield Finding(_("Elasticsearch does not answer. Changes are kept and indexed once it is back."), serious=True)
        elif not any(each.live for each in self.indices):
            yield Finding(_("There is no live index. A running worker builds it by itself."), serious=True)
        if (minutes := self.minutes_behind) >= LONG_BEHIND_MINUTES:
            sentence = ngettext(
                "The oldest change has been waiting for %(minutes)d minute. Is the worker running?",
                "The oldest change has been waiting for %(minutes)d minutes. Is the worker running?",
                minutes,
            )
            yield Finding(sentence % {"minutes": minutes}, serious=True)
        if self.set_aside_count:
            sentence = ngettext(
                "%(number)d work could not be indexed and is set aside.",
                "%(number)d works could not be indexed and are set aside.",
                self.set_aside_count,
            )
            yield Finding(sentence % {"number": self.set_aside_count}, serious=True)
        if any(each.live and each.old_shape for each in self.indices):
            yield Finding(OLD_SHAPE, serious=False)


def health() -> Health:
    """Look at database and index; an Elasticsearch that is away is part of the answer."""
    targets = list(IndexTarget.objects.order_by("-is_live", "pk"))
    indices, away = _states(targets)
    aside = set_aside()
    trying = behind().exclude(pk__in=aside.values("pk"))
    return Health(
        published=published_works().count(),
        behind=trying.count(),
        behind_since=trying.aggregate(oldest=Min("changed_at"))["oldest"],
        retried=trying.filter(attempts__gt=0).count(),
        without_meaning=WorkSync.objects.filter(lacks_meaning=True).count(),
        set_aside_count=aside.count(),
        set_aside=tuple(_described(list(aside.order_by("changed_at")[:SHOWN]))),
        indices=tuple(indices),
        away=away,
    )


def _states(targets: Sequence[IndexTarget]) -> tuple[list[IndexState], str]:
    """Return the indices as far as they can be seen, and why Elasticsearch does not answer, if so."""
    away, found, counts = "", None, {}
    try:
        found = index.live()
        counts = {target.name: index.count(target.name) for target in targets if target.receives_changes and index.exists(target.name)}
    except SearchUnavailableError as error:
        away = error.reason
    states = []
    for target in targets:
        live = target.is_live and (found is None or found == [target.name])
        states.append(
            IndexState(
                name=target.name,
                live=live,
                old_shape=target.settings_hash != settings_hash(),
                works=counts.get(target.name),
                share_filled=None if target.is_live else (target.filled_up_to.int / ALL_IDS if target.filled_up_to else 0.0),
            )
        )
    return states, away


def _described(rows: Sequence[WorkSync]) -> Iterator[SetAside]:
    editions: dict[UUID, ResourcePage] = {}
    for edition in ResourcePage.objects.filter(work_id__in=[row.work_id for row in rows]).order_by("-live", "translation_of_id", "pk"):
        editions.setdefault(edition.work_id, edition)
    for row in rows:
        reason = next((words for sign, words in REASONS if sign in row.error), OTHER_REASON)
        yield SetAside(row.work_id, editions.get(row.work_id), row.changed_at, reason, row.error)


def uses_old_shape() -> bool:
    """Whether searches go to an index whose settings are not those of this version of the software; False where nobody can say."""
    try:
        live = IndexTarget.objects.filter(is_live=True).values_list("settings_hash", flat=True).first()
    except DatabaseError:
        return False
    return live is not None and live != settings_hash()


def say_if_old_shape() -> None:
    """Leave a line in the log of a web process that starts after an upgrade, before the worker has built the new index.

    Closes the connection it opened: where gunicorn forks after this, the workers must not share it.
    """
    try:
        if uses_old_shape():
            logger.warning("index_has_old_shape", meaning=str(OLD_SHAPE))
    finally:
        connection.close()
