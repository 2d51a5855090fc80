"""Whether the parts that the site stands on answer, and how the files are. Side by side, with a deadline: one that hangs delays nothing."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as DeadlineError

import structlog
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from media.services import store_ready, unwell
from search.services import search_ready

logger = structlog.stdlib.get_logger(__name__)

DEADLINE_SECONDS = 3.0
OK = "ok"


def database_ready() -> str | None:
    """Return None if the database answers, else the reason. Meant for a thread of its own: closes the connection it opened."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return _("The database does not answer.")
    finally:
        connection.close()
    return None


def files_well() -> str | None:
    """Return None, or what the last look at the files found. Meant for a thread of its own, likewise."""
    try:
        return unwell()
    except DatabaseError:
        return _("The database does not answer.")
    finally:
        connection.close()


CHECKS: dict[str, Callable[[], str | None]] = {
    "database": database_ready,
    "search": search_ready,
    "object_store": store_ready,
    "files": files_well,
}
FOR_READING = frozenset({"files"})
"""Not a part that must answer: a site with a lost file is ready."""


def readiness() -> dict[str, str]:
    """Return "ok" or the reason for each part."""
    pool = ThreadPoolExecutor(max_workers=len(CHECKS), thread_name_prefix="readiness")
    answers = {name: pool.submit(check) for name, check in CHECKS.items()}
    pool.shutdown(wait=False)
    return {name: _outcome(name, answer) for name, answer in answers.items()}


def _outcome(name: str, answer: "Future[str | None]") -> str:
    try:
        return answer.result(timeout=DEADLINE_SECONDS) or OK
    except DeadlineError:
        return _("No answer within %(seconds)s seconds.") % {"seconds": int(DEADLINE_SECONDS)}
    except Exception:
        logger.exception("readiness_check_failed", part=name)
        return _("The check failed; the log says how.")
