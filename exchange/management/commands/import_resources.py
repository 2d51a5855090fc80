"""`manage.py import_resources FILE --institution SLUG`: takes a catalogue file in. docs/howto/import.md is its manual."""

import logging
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from catalogue import selectors
from catalogue.records import Status
from core.errors import InvalidInputError
from exchange import columns
from exchange.file_folder import FileFolder
from exchange.importing import Importer, Source
from exchange.report import Effect, Report, write_csv
from exchange.source_files import SourceFile, read_source
from exchange.tables.fence import TableOptions
from members.models import Institution

COULD_NOT_START = 2
SEPARATOR_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "bar": "|"}


def pair(text: str) -> tuple[str, str]:
    """Read NAME=VALUE."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise ArgumentTypeError(f"“{text}” is not NAME=VALUE")
    return name.strip(), value.strip()


def separator(text: str) -> str:
    """Read one character, or its name."""
    found = SEPARATOR_NAMES.get(text, text)
    if len(found) != 1:
        raise ArgumentTypeError(f"“{text}” is not one character, and none of: {', '.join(SEPARATOR_NAMES)}")
    return found


class Command(BaseCommand):
    """Exit status 0: all went in as asked; 1: the report has more to say; 2: it could not begin."""

    help = "Take resources from a JSON Lines, CSV or XLSX file into the catalogue of one institution."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="JSON Lines (.jsonl, UTF-8), CSV in any usual encoding, or a workbook (.xlsx)")
        parser.add_argument("--institution", required=True, metavar="SLUG", help="whose resources these are")
        parser.add_argument("--files", type=Path, metavar="FOLDER", help="the only folder from which the files named in rows are taken")
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
        parser.add_argument("--publish", action="store_true", help="publish what is complete without moderation; recorded in the audit log")
        parser.add_argument("--report", type=Path, metavar="FILE", help="write the report as CSV, too")
        table = parser.add_argument_group("tables", "What is not said is found out, and shown.")
        table.add_argument("--encoding", default="", help="of a CSV file, as Python calls it: cp1252, gb18030 …")
        table.add_argument("--separator", type=separator, help="of a CSV file: one character, or tab")
        table.add_argument("--sheet", default="", help="of a workbook, by name")
        table.add_argument("--header-row", type=int, help="the row that holds the headings, from 1")
        table.add_argument(
            "--map",
            type=pair,
            action="append",
            default=[],
            metavar="COLUMN=FIELD",
            help="which field a column is; COLUMN= leaves it out. May be repeated",
        )
        table.add_argument(
            "--set", type=pair, action="append", default=[], metavar="FIELD=VALUE", help="for rows that say nothing of it. May be repeated"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            institution, source, importer = _prepare(options)
        except InvalidInputError as error:
            raise CommandError(str(error), returncode=COULD_NOT_START) from error
        for note in source.notes:
            self.stdout.write(note)
        logging.getLogger("wagtail").setLevel(logging.WARNING)  # a line for each page would drown the progress bar
        rows = columns.with_constants(source.rows, dict(options["set"]))
        with tqdm(total=len(rows), unit=" rows", disable=None, file=self.stderr) as bar:
            report = importer.run((Source(institution, row) for row in rows), after_row=lambda _row: bar.update())
        self._print(report, dry_run=options["dry_run"])
        if options["report"]:
            try:
                write_csv(report, options["report"])
            except OSError as error:
                raise CommandError(_("The report could not be written: %(reason)s.") % {"reason": error}) from error
        if not all_went_in(report, publish=options["publish"]):
            sys.exit(1)

    def _print(self, report: Report, *, dry_run: bool) -> None:
        for line in report.lines():
            self.stdout.write(line)
        counts = {
            "rows": report.rows,
            "created": report.outcomes[Status.CREATED],
            "updated": report.outcomes[Status.UPDATED],
            "unchanged": report.outcomes[Status.UNCHANGED],
            "refused": report.outcomes[Effect.REFUSED],
        }
        summary = _("%(rows)s rows: %(created)s new, %(updated)s changed, %(unchanged)s as they were, %(refused)s not taken in.") % counts
        if dry_run:
            summary = _("Dry run, nothing was written.") + f" {summary}"
        self.stdout.write(summary)


def _prepare(options: dict[str, Any]) -> tuple[Institution, SourceFile, Importer]:
    """Check everything that concerns all rows; raise InvalidInputError with one sentence."""
    institution = selectors.institution(options["institution"])
    if institution is None:
        raise InvalidInputError(_("There is no institution “%(slug)s”.") % {"slug": options["institution"]})
    folder = FileFolder(options["files"]) if options["files"] else None
    if options["report"] and not options["report"].resolve().parent.is_dir():
        raise InvalidInputError(_("The folder of the report does not exist: %(folder)s.") % {"folder": options["report"].parent})
    columns.check_constants(dict(options["set"]))
    said = TableOptions(options["encoding"], options["separator"] or "", options["sheet"], options["header_row"])
    source = read_source(options["file"], said, dict(options["map"]))
    report = Report(problems=list(source.problems))
    return institution, source, Importer(folder=folder, publish=options["publish"], dry_run=options["dry_run"], report=report)


def all_went_in(report: Report, *, publish: bool) -> bool:
    """Whether every row and value was taken in, and, if it was asked, published."""
    return not report.has(Effect.REFUSED, Effect.LEFT_OUT) and not (publish and report.has(Effect.MISSING))
