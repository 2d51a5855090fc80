"""Has LibreOffice turn an office document into a PDF, in a process with limits: `python -m media.converting PROGRAM TYPE INPUT FOLDER`.

Leaves FOLDER/document.pdf behind, whose pages become pictures as those of any PDF (media.decoding). Exit status 3: it cannot be converted,
the last line of standard error says why, a code of Problem first; 4: it took too long. Ends with all that it started.

LibreOffice gets a profile of its own, in which macros never run and links are not followed; it can read its own files and the document,
write into FOLDER, and reach nobody (media.confinement). Like media.decoding this knows nothing of Django, and gets no secrets.
"""

import contextlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import quoteattr

from media import confinement
from media.decoding import CANNOT_OPEN, CPU_SECONDS, CannotOpenError, Problem, limit_resources

WALL_SECONDS = 90
OUTPUT_BYTES = 256 * 1024**2
"""Of a PDF with its pictures. The other limits are those of every decoder: LibreOffice reserves 0.6 GB of addresses."""
TOO_LONG = 4
PDF = "document.pdf"

OOXML = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"
WRITER, CALC, IMPRESS, DRAW = (f"{name}_pdf_Export" for name in ("writer", "calc", "impress", "draw"))
FILTERS = {
    f"{OOXML}.wordprocessingml.document": ("MS Word 2007 XML", WRITER),
    f"{OOXML}.spreadsheetml.sheet": ("Calc MS Excel 2007 XML", CALC),
    f"{OOXML}.presentationml.presentation": ("Impress MS PowerPoint 2007 XML", IMPRESS),
    f"{OOXML}.presentationml.slideshow": ("Impress MS PowerPoint 2007 XML", IMPRESS),
    f"{ODF}.text": ("writer8", WRITER),
    f"{ODF}.spreadsheet": ("calc8", CALC),
    f"{ODF}.presentation": ("impress8", IMPRESS),
    f"{ODF}.graphics": ("draw8", DRAW),
    "application/msword": ("MS Word 97", WRITER),
    "application/vnd.ms-excel": ("MS Excel 97", CALC),
    "application/vnd.ms-powerpoint": ("MS PowerPoint 97", IMPRESS),
    "text/rtf": ("Rich Text Format", WRITER),
}
"""Type to LibreOffice's filters in and out. They are named, never guessed: LibreOffice reads much that nobody here looked into."""
EXPORT = {
    "ReduceImageResolution": {"type": "boolean", "value": "true"},
    "MaxImageResolution": {"type": "long", "value": "150"},
    "UseLosslessCompression": {"type": "boolean", "value": "false"},
}

PROFILE: tuple[tuple[str, str, object], ...] = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", 3),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", 0),
    ("Office.Calc/Content/Update", "Link", 2),
    ("Inet/Settings", "ooInetProxyType", 1),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", 9),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", 9),
)
"""Settings of LibreOffice's registry: macros at "very high" and off altogether; no link followed, in documents of unknown origin, Writer
or Calc; and a proxy that nobody answers at, for what should try all the same."""

PROGRAM_FILES = tuple(
    Path(path) for path in ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/opt", "/var/cache/fontconfig", "/var/spool/libreoffice")
)
SYSTEM_FILES = tuple(
    Path("/etc") / name for name in ("fonts", "libreoffice", "ld.so.cache", "localtime", "nsswitch.conf", "passwd", "alternatives")
)
SOCKET_FOLDER = Path("/tmp")  # noqa: S108 - LibreOffice's choice: by a socket there it looks for another one with the same profile
DEVICES = (Path("/dev/null"), Path("/dev/urandom"), Path("/dev/random"))


def write_profile(folder: Path) -> None:
    """Write the settings where LibreOffice looks for its user's."""
    items = "".join(
        f"<item oor:path={quoteattr('/org.openoffice.' + path)}>"
        f"<prop oor:name={quoteattr(name)} oor:op='fuse'><value>{value}</value></prop></item>"
        for path, name, value in PROFILE
    )
    (folder / "user").mkdir(parents=True)
    registry = f"<oor:items xmlns:oor='http://openoffice.org/2001/registry'>{items}</oor:items>"
    (folder / "user" / "registrymodifications.xcu").write_text(f"<?xml version='1.0' encoding='UTF-8'?>{registry}", encoding="utf-8")


def convert(program: str, content_type: str, source: Path, folder: Path) -> None:
    """Write FOLDER/document.pdf. Raises CannotOpenError, and TimeoutError where it took too long."""
    found = shutil.which(program)
    if found is None:
        raise CannotOpenError(f"{program} is not there", Problem.PROGRAM_MISSING)
    read_by, written_by = FILTERS[content_type]
    home = folder / "libreoffice"
    write_profile(home)
    document = home / Path(PDF).stem
    document.symlink_to(source)
    command = [
        *(found, f"-env:UserInstallation={home.as_uri()}", "--headless", "--norestore", "--nolockcheck", f"--infilter={read_by}"),
        *("--convert-to", f"pdf:{written_by}:{json.dumps(EXPORT)}", "--outdir", str(folder), str(document)),
    ]
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(home), "TMPDIR": str(home), "LANG": "C.UTF-8"}
    confinement.confine(read=(*PROGRAM_FILES, *SYSTEM_FILES, source), write=(folder, *DEVICES), sockets=[SOCKET_FOLDER])
    said = run(command, environment)
    if not (folder / PDF).exists():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        if used.ru_utime + used.ru_stime >= CPU_SECONDS:
            raise TimeoutError
        raise CannotOpenError(said, Problem.NOT_CONVERTED)


def run(command: list[str], environment: dict[str, str]) -> str:
    """Run it in a group of its own, end the group whatever happens, and return what it said. Raises TimeoutError."""
    nothing, pipe, same = subprocess.DEVNULL, subprocess.PIPE, subprocess.STDOUT
    with subprocess.Popen(command, env=environment, start_new_session=True, stdin=nothing, stdout=pipe, stderr=same) as running:
        try:
            said, _ = running.communicate(timeout=WALL_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise TimeoutError from error
        finally:
            with contextlib.suppress(ProcessLookupError):  # all have ended
                os.killpg(running.pid, signal.SIGKILL)
    return said.decode(errors="replace")


def main(arguments: list[str]) -> int:
    program, content_type, source, folder = arguments
    limit_resources(OUTPUT_BYTES)
    try:
        convert(program, content_type, Path(source), Path(folder))
    except CannotOpenError as error:
        sys.stderr.write(f"\n{' '.join(f'{error.problem} {error}'.split())[:1000]}\n")
        return CANNOT_OPEN
    except TimeoutError:
        return TOO_LONG
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
