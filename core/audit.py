"""Writes the append-only record of decisions."""

from typing import Any
from uuid import UUID

from core.models import AuditEntry


def record(action: str, *, actor_id: UUID | None, object_type: str, object_id: object, **data: Any) -> AuditEntry:
    """Add an entry; call it inside the transaction of what it records. `data` must be JSON."""
    return AuditEntry.objects.create(actor_id=actor_id, action=action, object_type=object_type, object_id=str(object_id), data=data)
