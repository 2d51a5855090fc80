"""What people do with an import of a table: each step is a new state and a job for the worker, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from core import audit, jobs
from core.errors import InvalidInputError
from core.models import Job
from exchange import columns
from exchange.bulk import named_files
from exchange.bulk.transitions import BUSY, next_state
from exchange.models import BulkImport, ImportState
from exchange.tables.fence import TableOptions
from media import filenames
from media import services as media_services
from media.models import StoredObject
from members.models import Institution, User

KIND = "exchange.bulk_import"
USER_TYPE = "import"  # in the ledger of files


@transaction.atomic
def start(user: User, institution: Institution, *, filename: str, content: bytes) -> BulkImport:
    """Keep a table that the user uploaded for their institution, and have it read. Raises InvalidInputError for one that is too large."""
    if len(content) > settings.IMPORT_MAX_BYTES:
        raise InvalidInputError(
            _("This file is too large: at most %(size)s are possible. Please divide the table.")
            % {"size": filesizeformat(settings.IMPORT_MAX_BYTES)}
        )
    started = BulkImport.objects.create(institution=institution, created_by=user, filename=filenames.clean(filename), content=content)
    audit.record("exchange.import.start", actor_id=user.id, object_type="bulk_import", object_id=started.id)
    _enqueue(started)
    return started


def read_again(import_id: UUID, options: TableOptions) -> None:
    """Have it read otherwise than it was guessed."""
    _go_on(import_id, ImportState.READING, options=asdict(options))


@transaction.atomic
def check(import_id: UUID, mapping: Sequence[str], constants: Mapping[str, str], archive: StoredObject | None = None) -> None:
    """Have every row tried, and nothing written. Raises InvalidInputError if the columns, or the ZIP of files, cannot be taken so."""
    header = BulkImport.objects.values_list("table", flat=True).get(pk=import_id).get("header", [])
    columns.check(header, mapping)
    columns.check_constants(constants)
    if archive:
        named_files.check(archive)
    _go_on(import_id, ImportState.CHECKING, mapping=list(mapping), constants=dict(constants), archive=archive)
    media_services.record_uses(USER_TYPE, import_id, [archive.id] if archive else [])


@transaction.atomic
def run(import_id: UUID, *, by: User) -> None:
    """Have every row taken in as a draft, as it was checked."""
    _go_on(import_id, ImportState.RUNNING)
    audit.record("exchange.import.run", actor_id=by.id, object_type="bulk_import", object_id=import_id)


@transaction.atomic
def try_again(import_id: UUID) -> None:
    """Have the worker do once more what it gave up."""
    locked = BulkImport.objects.select_for_update().defer("content").get(pk=import_id)
    if locked.state in BUSY:
        _enqueue(locked)


def is_given_up(found: BulkImport) -> bool:
    """Whether the worker set the job aside after its last try."""
    last = Job.objects.filter(kind=KIND, key=str(found.id)).order_by("-created_at").first()
    return found.state in BUSY and last is not None and last.state == Job.State.FAILED


@transaction.atomic
def _go_on(import_id: UUID, then: ImportState, **values: Any) -> None:
    """Raises ConflictError if the import stands elsewhere by now."""
    locked = BulkImport.objects.select_for_update().defer("content").get(pk=import_id)
    locked.state = next_state(locked.state, then)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.save(update_fields=["state", *values])
    if then in {ImportState.CHECKING, ImportState.RUNNING}:
        locked.rows.all().delete()
    _enqueue(locked)


def _enqueue(locked: BulkImport) -> None:
    jobs.enqueue(KIND, {"import_id": locked.id}, key=str(locked.id))
