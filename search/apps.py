"""Registers the room `search` with Django."""

from django.apps import AppConfig
from django.core.checks import register


class SearchConfig(AppConfig):
    """The room `search`."""

    name = "search"

    def ready(self) -> None:
        """Check the settings, listen to changes of works, give the worker its loops, and let the clock bring alerts."""
        from core import tick, worker  # noqa: PLC0415 - models exist only now
        from core.events import works_changed  # noqa: PLC0415
        from search import checks, embargoes, rebuild, sync, vectors  # noqa: PLC0415
        from search.saved import alerts  # noqa: PLC0415

        for check in (checks.addresses_can_be_asked, checks.a_search_ends_in_time, checks.index_can_be_made):
            register(check)
        register(checks.index_has_shape_of_this_version, deploy=True)
        works_changed.connect(sync.on_works_changed, dispatch_uid="search.works_changed")
        loop = sync.SyncLoop()
        worker.register_loop("search_sync", loop.step, idle_seconds=0.2)
        worker.register_loop("search_sync_remember", loop.remember, idle_seconds=0.2)
        worker.register_loop("search_meaning", vectors.encode_lacking, idle_seconds=0.5)
        worker.register_loop("search_index", rebuild.IndexKeeper().step, idle_seconds=5)
        tick.on_tick(every=alerts.LOOK_EVERY)(alerts.look)
        tick.on_tick(every=embargoes.LOOK_EVERY)(embargoes.look_for_ended)
