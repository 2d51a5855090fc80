"""What an upload of a table needs to be remembered between the page and the worker."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock


class ImportState(models.TextChoices):
    """exchange.bulk.transitions is the table."""

    READING = "reading", _("Being read")
    STOPPED = "stopped", _("Cannot go on")
    READ = "read", _("Columns to be confirmed")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked, nothing written yet")
    RUNNING = "running", _("Being taken in")
    DONE = "done", _("Done")


class BulkImport(models.Model):
    """One table that somebody uploaded for their institution; theirs alone.

    The file lies in this row, not in the object store: it is small (settings.IMPORT_MAX_BYTES), no reader ever gets it, and it is
    forgotten when it has been taken in. In the store it would count against the quota and go through checks that are for resources.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey("members.Institution", on_delete=models.PROTECT, related_name="bulk_imports")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    filename = models.CharField(max_length=255)
    content = models.BinaryField(help_text="The file; empty once it was taken in.")
    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.READING)

    options = models.JSONField(default=dict, help_text="What the person says of the file: fields of exchange.tables.fence.TableOptions.")
    table = models.JSONField(default=dict, help_text="How it was read: fields of Table, with a few rows as a sample.")
    row_count = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True, help_text="Why it cannot go on, in a sentence.")
    mapping = models.JSONField(default=list, help_text="The field of each column; empty for one that is left out.")
    constants = models.JSONField(default=dict, help_text="Field to value, where the table says nothing.")

    archive = models.ForeignKey(
        "media.StoredObject", on_delete=models.PROTECT, null=True, related_name="+", help_text="A ZIP of the files that rows name."
    )
    unnamed_files = models.JSONField(default=list, help_text="Paths in the ZIP that no row named when the rows were checked.")

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.filename


class BulkImportRow(models.Model):
    """What became of one row, in the last check or, once that has begun, in the import."""

    bulk_import = models.ForeignKey(BulkImport, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    identifier = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=255, blank=True)
    outcome = models.CharField(max_length=10, help_text="A Status of the catalogue, or refused.")
    problems = models.JSONField(default=list, help_text="[field, reason, effect] each.")
    page = models.ForeignKey("wagtailcore.Page", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("line",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["bulk_import", "line"], name="import_row_once")]

    def __str__(self) -> str:
        return f"{self.line}: {self.identifier}"
