"""Opens a ZIP file that a stranger sent, in a process of its own with limits: `python -m exchange.bulk.unpacking ZIP [NUMBER FILE BYTES]`.

Writes one JSON object to standard output: names, an object of number (in the ZIP's table of contents) to path; bytes, what they unpack
to in all. Or error. With NUMBER: writes that file of the ZIP to FILE, at most BYTES. Exit status 3: it cannot be read, standard error
says why. Knows nothing of Django, the database or the store, and gets none of their secrets.
"""

import json
import shutil
import stat
import sys
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

from core import limits
from exchange.tables.encodings import IDEOGRAPHS, guess

MEMORY_BYTES = 1024**3
CPU_SECONDS = 240
MOST_FILES = 10_000
MOST_CHARACTERS = 2_000_000
BLOCK = 1024 * 1024
SAYS_UTF8 = 0x800
USUAL = "cp850"
"""What Windows in Western Europe packs names in that do not say it."""
OTHERS = {"utf-8", *(encoding for encoding, *_tests in IDEOGRAPHS)}
CANNOT_READ = 3


def listed(archive: Path) -> dict[str, Any]:
    """Return what is in a ZIP: its files, without folders, links, and what macOS adds."""
    with zipfile.ZipFile(archive) as opened:
        entries = {number: entry for number, entry in enumerate(opened.infolist()) if _is_file(entry)}
    if len(entries) > MOST_FILES or sum(len(entry.filename) for entry in entries.values()) > MOST_CHARACTERS:
        return {"error": "too-many-files"}
    return {"names": _names(entries), "bytes": sum(entry.file_size for entry in entries.values())}


def _is_file(entry: zipfile.ZipInfo) -> bool:
    parts = entry.filename.split("/")
    return not (entry.is_dir() or stat.S_ISLNK(entry.external_attr >> 16) or parts[0] == "__MACOSX" or parts[-1] == ".DS_Store")


def _names(entries: dict[int, zipfile.ZipInfo]) -> dict[int, str]:
    """Return the paths in NFC. Many programs write them in the encoding of their machine and do not say which: it is guessed from all."""
    raw = {number: entry.filename.encode("cp437") for number, entry in entries.items() if not entry.flag_bits & SAYS_UTF8}
    guessed = guess(b"\n".join(raw.values())).encoding
    encoding = guessed if guessed in OTHERS else USUAL
    said = {number: raw[number].decode(encoding, "replace") if number in raw else entry.filename for number, entry in entries.items()}
    return {number: unicodedata.normalize("NFC", name.replace("\\", "/")) for number, name in said.items()}


def unpack(archive: Path, number: int, target: Path) -> None:
    """Write one file of a ZIP; the checksum that the ZIP has of it must be right."""
    with zipfile.ZipFile(archive) as opened, opened.open(opened.infolist()[number]) as source, target.open("xb") as file:
        shutil.copyfileobj(source, file, BLOCK)


def main(arguments: list[str]) -> int:
    archive, *one = arguments
    limits.bind(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS, file_bytes=int(one[2]) if one else 0)
    try:
        if one:
            unpack(Path(archive), int(one[0]), Path(one[1]))
        else:
            sys.stdout.write(json.dumps(listed(Path(archive))))
    except Exception as error:  # noqa: BLE001 - zipfile raises anything at broken files
        sys.stderr.write(f"{type(error).__name__}: {error}\n"[:1000])
        return CANNOT_READ
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
