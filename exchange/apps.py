"""Registers the room `exchange` with Django."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class ExchangeConfig(AppConfig):
    """The room `exchange`."""

    name = "exchange"

    def ready(self) -> None:
        """Register the checks of deployments, and the worker's part of imports."""
        from exchange import checks  # noqa: PLC0415 - models exist only now
        from exchange.bulk import jobs  # noqa: F401, PLC0415

        for check in (checks.demo_only_on_loopback, checks.secret_key_of_its_own, checks.no_demo_accounts):
            register(check, Tags.security, deploy=True)
