"""What search must remember in the database: which works are behind in the index, and where writes go."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core import clock


class WorkSync(models.Model):
    """The outbox, one row a work; a row is due while `indexed_version` is behind `version`.

    A change bumps `version` inside its own transaction; the worker indexes the work whole under that version
    (Elasticsearch's external version) and moves `indexed_version` up to it.

    No foreign key: the row outlives its work, as a tombstone.
    """

    work_id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveBigIntegerField(default=1)
    indexed_version = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=clock.now)
    error = models.TextField(blank=True)
    lacks_meaning = models.BooleanField(default=False, help_text="In the index without vectors, which are still to be made.")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_attempt_at"], condition=Q(version__gt=F("indexed_version")), name="work_sync_due"),
            models.Index(fields=["changed_at"], condition=Q(lacks_meaning=True), name="work_sync_lacks_meaning"),
        ]

    def __str__(self) -> str:
        return f"{self.work_id} {self.indexed_version}/{self.version}"


class TextVector(models.Model):
    """What an encoder made of a text: little-endian 32-bit floats, none where it failed; under the SHA-256 of encoder and text."""

    key = models.CharField(max_length=64, primary_key=True)
    vector = models.BinaryField()

    def __str__(self) -> str:
        return self.key


class IndexTarget(models.Model):
    """An index that changes are written to. One is live (the alias points to it); a second one exists while a rebuild fills it.

    A rebuild holds a lease on its row and renews it with every batch; when the lease ends, another may take it over and go on
    after `filled_up_to`.
    """

    name = models.CharField(max_length=200, unique=True)
    is_live = models.BooleanField(default=False)
    receives_changes = models.BooleanField(default=False, help_text="From the moment its index exists.")
    settings_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now)
    filled_up_to = models.UUIDField(null=True, help_text="Works are filled in by the order of their ids.")
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    generation = models.PositiveBigIntegerField(default=0, help_text="Raised by each change that readers of this index see.")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["is_live"], name="one_live_and_one_building_index")]

    def __str__(self) -> str:
        return self.name
