"""A rebuild in a process of its own, to be killed: `search_rebuild` with small batches and a lease of a second, given by a script."""

import datetime as dt
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
sys.path.insert(0, str(Path.cwd()))
django.setup()

from django.core.management import call_command  # noqa: E402

from search import rebuild  # noqa: E402

rebuild.BATCH = 2
rebuild.LEASE = dt.timedelta(seconds=1)
call_command("search_rebuild")
