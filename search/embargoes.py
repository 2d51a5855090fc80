"""What the clock brings to the index: when an embargo ends, the words of files may be searched, and nobody changed anything."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from catalogue.models import ResourcePage
from catalogue.selectors import VISIBLE
from core import clock
from search import sync
from search.models import WorkSync

LOOK_EVERY = dt.timedelta(minutes=10)


@transaction.atomic
def look_for_ended() -> int:
    """Make works due that were changed last before the embargo of an edition ended; return how many."""
    ended = ResourcePage.objects.filter(VISIBLE, embargo_until__lte=clock.today()).order_by("embargo_until")
    ends: dict[UUID, dt.datetime] = {work_id: clock.start_of(day) for work_id, day in ended.values_list("work_id", "embargo_until")}
    rows = WorkSync.objects.filter(work_id__in=ends).values_list("work_id", "changed_at")
    due = sorted(work_id for work_id, changed_at in rows if changed_at < ends[work_id])
    sync.on_works_changed(due)
    return len(due)
