"""`manage.py search_status`: how the index stands."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Min

from catalogue.selectors import published_works
from core import clock
from search import index
from search.client import SearchUnavailableError
from search.encoders import encoder
from search.models import IndexTarget, WorkSync
from search.sync import behind

ERRORS_SHOWN = 10


class Command(BaseCommand):
    """Prints indices, how many works are behind and since when, and the works that cannot be indexed."""

    help = "Prints how the search index stands. Exit status 1 if there is no live index or Elasticsearch does not answer."

    def handle(self, *_args: Any, **_options: Any) -> None:
        oldest = behind().aggregate(oldest=Min("changed_at"))["oldest"]
        waiting = f", the oldest for {(clock.now() - oldest).total_seconds():.1f} s" if oldest else ""
        self.stdout.write(f"published works: {published_works().count()}")
        self.stdout.write(f"works behind:    {behind().count()}{waiting}")
        self.stdout.write(f"without meaning: {WorkSync.objects.filter(lacks_meaning=True).count()}{self._encoder()}")
        for row in behind().filter(attempts__gt=0)[:ERRORS_SHOWN]:
            self.stdout.write(f"  {row.work_id} failed {row.attempts} times: {row.error[:200]}")
        targets = list(IndexTarget.objects.all())
        try:
            found = index.live()
            for target in targets:
                state = "live" if [target.name] == found else "being filled"
                self.stdout.write(f"{target.name}: {state}, {index.count(target.name)} works")
        except SearchUnavailableError as error:
            raise CommandError(f"{error} ({error.reason})") from error
        if not any(target.is_live and [target.name] == found for target in targets):
            raise CommandError("There is no live index. A running worker builds it by itself; so does `manage.py search_rebuild`.")

    def _encoder(self) -> str:
        if not settings.SEARCH_ENCODER:
            return " (no encoder is named)"
        return "" if encoder() else f" (the encoder {settings.SEARCH_ENCODER} does not load: see the log)"
