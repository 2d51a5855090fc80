"""When a saved search writes to its owner, and that it does so once. docs/adr/0007-alerts.md has the reasons."""

import datetime as dt
import smtplib

import structlog
from django.db import transaction
from django.db.models import Max, Min, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from core import clock, jobs
from core.errors import UnavailableError
from members.viewer import Viewer
from search.models import Alert, Frequency, SavedSearch, WorkSync
from search.queries import MAX_NEWS
from search.saved.mail import WORKS_IN_A_MAIL, mail_about
from search.saved.news import News, news
from search.saved.services import followed, told
from search.sync import MOST_ATTEMPTS, behind

logger = structlog.stdlib.get_logger(__name__)

LOOK_EVERY = dt.timedelta(seconds=15)
QUIET = dt.timedelta(seconds=20)
"""“At once” waits until so long nothing was published, so that what comes in a row comes in one mail."""

LONGEST_WAIT = dt.timedelta(minutes=10)
"""While works keep coming, “at once” waits no longer than this."""

MORNING = dt.time(7)
"""When daily and weekly mails go out, in the site's time zone (settings.TIME_ZONE); weekly ones on Monday."""

MOST_TRIES = 2
"""A mail may have gone out before its worker was killed; it is sent once more then, and not again after that."""

PERMANENT_FAILURE = 500
"""SMTP replies from here on say that the same mail would be refused again (RFC 5321, 4.2.1)."""


def look() -> None:
    """Queue each saved search that is due. Looking and queueing are one transaction: what is queued is never forgotten."""
    now = clock.now()
    searches = SavedSearch.objects.filter(owner__is_active=True)
    _queue(searches.filter(frequency=Frequency.DAILY, looked_at__lt=this_morning(now)), looked_at=now)
    _queue(searches.filter(frequency=Frequency.WEEKLY, looked_at__lt=this_monday(now)), looked_at=now)
    at_once = searches.filter(frequency=Frequency.AT_ONCE)
    last_change = _changes_settled(at_once, now)
    if last_change is not None:  # not `now`: a change may have been committed since that bears an earlier time
        _queue(at_once.filter(looked_at__lt=last_change), looked_at=last_change)


@transaction.atomic
def _queue(searches: QuerySet[SavedSearch], *, looked_at: dt.datetime) -> None:
    due = list(searches.values_list("pk", flat=True))
    SavedSearch.objects.filter(pk__in=due).update(looked_at=looked_at)
    for search_id in due:
        jobs.enqueue("search.alert", {"search_id": search_id}, key=str(search_id))


def this_morning(now: dt.datetime) -> dt.datetime:
    """Return the last moment at which daily mails were due."""
    local = timezone.localtime(now, timezone.get_default_timezone())
    day = local.date() if local.time() >= MORNING else local.date() - dt.timedelta(days=1)
    return timezone.make_aware(dt.datetime.combine(day, MORNING), timezone.get_default_timezone())


def this_monday(now: dt.datetime) -> dt.datetime:
    """Return the last moment at which weekly mails were due."""
    morning = timezone.localtime(this_morning(now), timezone.get_default_timezone())
    day = morning.date() - dt.timedelta(days=morning.weekday())
    return timezone.make_aware(dt.datetime.combine(day, MORNING), timezone.get_default_timezone())


def _changes_settled(searches: QuerySet[SavedSearch], now: dt.datetime) -> dt.datetime | None:
    """Return when works last changed since these searches were looked at; None where they did not, or where more is coming just now."""
    looked_at = searches.aggregate(first=Min("looked_at"))["first"]
    if looked_at is None:
        return None
    changes = WorkSync.objects.filter(changed_at__gt=looked_at).aggregate(first=Min("changed_at"), last=Max("changed_at"))
    if changes["last"] is None:
        return None
    being_indexed = behind().filter(next_attempt_at__lte=now, attempts__lt=MOST_ATTEMPTS)
    being_encoded = WorkSync.objects.filter(lacks_meaning=True, changed_at__gt=looked_at)
    more_coming = changes["last"] > now - QUIET or being_indexed.exists() or being_encoded.exists()
    return None if more_coming and changes["first"] > now - LONGEST_WAIT else changes["last"]


@jobs.handler("search.alert")
def tell(search_id: str) -> None:
    """Write to the owner about what is new, if anything is.

    The mail's row is there before the mail goes out and is finished after it; see MOST_TRIES. While Elasticsearch or the mail
    server is away, the job waits (UnavailableError).
    """
    saved = SavedSearch.objects.select_related("owner").filter(pk=search_id).first()
    if saved is None or saved.frequency == Frequency.NEVER or Viewer.of(saved.owner).is_anonymous:
        return
    now = clock.now()
    _give_up_resending(saved)
    with translation.override(saved.language):
        found = news(followed(saved, page_size=WORKS_IN_A_MAIL))
        if not found.count:
            return
        alert = _begin(saved, found)
        if not _send(saved, found, alert):
            return
    _remember(saved, alert, found, now)


def _give_up_resending(saved: SavedSearch) -> None:
    """Take a mail for sent that may have been sent MOST_TRIES times."""
    if Alert.objects.filter(saved_search=saved, sent_at=None, tries__gte=MOST_TRIES).update(sent_at=clock.now()):
        logger.warning("alert_not_sent_again", saved_search=str(saved.pk), tries=MOST_TRIES)


def _begin(saved: SavedSearch, found: News) -> Alert:
    alert, _created = Alert.objects.get_or_create(saved_search=saved, sent_at=None)
    alert.work_ids = list(found.work_ids)
    alert.tries += 1
    alert.save(update_fields=["work_ids", "tries"])
    return alert


def _send(saved: SavedSearch, found: News, alert: Alert) -> bool:
    """Hand the mail over; return False where the mail server will have none of this address. Raises UnavailableError."""
    try:
        mail_about(saved, found).send()
    except smtplib.SMTPRecipientsRefused as error:
        _not_sent(alert)
        if any(code < PERMANENT_FAILURE for code, _reason in error.recipients.values()):
            raise UnavailableError(_("The mail server does not answer.")) from error
        logger.warning("alert_refused_by_mail_server", saved_search=str(saved.pk), error=str(error))
        return False
    except OSError as error:  # smtplib's errors, and the network's
        _not_sent(alert)
        raise UnavailableError(_("The mail server does not answer.")) from error
    return True


def _not_sent(alert: Alert) -> None:
    alert.tries -= 1
    alert.save(update_fields=["tries"])


@transaction.atomic
def _remember(saved: SavedSearch, alert: Alert, found: News, looked: dt.datetime) -> None:
    """Keep that the owner was told. After very many works begin anew, so that what must be remembered stays small."""
    now = clock.now()
    SavedSearch.objects.filter(pk=saved.pk).update(last_sent_at=now)
    if len(told(saved)) + found.count > MAX_NEWS:
        SavedSearch.objects.filter(pk=saved.pk).update(news_from=looked)
        saved.alerts.all().delete()
    else:
        Alert.objects.filter(pk=alert.pk).update(sent_at=now)
