"""Where an archive would write: nothing may lead out of the folder in which it is unpacked, by itself or through a link."""

from media.verdicts import RefusedError, Rejection

LONGEST_TARGET = 4096  # no system makes a link with a longer one
UP = ".."


class Paths:
    """The names of one archive. Each method raises RefusedError at what leads out; `check` at what only several together do."""

    def __init__(self) -> None:
        self._links: set[tuple[str, ...]] = set()
        self._linked: set[tuple[str, ...]] = set()

    def add(self, name: str) -> None:
        _place(name)

    def add_link(self, name: str, target: str) -> None:
        """Take a link that names its target from where it lies: upwards first, as far as the archive goes, and then down."""
        place, parts = _place(name), _parts(target)
        down = [part for part in parts if part != UP]
        ups = len(parts) - len(down)
        if _is_absolute(target) or ups >= len(place) or parts[:ups] != [UP] * ups:
            raise RefusedError(Rejection.PATHS)
        self._links.add(place)

    def add_hard_link(self, name: str, target: str) -> None:
        """Take a second name of another entry, which is named from the archive's root."""
        _place(name)
        self._linked.add(_place(target))

    def check(self) -> None:
        """Refuse a link that lies behind another, or has a second name: it would be unpacked elsewhere than its target was judged from."""
        behind = any(place[:length] in self._links for place in self._links for length in range(1, len(place)))
        if behind or self._linked & self._links:
            raise RefusedError(Rejection.PATHS)


def _place(name: str) -> tuple[str, ...]:
    """Return the parts of a name in the form in which those of all file systems are alike."""
    parts = _parts(name)
    if _is_absolute(name) or UP in parts:
        raise RefusedError(Rejection.PATHS)
    return tuple(part.casefold() for part in parts)


def _parts(path: str) -> list[str]:
    return [part for part in path.replace("\\", "/").split("/") if part not in {"", "."}]


def _is_absolute(path: str) -> bool:
    first = path.replace("\\", "/").split("/")[0]
    return not first or first.endswith(":")
