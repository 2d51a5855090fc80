"""Compiled translations: a .mo beside each .po that is newer, through Babel's reader and writer."""

from pathlib import Path

from local_services.console import TroubleError
from local_services.settings import CHECKOUT


def compile_stale() -> list[Path]:
    """Compile what is missing or older than its source; the files written. Raises TroubleError for a catalogue that cannot be read."""
    return [po for pattern in ("locale", "*/locale") for po in sorted(CHECKOUT.glob(f"{pattern}/*/LC_MESSAGES/*.po")) if _compile(po)]


def _compile(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    if mo.is_file() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns:
        return False
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - only in .venv
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415 - only in .venv

    try:
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parent.parent.name, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise TroubleError(f"{po.relative_to(CHECKOUT)} cannot be read as translations: {error}.") from error
    temporary = mo.with_name(f".{mo.name}.new")
    with temporary.open("wb") as target:
        write_mo(target, catalogue)
    temporary.replace(mo)
    return True
