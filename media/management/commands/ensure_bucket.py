"""`manage.py ensure_bucket`: make the bucket what the site needs; run at every deployment."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.errors import UnavailableError
from media.store import store
from media.uploads import open_at_most


def site_origins() -> list[str]:
    """Return the origins from which browsers send parts: the site's own and, where that is a loopback one, its other names."""
    site = urlsplit(settings.SITE_URL)
    origins = [f"{site.scheme}://{site.netloc}"]
    if site.hostname in {"localhost", "127.0.0.1"}:
        origins += [f"http://localhost:{settings.PORT}", f"http://127.0.0.1:{settings.PORT}"]
    return list(dict.fromkeys(origins))


class Command(BaseCommand):
    """Makes the bucket if need be, switches versions on, and lets the site's pages send files to it."""

    help = "Makes the bucket of the object store ready: versions kept, uploads from the site's pages allowed. Idempotent."

    def handle(self, *_args: Any, **_options: Any) -> None:
        origins = site_origins()
        try:
            store().ensure_bucket(origins, open_at_most=open_at_most())
        except UnavailableError as error:
            raise CommandError(f"The object store at {settings.S3_ENDPOINT_URL or 'AWS'} did not do it: {error.__cause__}") from error
        self.stdout.write(f"Bucket {settings.S3_BUCKET} is ready for {', '.join(origins)}.")
