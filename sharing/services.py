"""Giving files out: the decision, the signed link, and the record of it."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import clock
from core.errors import NotAllowedError, NotFoundError
from media import selectors as media_selectors
from media import services as media_services
from media.models import DerivedFile
from members.viewer import Viewer
from sharing import wording
from sharing.models import Download
from sharing.policies import Action, Decision, Why, may
from sharing.selectors import OfferedFile, find_file


class FileRefusedError(NotAllowedError):
    """The terms say no. `decision` says why and what next, `offer` whose file it is."""

    def __init__(self, decision: Decision, offer: OfferedFile) -> None:
        super().__init__(
            wording.why_sentence(
                decision,
                institution_name=offer.edition.institution.name_in(get_language() or "en"),
                embargo_until=offer.terms.embargo_until,
            ),
            code=str(decision.why),
        )
        self.decision = decision
        self.offer = offer


def download(viewer: Viewer, edition_id: UUID, object_id: UUID) -> str:
    """Return a link to the file, signed for minutes, and record that it was given.

    Raises NotFoundError (no such file, none this viewer may know of, or lost by the store), FileRefusedError (why and what
    next), ConflictError (not checked yet, or rejected), UnavailableError (the store does not answer).
    """
    offer, decision = _decide(viewer, Action.DOWNLOAD, edition_id, object_id)
    link = media_services.sign_download(offer.stored_object)
    _record(viewer, offer, decision)
    return link


def play(viewer: Viewer, edition_id: UUID, object_id: UUID) -> str:
    """Return a link by which a browser plays a film or a recording in the page, signed for hours, and record that it was given.

    It is the file itself, so the rules, the record and the errors are those of `download`; NotFoundError, too, for what is not played.
    """
    offer, decision = _decide(viewer, Action.DOWNLOAD, edition_id, object_id)
    if not media_selectors.plays_inline(offer.stored_object.content_type):
        raise NotFoundError(_("This file cannot be played here."))
    link = media_services.sign_download(offer.stored_object, inline=True, lifetime=settings.PLAYER_LINK_LIFETIME)
    _record(viewer, offer, decision)
    return link


def _record(viewer: Viewer, offer: OfferedFile, decision: Decision) -> None:
    with transaction.atomic():
        Download.objects.create(
            work_id=offer.edition.work_id,
            edition_id=offer.edition.edition_id,
            stored_object_id=offer.stored_object.pk,
            user_id=viewer.user_id,
            institution_id=viewer.institution_id,
            because=decision.why,
            licence=offer.edition.licence.slug if offer.edition.licence else "",
        )


def preview(viewer: Viewer, edition_id: UUID, object_id: UUID, *, width: int) -> str:
    """Return a link to the thumbnail nearest to a width in pixels; the errors of `download`, and NotFoundError where none was made."""
    offer, _decision = _decide(viewer, Action.PREVIEW, edition_id, object_id)
    thumbnail = media_selectors.thumbnail(offer.stored_object.pk, width)
    if thumbnail is None:
        raise NotFoundError(_("There is no preview of this file."))
    return media_selectors.derived_url(thumbnail)


def look(viewer: Viewer, edition_id: UUID, object_id: UUID, variant: str) -> str:
    """Return a link to what was derived from a file to be looked at: a page, an enlarged picture, waves, captions.

    That is as good as the file, so only who may have this may look. The errors of `download`, and NotFoundError where it was not made.
    """
    offer, _decision = _decide(viewer, Action.DOWNLOAD, edition_id, object_id)
    found = media_selectors.derived_files([offer.stored_object.pk], DerivedFile.Kind.PREVIEW, DerivedFile.Kind.CAPTIONS)
    derived = next((file for file in found.get(offer.stored_object.pk, ()) if file.variant == variant), None)
    if derived is None:
        raise NotFoundError(_("There is no preview of this file."))
    return media_selectors.derived_url(derived)


def _decide(viewer: Viewer, action: Action, edition_id: UUID, object_id: UUID) -> tuple[OfferedFile, Decision]:
    offer = find_file(edition_id, object_id)
    if offer is None:
        raise NotFoundError(_("There is no such file here."))
    decision = may(viewer, action, offer.terms, today=clock.today())
    if decision.why is Why.NOT_PUBLISHED:
        raise NotFoundError(_("There is no such file here."))
    if not decision.allowed:
        raise FileRefusedError(decision, offer)
    return offer, decision
