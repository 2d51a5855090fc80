"""Registers the room `catalogue` with Django."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CatalogueConfig(AppConfig):
    """The room `catalogue`."""

    name = "catalogue"

    def ready(self) -> None:
        """Connect what listens to changes, and what puts up the pages that every site has."""
        from catalogue import changes, file_uses, notices, site_tree  # noqa: PLC0415 - models must be loaded first

        changes.connect()
        file_uses.connect()
        notices.connect()
        post_migrate.connect(site_tree.after_migrate, sender=self, dispatch_uid="catalogue.site_tree")
