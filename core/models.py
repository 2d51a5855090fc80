"""Two tables that every room may write: what was decided, and what is still to be done."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from core import clock


class AppendOnlyError(RuntimeError):
    """Somebody tried to change or delete a record of the past."""


class AuditEntry(models.Model):
    """Who did what to which thing, when. Rows are added, never changed; `core.audit.record` writes them."""

    at = models.DateTimeField(default=clock.now, db_index=True)
    actor_id = models.UUIDField(null=True, db_index=True, help_text="User; empty when the system acted.")
    action = models.CharField(max_length=100, db_index=True, help_text="room.thing.verb, e.g. catalogue.resource.withdraw")
    object_type = models.CharField(max_length=50)
    object_id = models.CharField(max_length=64, db_index=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_type} {self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; raise AppendOnlyError on a second save."""
        if not self._state.adding:
            raise AppendOnlyError("An audit entry is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raise AppendOnlyError, always."""
        raise AppendOnlyError("An audit entry is never deleted.")


class Job(models.Model):
    """One piece of background work: taken under a lease, tried again with growing pauses, set aside after the last try.

    `kind` names a handler registered with `core.jobs.handler`; `payload` carries ids only, handlers reload.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=100)
    payload = models.JSONField(default=dict)
    key = models.CharField(max_length=200, blank=True, help_text="At most one open job has this key; empty means no such limit.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    run_after = models.DateTimeField(default=clock.now)
    leased_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "run_after"], name="job_due")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "key"], condition=Q(state__in=["waiting", "running"]) & ~Q(key=""), name="job_one_open_per_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state} {self.id}"
