"""What a process that a test starts must be told, so that it meets the test's own database, index and bucket."""

import os

from django.conf import settings
from django.db import connection


def environment(**more):
    """Return the environment for a process of the site; for tests whose changes are committed (`transaction=True`)."""
    names = {"SEARCH_INDEX_PREFIX": settings.SEARCH_INDEX_PREFIX, "S3_BUCKET": settings.S3_BUCKET, "DATABASE_URL": database_url()}
    return {**os.environ, **names, **more}


def database_url():
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    return f"postgresql://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}/{values['NAME']}"
