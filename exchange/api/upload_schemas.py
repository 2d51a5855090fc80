"""What the API takes and answers where programs write. Published: a field may be added, none renamed or removed."""

import datetime as dt
from typing import Any
from uuid import UUID

from ninja import Field, Schema
from pydantic import BaseModel, ConfigDict

from exchange.report import Effect
from media.services import MOST_PARTS

MOST_SIGNED = 100


class UploadRequest(Schema):
    """A file that is about to be sent."""

    model_config = ConfigDict(extra="forbid")

    filename: str = Field(description="As people shall see it; a path loses all but its last part.")
    size: int = Field(strict=True, description="Bytes.")
    content_type: str = Field(
        "", max_length=100, pattern=r"^[\x20-\x7e]*$", description="What you think it is; the content decides in the end."
    )
    sha256: str = Field("", description="In hexadecimal. What arrives is compared with it; it can also be given with `complete`.")


class UploadStarted(Schema):
    """Send `part_count` parts, all of `part_size` bytes but the last."""

    upload_id: UUID
    object_id: UUID
    part_size: int
    part_count: int
    expires_at: dt.datetime


class SignedPart(Schema):
    """PUT exactly `size` bytes of the part to `url`, without the token, before `expires_at`. The store answers 200.

    If the MD5 of the part was given, it goes with them as the header `Content-MD5`.
    """

    number: int
    url: str
    size: int
    expires_at: dt.datetime


class PartChecksum(Schema):
    """May be left out."""

    model_config = ConfigDict(extra="forbid")

    md5: str = Field("", description="In base64: the store then takes exactly these bytes, and nothing that a broken line left of them.")


class PartNumbers(Schema):
    """Which parts are to be signed."""

    model_config = ConfigDict(extra="forbid")

    numbers: list[int] = Field(min_length=1, max_length=MOST_SIGNED, description="From 1.")
    md5s: list[str] = Field([], description="The MD5 of each, in base64, in the order of the numbers; or none.")


class SignedParts(Schema):
    """In the order of the numbers asked for."""

    parts: list[SignedPart]


class StoredPart(Schema):
    """A part that lies in the store, named as S3 names it."""

    PartNumber: int
    ETag: str
    Size: int


class StoredParts(Schema):
    """Whatever is not among them is still to be sent; so is what has another ETag than the store answered when it was sent."""

    parts: list[StoredPart]


class SentPart(Schema):
    """A part, and what the store answered to it, named as S3 names it."""

    model_config = ConfigDict(extra="forbid")

    PartNumber: int
    ETag: str = Field(max_length=100)


class Completion(Schema):
    """May be left out."""

    model_config = ConfigDict(extra="forbid")

    sha256: str = Field("", description="In hexadecimal, where it was not given at the start.")
    parts: list[SentPart] = Field(
        [],
        max_length=MOST_PARTS,
        description="The ETags of parts, if you kept them: one that has another now was written over, and is to be sent again.",
    )


class ObjectStatus(Schema):
    """What became of a file."""

    object_id: UUID
    filename: str
    size: int
    state: str = Field(description="uploading, uploaded (being checked), verified, rejected, abandoned, lost.")
    message: str = Field(description="What is the matter, in one sentence; empty for a file that is ready.")
    content_type: str = Field(description="By content; empty while nobody has looked.")
    sha256: str = Field(description="As counted in the store; empty while nobody has counted.")


class Draft(BaseModel):
    """A row as `import_resources` takes it, with `files` as ids of uploaded objects. docs/howto/import.md lists the fields."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "identifier": "soap-boats",
                    "title": "Soap boats",
                    "languages": "en",
                    "resource_type": "experiment",
                    "licence": "CC-BY-4.0",
                    "files": ["00000000-0000-0000-0000-000000000000"],
                }
            ]
        },
    )

    identifier: str = Field(description="Your own number or name for it: the same one changes the same resource.")
    files: list[UUID] | None = Field(None, max_length=200, description="Ids of objects, in order. Left out, the files stay as they are.")


class DraftProblem(Schema):
    """A value that was left out, or something that is missing for submitting."""

    field: str
    reason: str
    effect: Effect


class DraftWritten(Schema):
    """The draft, and what is to be said of it. Somebody of the institution submits it."""

    edition_id: UUID
    status: str = Field(description="created, updated, unchanged.")
    edit_url: str = Field(description="Where people go on with it.")
    problems: list[DraftProblem]


def row_of(draft: Draft) -> dict[str, Any]:
    """Return what was sent as a row of an import, without the files."""
    return {"identifier": draft.identifier, **(draft.model_extra or {})}
