"""`manage.py search_status`: how the index stands."""

import sys
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core import clock
from search.encoders import encoder
from search.health import Health, IndexState, health


class Command(BaseCommand):
    """Prints indices, how many works are behind and since when, and the works that are set aside."""

    help = "Prints how search stands. Exit status 1 if somebody should do something; the sentences at the end say why."

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = health()
        for line in _lines(found):
            self.stdout.write(line)
        findings = list(found.findings())
        for finding in findings:
            self.stdout.write(f"{'!' if finding.serious else '-'} {finding.sentence}")
        if any(finding.serious for finding in findings):
            sys.exit(1)


def _lines(found: Health) -> Iterator[str]:
    since = f", the oldest for {(clock.now() - found.behind_since).total_seconds():.1f} s" if found.behind_since else ""
    yield f"published works: {found.published}"
    yield f"works behind:    {found.behind}{since}" + (f"; {found.retried} of them failed and are tried again" if found.retried else "")
    yield f"without meaning: {found.without_meaning}{_encoder()}"
    yield f"works set aside: {found.set_aside_count}"
    for each in found.set_aside:
        yield f"  {each.work_id} {each.title}"
        yield f"    {each.reason} {each.detail[:300]}"
    for state in found.indices:
        yield f"{state.name}: {_state(state)}"
    if found.away:
        yield f"Elasticsearch: {found.away}"


def _encoder() -> str:
    if not settings.SEARCH_ENCODER:
        return " (no encoder is named)"
    return "" if encoder() else f" (the encoder {settings.SEARCH_ENCODER} does not load: see the log)"


def _state(state: IndexState) -> str:
    parts = ["live" if state.live else "gone" if state.share_filled is None else f"being filled, about {state.share_filled:.0%}"]
    if state.works is not None:
        parts.append(f"{state.works} works")
    if state.old_shape:
        parts.append("of another version of the software")
    return ", ".join(parts)
