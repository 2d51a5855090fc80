"""Makes what the library shows of a file: thumbnails, and its measures. Decoding happens in another process (media.decoding)."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from core import events
from media import file_types, records
from media.models import DerivedFile, ObjectState, StoredObject
from media.store import ObjectStore, store

logger = structlog.stdlib.get_logger(__name__)

TIMEOUT_SECONDS = 120
THUMBNAIL_TYPE = "image/webp"


def derive(object_id: UUID) -> None:
    """Make the derived files of a verified object anew; do nothing for any other. A file that cannot be opened simply has none."""
    stored = StoredObject.objects.filter(pk=object_id, state=ObjectState.VERIFIED, duplicate_of=None).first()
    if stored is None:
        return
    decoder = file_types.of(stored.content_type).decoder
    if decoder is None:
        return
    with tempfile.TemporaryDirectory(prefix="media-") as name:
        folder = Path(name)
        found = _decode(stored, decoder, folder)
        if found is None:
            return
        made = [_keep(store(), stored, folder, entry) for entry in found.get("thumbnails", [])]
    _record(stored, found, made)


def _decode(stored: StoredObject, decoder: str, folder: Path) -> dict[str, Any] | None:
    """Fetch the file and have it opened by the other process; None if that did not succeed."""
    source = folder / "source"
    with source.open("wb") as file:
        for block in store().stream(stored.key, stored.version_id):
            file.write(block)
    command = [sys.executable, "-m", "media.decoding", decoder, stored.content_type, str(source), str(folder)]
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    try:
        done = subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            check=True,
            timeout=TIMEOUT_SECONDS,
            stdin=subprocess.DEVNULL,
        )
        return dict(json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError) as error:
        why = (getattr(error, "stderr", None) or b"").decode(errors="replace").strip()[-500:]
        logger.info("file_not_decoded", object=str(stored.id), content_type=stored.content_type, why=why or repr(error))
        return None


def _keep(s3: ObjectStore, stored: StoredObject, folder: Path, entry: dict[str, Any]) -> DerivedFile:
    """Put a thumbnail into the store; made anew, it takes the place of the old one."""
    path = folder / str(entry["file"])
    key = f"derived/{stored.id}/thumbnail-{entry['variant']}"
    with path.open("rb") as file:
        s3.put(key, file, THUMBNAIL_TYPE)
    return DerivedFile(
        source=stored,
        kind=DerivedFile.Kind.THUMBNAIL,
        variant=str(entry["variant"]),
        key=key,
        content_type=THUMBNAIL_TYPE,
        size=path.stat().st_size,
        width=entry["width"],
        height=entry["height"],
    )


@transaction.atomic
def _record(stored: StoredObject, found: dict[str, Any], made: list[DerivedFile]) -> None:
    if not StoredObject.objects.select_for_update().filter(pk=stored.pk).exists():
        for derived in made:  # the object was deleted meanwhile
            records.discard(derived.key)
        return
    DerivedFile.objects.filter(source=stored, kind=DerivedFile.Kind.THUMBNAIL).delete()
    DerivedFile.objects.bulk_create(made)
    alike = StoredObject.objects.filter(Q(pk=stored.pk) | Q(duplicate_of=stored))
    alike.update(**{fact: found.get(fact) for fact in records.FACTS})
    for object_id in alike.values_list("pk", flat=True):
        events.object_changed.send(sender=None, object_id=object_id)
