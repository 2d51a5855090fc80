"""Every search as a feed (Atom 1.0, RFC 4287): what is newest first. Records are public, so it needs no key."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.http import http_date, quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from catalogue.models import ResourcePage
from catalogue.selectors import published_editions
from core import clock
from core.errors import InvalidInputError
from search import address
from search.client import SearchUnavailableError
from search.documents import published_at
from search.saved.services import in_words
from search.services import search
from search.types import Hit, SearchRequest, Sort

ENTRIES = 30
MAX_AGE_SECONDS = 300
RETRY_AFTER_SECONDS = 300
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold."""


class _Feed(Atom1Feed):
    """Django's, with each entry in its language, and the licence as a link (RFC 4946). A summary is HTML there, so texts are escaped."""

    def item_attributes(self, item: dict[str, Any]) -> dict[str, Any]:
        return {"xml:lang": item["language"]}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["licence_url"]:
            handler.addQuickElement("link", attrs={"rel": "license", "href": item["licence_url"]})

    def latest_post_date(self) -> Any:
        """Of an empty feed, the last time that anything was published."""
        if self.items:
            return super().latest_post_date()
        return ResourcePage.objects.aggregate(last=Max("last_published_at"))["last"] or clock.now()


@require_safe
def search_feed(request: HttpRequest) -> HttpResponseBase:
    """Answer with the newest works of a search; 304 where nothing changed, 400 and 503 with a sentence."""
    asked = replace(address.read_unchecked(request.GET, get_language() or "en").request, sort=Sort.NEWEST, page=1, page_size=ENTRIES)
    try:
        found = search(asked)
    except InvalidInputError as error:
        return _sentence(str(error), 400)
    except SearchUnavailableError as error:
        response = _sentence(str(error), 503)
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    feed = _feed(asked, found.hits)
    content = feed.writeString("utf-8")
    updated = int(feed.latest_post_date().timestamp())
    etag = quote_etag(hashlib.sha256(content.encode()).hexdigest()[:32])
    headers = {"ETag": etag, "Last-Modified": http_date(updated)}
    response = HttpResponse(content, content_type="application/atom+xml; charset=utf-8", headers=headers)
    patch_cache_control(response, public=True, max_age=MAX_AGE_SECONDS)
    return get_conditional_response(request, etag=etag, last_modified=updated, response=response) or response


def _sentence(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def _feed(asked: SearchRequest, hits: Sequence[Hit]) -> _Feed:
    here = settings.SITE_URL + reverse("search_feed")
    query = address.query(replace(asked, sort=Sort.RELEVANCE))
    url = f"{here}?{query}" if query else here
    feed = _Feed(
        title=_plain(f"{settings.SITE_NAME}: {'; '.join(in_words(asked))}"),
        link=settings.SITE_URL + address.write(asked),
        description=_("The newest first"),
        language=asked.language,
        feed_url=url,
        feed_guid=url,
    )
    editions = {edition.edition_id: edition for edition in published_editions().filter(edition_id__in=[hit.edition_id for hit in hits])}
    for hit in hits:
        if hit.edition_id in editions:  # else it was withdrawn a moment ago
            _add(feed, hit, editions[hit.edition_id], asked.language)
    return feed


def _add(feed: _Feed, hit: Hit, edition: ResourcePage, language: str) -> None:
    published = published_at(edition)
    licence = edition.licence
    feed.add_item(
        title=_plain(edition.title),
        link=settings.SITE_URL + hit.path,
        description=escape(_plain(edition.abstract)),
        unique_id=f"urn:uuid:{hit.id}",
        pubdate=published,
        updateddate=max(published, edition.last_published_at or published),
        author_name=_plain(edition.institution.name_in(language)),
        categories=[_plain(subject.label(language)) for subject in edition.subjects.all()],
        item_copyright=" ".join(filter(None, (licence.label(language), licence.url))) if licence else None,
        language=edition.language,
        licence_url=licence.url if licence else "",
    )


def _plain(text: str) -> str:
    return NOT_XML.sub("", text)
