"""What the uploader in a page is told: where the site is, for whom, how much is taken, and its words."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from media import file_types

TEXTS = {
    "waiting": _("Waiting"),
    "sending": _("%(share)s sent, %(rate)s, about %(time)s left"),
    "paused": _("Paused"),
    "finishing": _("Finishing"),
    "sent": _("Sent, and being checked now."),
    "pause": _("Pause"),
    "goOn": _("Go on"),
    "tryAgain": _("Try again"),
    "allTheSame": _("Send it all the same"),
    "interrupted": _("The connection broke off. Nothing is lost: it goes on by itself as soon as the connection is back."),
    "offline": _("The site cannot be reached. Your file is still here: please check your connection and try again."),
    "store": _("The file store cannot be reached. Your file is still here: please check your connection and try again."),
    "unreadable": _("Your computer cannot read this file any more: was it moved or changed? Please choose it again."),
    "unlikely": _(
        "Files of this kind are not taken as a rule, because a computer or a browser could run them, or nobody could open them. "
        "Put it inside a ZIP file, or offer it in another format."
    ),
    "anew": _("A file of this name was not finished, but this is another one (its size, date or content differ), so it begins anew."),
    "arrived": _("%(share)s of %(size)s has arrived"),
    "reallyDiscard": _("Discard what has arrived of “%(name)s”?"),
    "signedOut": _("You are not signed in any more. Please sign in in another tab, then try again."),
}


def uploader_context(institution_id: UUID | None, max_bytes: int | None = None) -> dict[str, Any]:
    """Return what media/uploader.html needs; institution_id is None for those who may not upload. Less than the site takes: max_bytes."""
    most = min(max_bytes or settings.UPLOAD_MAX_BYTES, settings.UPLOAD_MAX_BYTES)
    too_large = _("This file is too large; the largest that can be taken has %(limit)s.")
    words = {name: str(text) for name, text in TEXTS.items()}
    words["tooLarge"] = too_large % {"limit": filesizeformat(most)}
    return {
        "institution_id": institution_id,
        "uploads_url": reverse("uploads:start"),
        "max_bytes": most,
        "said": {"texts": words, "unlikely": file_types.unlikely_extensions()},
    }
