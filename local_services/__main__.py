"""The commands of the Makefile: `python3 -m local_services COMMAND`. Starts with any Python 3.11 or later and goes on in `.venv`."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - started by whatever python3 the machine has
    sys.exit(f"Python 3.11 or later is needed; this is {sys.version_info[0]}.{sys.version_info[1]}. Name another one with PYTHON=…")

from local_services.bootstrap import continue_in_venv, ensure_venv
from local_services.commands import COMMANDS, WITHOUT_VENV
from local_services.console import TroubleError, complain
from local_services.settings import prepare_folder, read_settings
from local_services.signals import StopRequested, ending_signals


def main(arguments: list[str]) -> int:
    name, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if name not in COMMANDS:
        complain(f"There is no command {name!r}; `make help` lists them.")
        return 2
    try:
        with ending_signals():
            settings = read_settings()
            if name not in WITHOUT_VENV:
                prepare_folder(settings.logs, "DATA_DIR")
                ensure_venv(settings.logs / "install.log")
                continue_in_venv(arguments)
            return COMMANDS[name].action(settings, rest)
    except TroubleError as error:
        complain(str(error))
        return 1
    except StopRequested:
        complain("Stopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
