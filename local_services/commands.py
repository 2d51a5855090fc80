"""The table of commands."""

from collections.abc import Callable
from dataclasses import dataclass

from local_services import chores
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


def _test(settings: Settings, rest: list[str]) -> int:
    from local_services.checks import verify  # noqa: PLC0415

    return verify(settings, rest[1:] if rest[:1] == ["--"] else rest)


def _lint(settings: Settings, _rest: list[str]) -> int:
    from local_services.checks import lint  # noqa: PLC0415

    return lint(settings)


def _help(_settings: Settings, _rest: list[str]) -> int:
    for name, command in COMMANDS.items():
        say(f"make {name:<10} {command.about}")
    return 0


COMMANDS = {
    "run": Command("install and start everything; Ctrl-C stops it", _run),
    "test": Command("install what it needs and run every check and suite on real servers", _test),
    "lint": Command("the checks that need no server", _lint),
    "format": Command("mend what ruff can mend", chores.format_sources),
    "services": Command("start only Elasticsearch and the object store, and print their settings", _services),
    "messages": Command("collect the texts to translate, compile the translations", chores.messages),
    "lock": Command("make requirements.lock from pyproject.toml", chores.lock),
    "clean": Command("take away what can be made again; the site's data stay", chores.clean),
    "help": Command("this list", _help),
}
WITHOUT_VENV = {"clean", "help"}
