"""The worker's part of an import: reads the table, tries every row, or takes every row in, as the import's state says."""

import datetime as dt
import tempfile
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import translation
from django.utils.translation import gettext as _

from core import clock, jobs, tick
from core.errors import NotAllowedError, UnavailableError, UserFacingError
from exchange import columns
from exchange.bulk.named_files import NamedFiles
from exchange.bulk.services import KIND, USER_TYPE
from exchange.bulk.transitions import BUSY, next_state
from exchange.importing import Importer, Source
from exchange.models import BulkImport, BulkImportRow, ImportState
from exchange.policies import may_import
from exchange.report import TakenRow
from exchange.tables.fence import Table, TableOptions, read_table
from media import services as media_services
from members.viewer import Viewer

SAMPLE_ROWS = 3
SAMPLE_LENGTH = 120
KEPT = dt.timedelta(days=30)


@jobs.handler(KIND, max_attempts=3)
def work(import_id: str) -> None:
    """Do what is due; do nothing for an import that waits for a person, or is no more."""
    found = BulkImport.objects.select_related("institution", "created_by", "archive").filter(pk=UUID(import_id)).first()
    if found is None or found.state not in BUSY:
        return
    with translation.override(found.created_by.language), tempfile.TemporaryDirectory(prefix="import-") as folder:
        try:
            table = _read(found, Path(folder))
            files = None if found.state == ImportState.READING else _named_files(found, Path(folder))
        except UnavailableError:
            raise  # the store is away: the job comes again
        except UserFacingError as error:
            _move(found, ImportState.STOPPED, problem=str(error))
            return
        if found.state == ImportState.READING:
            _show(found, table)
        else:
            _take(found, table, files)


def _read(found: BulkImport, folder: Path) -> Table:
    if not may_import(Viewer.of(found.created_by), found.institution_id):
        raise NotAllowedError(_("You may no longer take tables in for this institution."))
    path = folder / "table"
    path.write_bytes(found.content)
    return read_table(path, TableOptions(**found.options))


def _named_files(found: BulkImport, folder: Path) -> NamedFiles | None:
    if found.archive is None:
        return None
    path, unpacked = folder / "archive", folder / "files"
    media_services.read_into(path, found.archive)
    unpacked.mkdir()
    return NamedFiles(path, unpacked)


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
        mapping=columns.guessed(table.header),
        constants=found.constants or {name: value for name, value in usual.items() if value},
        problem="",
    )


def _take(found: BulkImport, table: Table, files: NamedFiles | None) -> None:
    """Try or take in the rows; what a worker that was killed had done of a real run stays done, and stays in the report."""
    is_dry = found.state == ImportState.CHECKING
    if is_dry:
        found.rows.all().delete()
    done = {} if is_dry else dict(found.rows.values_list("line", "identifier"))
    rows = columns.with_constants(columns.source_rows(table, found.mapping, keep_empty=False), found.constants)
    seen = {(found.institution.slug, name): line for line, name in done.items() if name}
    importer = Importer(folder=files, dry_run=is_dry, actor=found.created_by, comes_again=True, seen=seen)
    importer.run((Source(found.institution, row) for row in rows if row.line not in done), after_row=lambda row: _note(found, row))
    if is_dry:
        _move(found, ImportState.CHECKED, unnamed_files=files.unnamed() if files else [])
    else:
        _end(found)


@transaction.atomic
def _end(found: BulkImport) -> None:
    """Let the table go, and the ZIP that came with it."""
    _move(found, ImportState.DONE, content=b"", archive=None)
    media_services.release_uses(USER_TYPE, found.id)


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


@receiver(post_delete, sender=BulkImport)
def _forgotten(instance: BulkImport, **_: object) -> None:
    media_services.release_uses(USER_TYPE, instance.pk)
