"""The table of commands."""

from collections.abc import Callable
from dataclasses import dataclass

from local_services.console import say
from local_services.settings import Settings


@dataclass(frozen=True)
class Command:
    about: str
    action: Callable[[Settings, list[str]], int]


def _run(settings: Settings, _rest: list[str]) -> int:
    from local_services.run import run  # noqa: PLC0415

    return run(settings)


def _services(settings: Settings, _rest: list[str]) -> int:
    from local_services.run import services  # noqa: PLC0415

    return services(settings)


def _help(_settings: Settings, _rest: list[str]) -> int:
    for name, command in COMMANDS.items():
        say(f"make {name:<10} {command.about}")
    return 0


COMMANDS = {
    "run": Command("install and start everything; Ctrl-C stops it", _run),
    "services": Command("start only Elasticsearch and the object store, and print their settings", _services),
    "help": Command("this list", _help),
}
WITHOUT_VENV = {"help"}
