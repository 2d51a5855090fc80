"""`manage.py tick`: run what the clock brings, once; for sites that use cron instead of the worker's loop."""

from typing import Any

from django.core.management.base import BaseCommand

from core import tick


class Command(BaseCommand):
    """Runs the tasks that are due now."""

    help = "Runs the tasks that are due now (embargoes, expiry, clearing up), then ends."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{tick.run_due()} tasks run.")
