"""Looks into one file: `python -m media.inspection TYPE LIMITS FILE`, LIMITS being the JSON of findings.Limits.

Writes one JSON object to standard output: content_type, warnings (codes of FileWarning) and rejection (of Rejection, or null). Exit
status 3: the look failed, one line on standard error says why. Gets none of the site's secrets.
"""

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path

from media.decoding import CANNOT_OPEN, CPU_SECONDS, limit_resources
from media.inspection import archives, drawings, films, office, pdf, pictures
from media.inspection.findings import Findings, Limits
from media.inspection.kinds import Kind, kind_of
from media.verdicts import RefusedError, Rejection

LOOKS: dict[Kind, Callable[[str, Path, Limits, Findings], None]] = {
    Kind.PICTURE: pictures.look,
    Kind.FILM: films.look,
    Kind.PDF: pdf.look,
    Kind.DRAWING: drawings.look,
    Kind.OLD_OFFICE: office.look,
    Kind.ZIP: archives.look_into_zip,
    Kind.GZIP: archives.look_into_gzip,
    Kind.TAR: archives.look_into_tar,
}


def main(arguments: list[str]) -> int:
    content_type, limits, source = arguments
    limit_resources()
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS // 2, CPU_SECONDS))  # ended by SIGXCPU, which says why
    findings, rejection = Findings(content_type), None
    try:
        LOOKS[Kind(kind_of(content_type) or "")](content_type, Path(source), Limits(**json.loads(limits)), findings)
    except RefusedError as refused:
        rejection = refused.rejection
    except MemoryError:
        rejection = Rejection.BOMB
    except Exception as error:  # noqa: BLE001 - parsers raise anything at broken files
        sys.stderr.write(f"{type(error).__name__}: {error}\n"[:1000])
        return CANNOT_OPEN
    sys.stdout.write(json.dumps({"content_type": findings.content_type, "warnings": sorted(findings.warnings), "rejection": rejection}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
