"""The adapter to S3: the only module that speaks boto3. Written against the S3 API as AWS, Ceph and versitygw have it."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, wraps
from typing import IO, TYPE_CHECKING, Any, ParamSpec, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from django.utils.translation import gettext_lazy as _

from core.errors import NotFoundError, UnavailableError
from media.store import Listed, OpenUpload, Part, Stat

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

P = ParamSpec("P")
R = TypeVar("R")

BLOCK = 1024 * 1024
READ_TIMEOUT_SECONDS = 20
COMPLETE_TIMEOUT_SECONDS = 300  # a store may copy all parts before it answers
CHECK_TIMEOUT_SECONDS = 2
MISSING = {"404", "NoSuchKey", "NoSuchVersion", "NotFound"}
NO_UPLOAD = {"404", "NoSuchUpload"}
NO_LIFECYCLE = {"NotImplemented", "501", "MethodNotAllowed", "405", "AccessDenied"}
NO_RULES = {"NoSuchLifecycleConfiguration", "404"}
ABORT_RULE = "abort-unfinished-uploads"
NO_VERSIONS = {"NotImplemented", "501", "MethodNotAllowed", "405"}

SORRY = _("The file store does not answer at the moment. Nothing was lost; please try again in a few minutes.")


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _or_unavailable(call: Callable[P, R]) -> Callable[P, R]:
    """Turn what boto3 raises when the store is away, refuses us or stumbles into UnavailableError, with the cause kept."""

    @wraps(call)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return call(*args, **kwargs)
        except (BotoCoreError, HTTPClientError, ClientError) as error:
            raise UnavailableError(SORRY) from error

    return guarded


class S3Store:
    """One bucket of an S3-compatible store, addressed by path. Signed addresses are those of the public endpoint."""

    def __init__(
        self, *, endpoint: str, public_endpoint: str, region: str, bucket: str, access_key_id: str, secret_access_key: str
    ) -> None:
        self.bucket = bucket
        self._endpoint, self._public_endpoint = endpoint, public_endpoint
        self._making = threading.Lock()
        self._session = boto3.session.Session(aws_access_key_id=access_key_id, aws_secret_access_key=secret_access_key, region_name=region)

    def _made(self, url: str, *, read: float, connect: float = 3, attempts: int = 3) -> "S3Client":
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            connect_timeout=connect,
            read_timeout=read,
            retries={"mode": "standard", "total_max_attempts": attempts},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            max_pool_connections=20,
        )
        with self._making:  # a session is not made for several threads, its clients are
            return self._session.client("s3", endpoint_url=url or None, config=config)

    @cached_property
    def _client(self) -> "S3Client":
        return self._made(self._endpoint, read=READ_TIMEOUT_SECONDS)

    @cached_property
    def _patient(self) -> "S3Client":
        """Waits long and never asks twice: a second Complete beside the first does harm."""
        return self._made(self._endpoint, read=COMPLETE_TIMEOUT_SECONDS, attempts=1)

    @cached_property
    def _hasty(self) -> "S3Client":
        return self._made(self._endpoint, read=CHECK_TIMEOUT_SECONDS, connect=CHECK_TIMEOUT_SECONDS, attempts=1)

    @cached_property
    def _public(self) -> "S3Client":
        """Signs for browsers, never connects."""
        return self._made(self._public_endpoint, read=READ_TIMEOUT_SECONDS)

    @_or_unavailable
    def ensure_bucket(self, origins: Sequence[str], *, open_at_most: dt.timedelta | None = None) -> None:
        try:
            self._client.head_bucket(Bucket=self.bucket)
        except ClientError as error:
            if _code(error) not in {"404", "NoSuchBucket"}:
                raise
            self._client.create_bucket(Bucket=self.bucket)
        self._client.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"})
        rule: Any = {
            "AllowedOrigins": list(origins),
            "AllowedMethods": ["GET", "HEAD", "PUT"],
            "AllowedHeaders": ["*"],
            "ExposeHeaders": ["ETag"],
            "MaxAgeSeconds": 3600,
        }
        self._client.put_bucket_cors(Bucket=self.bucket, CORSConfiguration={"CORSRules": [rule]})
        if open_at_most:
            self._abort_by_rule(open_at_most)

    def _abort_by_rule(self, open_at_most: dt.timedelta) -> None:
        """Set our rule beside those that the operator has. A store without rules, or a key that may not, leaves it to `tick`."""
        ours: Any = {
            "ID": ABORT_RULE,
            "Status": "Enabled",
            "Filter": {"Prefix": "objects/"},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": open_at_most.days + 1},
        }
        try:
            present = self._lifecycle_rules()
            if ours not in present:
                rules = [rule for rule in present if rule.get("ID") != ABORT_RULE]
                self._client.put_bucket_lifecycle_configuration(Bucket=self.bucket, LifecycleConfiguration={"Rules": [*rules, ours]})
        except ClientError as error:
            if _code(error) not in NO_LIFECYCLE:
                raise

    def _lifecycle_rules(self) -> list[Any]:
        try:
            return list(self._client.get_bucket_lifecycle_configuration(Bucket=self.bucket)["Rules"])
        except ClientError as error:
            if _code(error) in NO_RULES:
                return []
            raise

    @_or_unavailable
    def create_upload(self, key: str) -> str:
        return self._client.create_multipart_upload(Bucket=self.bucket, Key=key, ContentType="application/octet-stream")["UploadId"]

    def sign_part(self, key: str, upload_id: str, number: int, size: int, lifetime: dt.timedelta, *, md5: str = "") -> str:
        part: dict[str, Any] = {"Bucket": self.bucket, "Key": key, "UploadId": upload_id, "PartNumber": number, "ContentLength": size}
        return self._public.generate_presigned_url(
            "upload_part",
            Params=part | ({"ContentMD5": md5} if md5 else {}),
            ExpiresIn=int(lifetime.total_seconds()),
            HttpMethod="PUT",
        )

    @_or_unavailable
    def send_part(self, key: str, upload_id: str, number: int, body: bytes) -> Part:
        answer = self._client.upload_part(Bucket=self.bucket, Key=key, UploadId=upload_id, PartNumber=number, Body=body)
        return Part(number, answer["ETag"], len(body))

    @_or_unavailable
    def list_parts(self, key: str, upload_id: str) -> list[Part] | None:
        pages = self._client.get_paginator("list_parts").paginate(Bucket=self.bucket, Key=key, UploadId=upload_id)
        try:
            return [Part(part["PartNumber"], part["ETag"], part["Size"]) for page in pages for part in page.get("Parts", [])]
        except ClientError as error:
            if _code(error) in NO_UPLOAD:
                return None
            raise

    @_or_unavailable
    def complete_upload(self, key: str, upload_id: str, parts: Sequence[Part]) -> None:
        listed: list[CompletedPartTypeDef] = [{"PartNumber": part.number, "ETag": part.etag} for part in parts]
        self._patient.complete_multipart_upload(Bucket=self.bucket, Key=key, UploadId=upload_id, MultipartUpload={"Parts": listed})

    @_or_unavailable
    def abort_upload(self, key: str, upload_id: str) -> None:
        try:
            self._client.abort_multipart_upload(Bucket=self.bucket, Key=key, UploadId=upload_id)
        except ClientError as error:
            if _code(error) not in NO_UPLOAD:
                raise

    @_or_unavailable
    def open_uploads(self) -> Iterator[OpenUpload]:
        pages = self._client.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket)
        return iter([OpenUpload(row["Key"], row["UploadId"], row["Initiated"]) for page in pages for row in page.get("Uploads", [])])

    def objects(self, prefix: str) -> Iterator[Listed]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        try:
            for page in pages:
                yield from (Listed(row["Key"], row["Size"], row["LastModified"]) for row in page.get("Contents", []))
        except (BotoCoreError, HTTPClientError, ClientError) as error:
            raise UnavailableError(SORRY) from error

    @_or_unavailable
    def head(self, key: str, version_id: str = "") -> Stat | None:
        try:
            answer = self._client.head_object(Bucket=self.bucket, Key=key, **_version(version_id))
        except ClientError as error:
            if _code(error) in MISSING:
                return None
            raise
        return Stat(answer["ContentLength"], answer.get("VersionId", ""), answer["ETag"])

    def stream(self, key: str, version_id: str = "") -> Iterator[bytes]:
        body = self._open(key, version_id)
        try:
            yield from body.iter_chunks(BLOCK)
        except (BotoCoreError, HTTPClientError) as error:
            raise UnavailableError(SORRY) from error
        finally:
            body.close()

    @_or_unavailable
    def _open(self, key: str, version_id: str) -> Any:
        try:
            return self._client.get_object(Bucket=self.bucket, Key=key, **_version(version_id))["Body"]
        except ClientError as error:
            if _code(error) in MISSING:
                raise NotFoundError(_("This file is not in the file store any more.")) from error
            raise

    @_or_unavailable
    def put(self, key: str, body: IO[bytes], content_type: str) -> None:
        self._client.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType=content_type)

    @_or_unavailable
    def delete(self, key: str) -> None:
        versions = self._versions(key)
        if versions is None:
            self._client.delete_object(Bucket=self.bucket, Key=key)
        for version in versions or []:
            self._client.delete_object(Bucket=self.bucket, Key=key, VersionId=version)

    def _versions(self, key: str) -> list[str] | None:
        """Return the ids of all versions and delete markers of this very key; None where the store knows no versions."""
        try:
            pages = list(self._client.get_paginator("list_object_versions").paginate(Bucket=self.bucket, Prefix=key))
        except ClientError as error:
            if _code(error) in NO_VERSIONS:
                return None
            raise
        rows = [row for page in pages for row in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]]
        return [row["VersionId"] for row in rows if row["Key"] == key]

    def sign_download(self, key: str, version_id: str = "", *, content_type: str, disposition: str, lifetime: dt.timedelta) -> str:
        params = {"Bucket": self.bucket, "Key": key, "ResponseContentType": content_type, "ResponseContentDisposition": disposition}
        return self._public.generate_presigned_url(
            "get_object", Params=params | _version(version_id), ExpiresIn=int(lifetime.total_seconds()), HttpMethod="GET"
        )

    def check(self) -> str | None:
        try:
            self._hasty.head_bucket(Bucket=self.bucket)
        except ClientError as error:
            return f"the bucket {self.bucket} answers {_code(error)}"
        except (BotoCoreError, HTTPClientError):
            return "the object store does not answer"
        return None


def _version(version_id: str) -> dict[str, Any]:
    return {"VersionId": version_id} if version_id else {}
