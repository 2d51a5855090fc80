"""Stored objects: what the network keeps in the object store, and what is known of each.

One upload is one object under one UUID key, never overwritten; the version the store gave it is pinned. The truth about
size and checksum is this table, not the store.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock


class ObjectState(models.TextChoices):
    """uploading → uploaded → verified | rejected; uploading → abandoned; verified ↔ lost. media.transitions is the table."""

    UPLOADING = "uploading", _("Being uploaded")
    UPLOADED = "uploaded", _("Being checked")
    VERIFIED = "verified", _("Checked")
    REJECTED = "rejected", _("Rejected")
    ABANDONED = "abandoned", _("Upload given up")
    LOST = "lost", _("Lost by the file store")


class StoredObject(models.Model):
    """One immutable file of one institution."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey("members.Institution", on_delete=models.PROTECT, related_name="stored_objects")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    state = models.CharField(max_length=10, choices=ObjectState.choices, default=ObjectState.UPLOADING)
    rejection = models.CharField(max_length=40, blank=True, help_text="Code of the reason; media.verification has the sentences.")

    filename = models.CharField(_("file name"), max_length=255, help_text=_("As the contributor named it; never part of a key."))
    declared_size = models.BigIntegerField(help_text="Bytes, as the browser announced.")
    declared_sha256 = models.CharField(max_length=64, blank=True, help_text="Lower-case hex, when the browser computed it.")

    key = models.CharField(max_length=200, unique=True)
    version_id = models.CharField(max_length=200, blank=True, help_text="As the store named it; empty where the bucket has no versions.")
    size = models.BigIntegerField(null=True, help_text="Bytes, counted while streaming.")
    sha256 = models.CharField(max_length=64, blank=True, db_index=True, help_text="Lower-case hex, computed while streaming.")
    content_type = models.CharField(max_length=100, blank=True, help_text="By content, not by name.")
    scan = models.CharField(max_length=20, blank=True, help_text="Code of media.verdicts.Scan; empty before.")
    warnings = models.JSONField(default=list, blank=True, help_text="Codes of media.verdicts.FileWarning.")
    duplicate_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="duplicates",
        help_text="Same bytes, same institution: the bytes lie there.",
    )
    verified_at = models.DateTimeField(null=True, editable=False)
    released_at = models.DateTimeField(null=True, editable=False, help_text="When a revision or a page last let go of it.")

    width = models.PositiveIntegerField(null=True, help_text="Pixels, of images and videos.")
    height = models.PositiveIntegerField(null=True)
    duration_seconds = models.FloatField(null=True)
    pages = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("-created_at",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(declared_size__gte=0), name="object_declared_size_not_negative"),
            models.CheckConstraint(
                condition=~Q(state="verified") | (Q(size__isnull=False) & ~Q(sha256="") & ~Q(content_type="")),
                name="object_verified_is_measured",
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def bytes_key(self) -> str:
        """The key under which the bytes lie: its own, or that of the object it duplicates."""
        return self.duplicate_of.key if self.duplicate_of else self.key

    @property
    def bytes_version_id(self) -> str:
        return self.duplicate_of.version_id if self.duplicate_of else self.version_id


class UploadState(models.TextChoices):
    """open → completing → completed; open | completing → aborted."""

    OPEN = "open"
    COMPLETING = "completing"
    COMPLETED = "completed"
    ABORTED = "aborted"


class Upload(models.Model):
    """One S3 multipart upload. Every call about it is bound to its user, institution, S3 upload id and key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stored_object = models.OneToOneField(StoredObject, on_delete=models.CASCADE, related_name="upload")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    s3_upload_id = models.CharField(max_length=1024, blank=True)
    part_size = models.BigIntegerField(help_text="Bytes of every part but the last.")
    fingerprint = models.CharField(
        max_length=64, blank=True, help_text="Of name, size, date and ends of the file: by it a file that is chosen again is recognised."
    )
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.OPEN)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"upload of {self.stored_object}"


class DerivedFile(models.Model):
    """Something the worker made from a verified object: it can be made again, so it is never audited as a loss."""

    class Kind(models.TextChoices):
        THUMBNAIL = "thumbnail", _("Thumbnail")
        PREVIEW = "preview", _("Preview")
        CAPTIONS = "captions", _("Captions")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(StoredObject, on_delete=models.CASCADE, related_name="derived_files")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    variant = models.CharField(max_length=30, help_text="The width of a thumbnail in pixels: 320; page-1, enlarged, waveform; webvtt.")
    key = models.CharField(max_length=200, unique=True)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "kind", "variant"], name="derived_once_per_variant")]

    def __str__(self) -> str:
        return f"{self.kind} {self.variant} of {self.source}"


class DerivationState(models.TextChoices):
    """waiting → done | failed, and waiting again when it is asked for anew."""

    WAITING = "waiting", _("Being prepared")
    DONE = "done", _("Prepared")
    FAILED = "failed", _("No preview")


class Derivation(models.Model):
    """How far the worker has come with what it makes of a verified object; media.derivations has the sentences."""

    source = models.OneToOneField(StoredObject, on_delete=models.CASCADE, primary_key=True, related_name="derivation")
    state = models.CharField(max_length=10, choices=DerivationState.choices, default=DerivationState.WAITING)
    problem = models.CharField(max_length=20, blank=True, help_text="Code of why the last try failed.")
    tries = models.PositiveIntegerField(default=0, help_text="That were cut off, since it was asked for.")
    recipe = models.PositiveIntegerField(default=0, help_text="media.derivations.RECIPE, as it was at the last try; 0 before the first.")

    def __str__(self) -> str:
        return f"{self.state} {self.source_id}"


class ExtractedText(models.Model):
    """The words of a verified object, for the search. A table, not the store: the index is built from the database alone."""

    source = models.OneToOneField(StoredObject, on_delete=models.CASCADE, primary_key=True, related_name="extracted_text")
    text = models.TextField()

    def __str__(self) -> str:
        return f"words of {self.source_id}"


class ObjectUse(models.Model):
    """The ledger of what is in use: a live page, or a revision, that carries an object.

    Foreign keys cannot say it: a draft's inline file has no row, so PROTECT does not protect it. The catalogue writes
    the rows through media.services; nothing that has a row is ever deleted.
    """

    stored_object = models.ForeignKey(StoredObject, on_delete=models.PROTECT, related_name="uses")
    user_type = models.CharField(max_length=20, help_text="revision, page or import")
    user_id = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["stored_object", "user_type", "user_id"], name="object_use_once")]
        indexes: ClassVar = [models.Index(fields=["user_type", "user_id"], name="object_use_by_user")]

    def __str__(self) -> str:
        return f"{self.stored_object_id} in {self.user_type} {self.user_id}"
