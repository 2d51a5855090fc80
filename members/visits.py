"""When somebody looked through the library before, so that they can be told what is new since.

Kept of people with an account only, and no more than two days: that of the last visit, and that of the one before. Whoever reads
without an account is not followed: that needs no cookie and no consent, and their pages are the same for everybody.
"""

import datetime as dt

from django.db.models import F

from core import clock
from members.models import User


def day_of_visit_before(person: User) -> dt.date | None:
    """Note that somebody looks through the library today; return the day of their visit before, None where this is the first.

    All of a day is one visit, so that what is new stays so until the day ends.
    """
    today = clock.today()
    if person.visited_on != today:
        noted = User.objects.filter(pk=person.pk).exclude(visited_on=today)  # once, however many pages are opened at the same time
        noted.update(visited_before_on=F("visited_on"), visited_on=today)
        person.refresh_from_db(fields=["visited_on", "visited_before_on"])
    return person.visited_before_on
