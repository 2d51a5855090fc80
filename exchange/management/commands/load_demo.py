"""`manage.py load_demo`: brings the demo network in. Quick when it is in already."""

import logging
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from exchange import demo
from exchange.report import Effect


class Command(BaseCommand):
    """Refuses outside demo mode, since it makes accounts with a known password."""

    help = "Load 28 invented institutions with their people and resources (demo mode only)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demo: set DEMO=1 to load accounts with known passwords and invented resources.")
        if not demo.FOLDER.is_dir():
            raise CommandError(f"There is no folder {demo.FOLDER}.")
        contents = demo.read_contents()
        if demo.is_loaded(contents):
            self.stdout.write("The demo network is there.")
            return
        call_command("load_vocabularies", stdout=self.stderr)
        logging.getLogger("wagtail").setLevel(logging.WARNING)  # a line for each page would drown the progress bar
        with tqdm(total=contents.row_count, unit=" resources", disable=None, file=self.stderr) as bar:
            report, store_trouble = demo.load(contents, after_row=lambda _row: bar.update())
        for line in report.lines():
            self.stdout.write(line)
        self.stdout.write(f"The demo network is there: {len(contents.institutions)} institutions, {report.rows} editions.")
        if store_trouble:
            self.stdout.write(f"Their files are not: {store_trouble}. The next start with the object store adds them.")
        if report.has(Effect.REFUSED):
            raise CommandError("Some resources of the demo could not be taken in; the lines above say which.")
