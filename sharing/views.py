"""Sends a reader to the object store, or says why not."""

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET

from members.viewer import Viewer
from sharing import services, wording
from sharing.policies import WhatNext


@require_GET
def download(request: HttpRequest, edition_id: UUID, object_id: UUID) -> HttpResponse:
    """302 to the signed link; 403 with the reason and the way on. Other errors have their common pages."""
    _speak_language_of_referring_page(request)
    try:
        link = services.download(Viewer.of(request.user), edition_id, object_id)
    except services.FileRefusedError as refusal:
        return _refusal(request, refusal)
    response = HttpResponseRedirect(link)
    patch_cache_control(response, no_store=True, private=True)
    return response


@require_GET
def preview(request: HttpRequest, edition_id: UUID, object_id: UUID, width: int) -> HttpResponse:
    """302 to a thumbnail; 404 where it may not be seen."""
    return _shown(lambda viewer: services.preview(viewer, edition_id, object_id, width=width), request, settings.DOWNLOAD_LINK_LIFETIME)


@require_GET
def look(request: HttpRequest, edition_id: UUID, object_id: UUID, variant: str) -> HttpResponse:
    """302 to something derived of a file, to be looked at in its page; 404 where it may not be seen."""
    return _shown(lambda viewer: services.look(viewer, edition_id, object_id, variant), request, settings.DOWNLOAD_LINK_LIFETIME)


@require_GET
def play(request: HttpRequest, edition_id: UUID, object_id: UUID) -> HttpResponse:
    """302 to a film or a recording, to be played in its page; 404 where it may not be had."""
    return _shown(lambda viewer: services.play(viewer, edition_id, object_id), request, settings.PLAYER_LINK_LIFETIME)


def _shown(link_for: Callable[[Viewer], str], request: HttpRequest, lifetime: dt.timedelta) -> HttpResponse:
    """302 to what is part of a page; the browser keeps the redirect for less time than its link lives. 404 for a refusal."""
    try:
        link = link_for(Viewer.of(request.user))
    except services.FileRefusedError:
        response = HttpResponse(status=404)
        patch_cache_control(response, no_store=True, private=True)
        return response
    response = HttpResponseRedirect(link)
    patch_cache_control(response, private=True, max_age=int(lifetime.total_seconds()) // 2)
    return response


def _refusal(request: HttpRequest, refusal: services.FileRefusedError) -> HttpResponse:
    edition = refusal.offer.edition
    institution = edition.institution
    response = render(
        request,
        "sharing/refused.html",
        {
            "why": str(refusal),
            "what_next": wording.next_sentence(
                refusal.decision,
                institution_name=institution.name_in(translation.get_language() or "en"),
                contact_name=institution.contact_name,
                contact_email=institution.contact_email,
            ),
            "may_sign_in": refusal.decision.what_next is WhatNext.SIGN_IN,
            "may_ask": refusal.decision.what_next is WhatNext.ASK_INSTITUTION,
            "edition": edition,
            "institution": institution,
            "file": refusal.offer.stored_object,
        },
        status=403,
    )
    patch_cache_control(response, no_store=True, private=True)
    return response


def _speak_language_of_referring_page(request: HttpRequest) -> None:
    """Files have one address for all languages; whoever comes from /fr/ reads a refusal in French."""
    referrer = urlsplit(request.headers.get("Referer", ""))
    language = translation.get_language_from_path(referrer.path)
    if language and referrer.netloc == request.get_host():
        translation.activate(language)
        request.LANGUAGE_CODE = language
