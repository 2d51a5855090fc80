"""The mail about a saved search: plain text and HTML, in the language in which the search was saved, with a way to stop it."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext

from search import address
from search.models import SavedSearch
from search.saved.news import News
from search.saved.services import in_words, request_of, stop_token
from search.types import Sort

WORKS_IN_A_MAIL = 10


def mail_about(saved: SavedSearch, found: News) -> EmailMultiAlternatives:
    """Return the mail; the language in use must be that of the search."""
    request = request_of(saved, sort=Sort.NEWEST)
    stop_url = settings.SITE_URL + reverse("alert_stop", args=[stop_token(saved)])
    context = {
        "saved": saved,
        "in_words": in_words(request),
        "found": found,
        "more": found.count - len(found.hits),
        "LANGUAGE_CODE": saved.language,
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "search_url": settings.SITE_URL + address.write(request),
        "list_url": settings.SITE_URL + reverse("saved_searches"),
        "stop_url": stop_url,
    }
    subject = ngettext("“%(name)s”: %(count)d new resource", "“%(name)s”: %(count)d new resources", found.count)
    mail = EmailMultiAlternatives(
        subject=subject % {"name": saved.name, "count": found.count},
        body=render_to_string("search/mail/alert.txt", context),
        to=[saved.owner.email],
        headers=_headers(saved, stop_url),
    )
    mail.attach_alternative(render_to_string("search/mail/alert.html", context), "text/html")
    return mail


def _headers(saved: SavedSearch, stop_url: str) -> dict[str, str]:
    """Return headers by which mail programs show a button to unsubscribe (RFC 8058), and know that no person wrote this (RFC 3834)."""
    return {
        "List-Unsubscribe": f"<{stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<{saved.pk}.searches.{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",
    }
