"""Takes records into the catalogue: each row in a transaction of its own, so that a bad one stops nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from catalogue import references, selectors
from catalogue import services as catalogue_services
from catalogue.models import ResourcePage
from catalogue.records import EditionData, EditionInvalidError, EditionOutcome, Status
from core.errors import ConflictError, InvalidInputError, UnavailableError, UserFacingError
from exchange.file_folder import Files
from exchange.record_fields import name_in_file
from exchange.records import Record, read_record
from exchange.report import Effect, Report, TakenRow
from exchange.rows import SourceRow
from members.models import Institution, User

logger = structlog.stdlib.get_logger(__name__)

REFERENCES = ("translation_of", "adapted_from")

Item = tuple[Institution, Record]
AfterRow = Callable[[TakenRow], object]


@dataclass(frozen=True, slots=True)
class Source:
    """A row and whose it is."""

    institution: Institution
    row: SourceRow


@dataclass(slots=True)
class Importer:
    """One run. `folder` None: files named in rows are reported, not taken. A dry run writes nothing that anybody could see.

    With an actor, what an institution's people may not do is refused, too; without, an operator acts.
    `comes_again`: raise UnavailableError where a service is away, rather than refuse the row: another run goes on there.
    `seen`: identifiers that an earlier part of this run had, with their lines, by institution.
    """

    folder: Files | None = None
    publish: bool = False
    dry_run: bool = False
    actor: User | None = None
    comes_again: bool = False
    report: Report = field(default_factory=Report)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    _announced: set[tuple[str, str]] = field(default_factory=set)

    def run(self, sources: Iterable[Source], *, after_row: AfterRow = lambda _row: None) -> Report:
        """Take all rows in; what refers to a later row waits until that is in. `after_row` is called once for each."""
        waiting: list[Item] = []
        records = [(source.institution, read_record(source.row)) for source in sources]
        self._announced = {(owner.slug, record.data.identifier) for owner, record in records if record.data}
        for owner, record in records:
            if self._must_wait(owner, record):
                waiting.append((owner, record))
            else:
                after_row(self._take(owner, record))
        while waiting:
            ready, blocked = self._parted(waiting)
            for owner, record in ready or blocked:  # what still waits then stands in a circle, or behind a row that was refused
                after_row(self._take(owner, record))
            waiting = blocked if ready else []
        return self.report

    def _parted(self, waiting: list[Item]) -> tuple[list[Item], list[Item]]:
        """Return those whose references are in by now, and the others."""
        blocked = [item for item in waiting if self._must_wait(*item)]
        still = {id(record) for _owner, record in blocked}
        return [item for item in waiting if id(item[1]) not in still], blocked

    def _must_wait(self, owner: Institution, record: Record) -> bool:
        """Whether a reference leads to a row of this run that is not in yet."""
        return any(self._is_announced(owner, reference) and not self._exists(owner, reference) for reference in _references(record))

    def _is_announced(self, owner: Institution, reference: str) -> bool:
        slug, slash, identifier = reference.partition("/")
        return (owner.slug, reference) in self._announced or (bool(slash) and (slug, identifier) in self._announced)

    def _exists(self, owner: Institution, reference: str) -> bool:
        if self.dry_run:
            slug, slash, identifier = reference.partition("/")
            return (owner.slug, reference) in self.seen or (bool(slash) and (slug, identifier) in self.seen)
        return references.edition(owner, reference) is not None

    def _take(self, owner: Institution, record: Record) -> TakenRow:
        self._check_is_first(owner, record)
        self._refuse_what_the_actor_may_not(owner, record)
        outcome = self._write(owner, record, record.data) if record.data else None
        taken = TakenRow(
            record.line,
            identifier=record.identifier,
            title=record.title,
            outcome=outcome.status if outcome else Effect.REFUSED,
            problems=tuple(record.problems),
            page_id=outcome.page_id if outcome and not (self.dry_run and outcome.status is Status.CREATED) else None,
        )
        self.report.add(taken)
        return taken

    def _refuse_what_the_actor_may_not(self, owner: Institution, record: Record) -> None:
        if self.actor is None:
            return
        try:
            keep_to_what_the_actor_may(owner, record, self.actor)
        except ConflictError as error:
            record.problem("", error, Effect.REFUSED)
            record.data = None

    def _check_is_first(self, owner: Institution, record: Record) -> None:
        """Two rows with one identifier would overwrite each other at every run."""
        if record.data is None:
            return
        first = self.seen.setdefault((owner.slug, record.data.identifier), record.line)
        if first != record.line:
            message = _("Line %(line)s has the same identifier already.") % {"line": first}
            record.problem("identifier", message, Effect.REFUSED)
            record.data = None

    def _write(self, owner: Institution, record: Record, data: EditionData) -> EditionOutcome | None:
        files = self._find_files(record)
        try:
            outcome = self._rehearse(owner, data) if self.dry_run else self._perform(owner, data, files)
        except EditionInvalidError as error:
            for problem in error.problems:
                record.problem(name_in_file(problem.field), problem.reason, Effect.REFUSED)
            return None
        except UserFacingError as error:  # of a file: empty, of a type that is not taken, over the quota, or the store is away
            if self.comes_again and isinstance(error, UnavailableError):
                raise
            names = ", ".join(path.name for path in files or [])
            record.problem("files" if names else "", f"{names}: {error}" if names else error, Effect.REFUSED)
            return None
        except Exception:
            logger.exception("import_row_failed", line=record.line, identifier=data.identifier)
            record.problem(
                "", _("Something went wrong on our side with this row; the log says what. Nothing of it was taken in."), Effect.REFUSED
            )
            return None
        will_have_files = self.dry_run and bool(files)
        record.note(outcome, but_missing="files" if will_have_files else "")
        return outcome

    def _perform(self, owner: Institution, data: EditionData, files: list[Path] | None) -> EditionOutcome:
        return catalogue_services.create_or_update_edition(owner, data, files=files, publish=self.publish, actor=self.actor)

    def _rehearse(self, owner: Institution, data: EditionData) -> EditionOutcome:
        """Do the same without files, and take it back."""
        with transaction.atomic():
            promised = self._without_promised_references(owner, data)
            outcome = catalogue_services.create_or_update_edition(owner, promised, publish=self.publish, actor=self.actor)
            transaction.set_rollback(True)
        return outcome

    def _find_files(self, record: Record) -> list[Path] | None:
        """Return the paths of the named files that exist; None where the row says nothing of files, or none were looked for."""
        if record.files is None:
            return None
        if self.folder is None:
            if record.files:
                record.problem("files", _("Files are named, but none were given with the table."))
            return None
        found: list[Path] = []
        for name in record.files:
            try:
                path = self.folder.find(name)
            except InvalidInputError as error:
                record.problem("files", error)
                continue
            if path not in found:
                found.append(path)
        return found

    def _without_promised_references(self, owner: Institution, data: EditionData) -> EditionData:
        """In a dry run, a reference to a row of the same run leads nowhere yet, and is right all the same."""
        if self._is_promised(owner, data.translation_of):
            data = replace(data, translation_of=None)
        if self._is_promised(owner, data.adapted_from):
            data = replace(data, adapted_from=None)
        return data

    def _is_promised(self, owner: Institution, reference: str | None) -> bool:
        return bool(reference) and self._exists(owner, str(reference)) and references.edition(owner, str(reference)) is None


def keep_to_what_the_actor_may(owner: Institution, record: Record, actor: User) -> None:
    """Leave out a reference to what another institution has not published; raise ConflictError if the resource is being judged."""
    data = record.data
    if data is None:
        return
    present = ResourcePage.objects.filter(institution=owner, identifier=data.identifier).first()
    lock = present.get_lock() if present else None
    if lock and lock.for_user(actor):
        raise ConflictError(_("This resource waits for the curators. Whoever submitted it can take it back and change it then."))
    nowhere: dict[str, Any] = {}
    for name in REFERENCES:
        reference = getattr(data, name)
        found = references.edition(owner, reference) if reference else None
        if found and found.institution_id != owner.id and not selectors.is_visible(found):
            record.problem(name, _("No other resource “%(reference)s” was found.") % {"reference": reference})
            nowhere[name] = None
    record.data = replace(data, **nowhere)


def _references(record: Record) -> list[str]:
    if record.data is None:
        return []
    return [reference for name in REFERENCES if (reference := getattr(record.data, name))]
