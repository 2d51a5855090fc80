"""The worker's part of an import: reads the table, tries every row, or takes every row in, as the import's state says."""

import datetime as dt
import tempfile
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core import clock, jobs, tick
from core.errors import NotAllowedError, UserFacingError
from exchange import columns
from exchange.bulk.services import KIND
from exchange.bulk.transitions import BUSY, next_state
from exchange.importing import Importer, Source
from exchange.models import BulkImport, BulkImportRow, ImportState
from exchange.policies import may_import
from exchange.report import TakenRow
from exchange.tables.fence import Table, TableOptions, read_table
from members.viewer import Viewer

SAMPLE_ROWS = 3
SAMPLE_LENGTH = 120
KEPT = dt.timedelta(days=30)


@jobs.handler(KIND, max_attempts=3)
def work(import_id: str) -> None:
    """Do what is due; do nothing for an import that waits for a person, or is no more."""
    found = BulkImport.objects.select_related("institution", "created_by").filter(pk=UUID(import_id)).first()
    if found is None or found.state not in BUSY:
        return
    with translation.override(found.created_by.language):
        try:
            table = _read(found)
        except UserFacingError as error:
            _move(found, ImportState.STOPPED, problem=str(error))
            return
        if found.state == ImportState.READING:
            _show(found, table)
        else:
            _take(found, table)


def _read(found: BulkImport) -> Table:
    if not may_import(Viewer.of(found.created_by), found.institution_id):
        raise NotAllowedError(_("You may no longer take tables in for this institution."))
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        path = Path(folder) / "table"
        path.write_bytes(found.content)
        return read_table(path, TableOptions(**found.options))


def _show(found: BulkImport, table: Table) -> None:
    """Keep how the table was read, with a sample of each column, and which fields its columns are taken for."""
    sample = [[" ".join(cell.split())[:SAMPLE_LENGTH] for cell in row.cells] for row in table.rows if row.cells][:SAMPLE_ROWS]
    about = {name: getattr(table, name) for name in Table.__dataclass_fields__ if name != "rows"}
    usual = {"languages": found.institution.language, "licence": found.institution.usual_licence}
    _move(
        found,
        ImportState.READ,
        table={**about, "sample": sample},
        row_count=len(table.rows),
        mapping=["" if name == "files" else name for name in columns.guessed(table.header)],
        constants=found.constants or {name: value for name, value in usual.items() if value},
        problem="",
    )


def _take(found: BulkImport, table: Table) -> None:
    """Try or take in the rows; what a worker that was killed had done of a real run stays done, and stays in the report."""
    is_dry = found.state == ImportState.CHECKING
    if is_dry:
        found.rows.all().delete()
    done = {} if is_dry else dict(found.rows.values_list("line", "identifier"))
    rows = columns.with_constants(columns.source_rows(table, found.mapping, keep_empty=False), found.constants)
    importer = Importer(
        dry_run=is_dry, actor=found.created_by, seen={(found.institution.slug, name): line for line, name in done.items() if name}
    )
    importer.run((Source(found.institution, row) for row in rows if row.line not in done), after_row=lambda row: _note(found, row))
    _move(found, ImportState.CHECKED if is_dry else ImportState.DONE, **({} if is_dry else {"content": b""}))


def _note(found: BulkImport, row: TakenRow) -> None:
    BulkImportRow.objects.update_or_create(
        bulk_import=found,
        line=row.line,
        defaults={
            "identifier": row.identifier,
            "title": row.title,
            "outcome": row.outcome,
            "problems": [[problem.field, str(problem.reason), problem.effect] for problem in row.problems],
            "page_id": row.page_id,
        },
    )


@transaction.atomic
def _move(found: BulkImport, then: ImportState, **values: object) -> None:
    locked = BulkImport.objects.select_for_update().get(pk=found.pk)
    locked.state = next_state(locked.state, then)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.save(update_fields=["state", *values])


@tick.on_tick(every=dt.timedelta(days=1))
def forget_old() -> None:
    """Delete imports that nobody ended, with their files; what was taken in keeps its report, and what the worker has is left to it."""
    old = BulkImport.objects.filter(created_at__lt=clock.now() - KEPT).exclude(state=ImportState.DONE)
    old.exclude(pk__in=jobs.open_keys(KIND)).delete()
