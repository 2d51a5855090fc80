"""Registers the room `core` with Django."""

import datetime as dt

from django.apps import AppConfig
from django.conf import settings


class CoreConfig(AppConfig):
    """The room `core`."""

    name = "core"

    def ready(self) -> None:
        """Register the worker's own loops: jobs, their leases, the clock."""
        from core import jobs, tick, worker  # noqa: PLC0415 - models exist only now

        for number in range(1, settings.JOB_THREADS + 1):
            worker.register_loop(f"jobs-{number}", jobs.run_one, idle_seconds=0.5)
        worker.register_loop("leases", jobs.renew_leases, idle_seconds=settings.JOB_LEASE.total_seconds() / 3)
        worker.register_loop("tick", tick.arm, idle_seconds=5)
        tick.on_tick(every=dt.timedelta(days=1))(jobs.forget_finished)
