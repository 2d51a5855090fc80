"""Registers the room `search` with Django."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The room `search`."""

    name = "search"

    def ready(self) -> None:
        """Listen to changes of works, and give the worker its loops."""
        from core import worker  # noqa: PLC0415 - models exist only now
        from core.events import works_changed  # noqa: PLC0415
        from search import rebuild, sync, vectors  # noqa: PLC0415

        works_changed.connect(sync.on_works_changed, dispatch_uid="search.works_changed")
        loop = sync.SyncLoop()
        worker.register_loop("search_sync", loop.step, idle_seconds=0.2)
        worker.register_loop("search_sync_remember", loop.remember, idle_seconds=0.2)
        worker.register_loop("search_meaning", vectors.encode_lacking, idle_seconds=0.5)
        worker.register_loop("search_index", rebuild.IndexKeeper().step, idle_seconds=5)
