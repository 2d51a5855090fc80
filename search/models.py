"""What search must remember in the database: which works are behind in the index, where writes go, and what people follow."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

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


class Frequency(models.TextChoices):
    """How often a saved search writes to its owner."""

    AT_ONCE = "at-once", _("At once, within a minute or so")
    DAILY = "daily", _("Every day, in the morning")
    WEEKLY = "weekly", _("Every Monday, in the morning")
    NEVER = "never", _("Never: only keep it here")


class SavedSearch(models.Model):
    """A search that somebody keeps, and may be written to about. docs/adr/0007-alerts.md says what counts as news."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=120)
    parameters = models.JSONField(default=list, help_text="[name, value] pairs, as search.address.parameters gives them.")
    language = models.CharField(max_length=10, help_text="Of the interface in which it was saved; its mails are in it.")
    frequency = models.CharField(max_length=10, choices=Frequency.choices, default=Frequency.NEVER)
    created_at = models.DateTimeField(default=clock.now)
    news_from = models.DateTimeField(default=clock.now, help_text="What was published earlier is no news.")
    looked_at = models.DateTimeField(default=clock.now, help_text="When it was last queued to be looked at for a mail.")
    last_sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "id")
        indexes: ClassVar = [models.Index(fields=["frequency", "looked_at"], name="saved_search_due")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(frequency__in=Frequency.values), name="saved_search_frequency_is_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Alert(models.Model):
    """A mail about a saved search: begun before it is sent, finished after it. Its works are told once and for all."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    saved_search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="alerts")
    work_ids = models.JSONField(default=list)
    tries = models.PositiveIntegerField(default=0, help_text="How often it may have been sent.")
    begun_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["saved_search"], condition=Q(sent_at=None), name="one_unsent_alert_per_search"),
        ]

    def __str__(self) -> str:
        return f"{self.saved_search_id}: {len(self.work_ids)}"
