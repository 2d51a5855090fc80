"""PDF: opens without a password, whole, nothing behind its end, no programs attached."""

from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from media.inspection import endings
from media.inspection.findings import PROGRAMS, Findings, Limits, is_something_else
from media.verdicts import FileWarning, RefusedError, Rejection

END = b"%%EOF"
LOCKED = {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}


def look(_content_type: str, source: Path, _limits: Limits, findings: Findings) -> None:
    with source.open("rb") as file:
        _before, end, rest = endings.tail_of(file).rpartition(END)
    if (end and is_something_else(rest)) or endings.holds_zip(source, to_the_end=True):
        raise RefusedError(Rejection.TWO_IN_ONE)
    try:
        document = pypdfium2.PdfDocument(source)
        if len(document):
            document[len(document) - 1].close()
    except pypdfium2.PdfiumError as error:
        if error.err_code in LOCKED:
            raise RefusedError(Rejection.LOCKED) from error
        raise RefusedError(Rejection.DAMAGED if end else Rejection.TRUNCATED) from error
    if not end:
        raise RefusedError(Rejection.TRUNCATED)
    attached = [document.get_attachment(number).get_name() for number in range(document.count_attachments())]
    if any(PROGRAMS.search(name) for name in attached):
        findings.warnings.add(FileWarning.PROGRAMS)
