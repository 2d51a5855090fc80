"""What was given to whom: the append-only record of downloads."""

import uuid
from typing import ClassVar

from django.db import models

from core import clock


class Download(models.Model):
    """A link to a file was signed for somebody. No address and no name of an anonymous visitor is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=clock.now, db_index=True)
    work_id = models.UUIDField(db_index=True)
    edition_id = models.UUIDField()
    stored_object_id = models.UUIDField()
    user_id = models.UUIDField(null=True)
    institution_id = models.UUIDField(null=True, help_text="Of the user, at that moment.")
    because = models.CharField(max_length=40, help_text="Why the decision was yes; sharing.policies has the codes.")
    licence = models.CharField(max_length=64, blank=True, help_text="Slug of the licence shown at that moment.")

    class Meta:
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.stored_object_id}"
