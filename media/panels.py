"""The panel of Wagtail's editor in which files are uploaded: an InlinePanel whose rows come from uploads."""

from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import InlinePanel

from media import file_types
from media.policies import may_upload
from members.viewer import Viewer

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


class UploadsPanel(InlinePanel):
    """Rows of files, filled by uploads. The rows' form has a field whose widget is media.widgets.StoredObjectInput."""

    class BoundPanel(InlinePanel.BoundPanel):
        """The panel on a page."""

        template_name = "media/uploads_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            viewer = Viewer.of(self.request.user)
            institution_id = viewer.institution_id
            context["institution_id"] = institution_id if institution_id and may_upload(viewer, institution_id) else None
            context["uploads_url"] = reverse("uploads:start")
            context["max_bytes"] = settings.UPLOAD_MAX_BYTES
            too_large = _("This file is too large; the largest that can be taken has %(limit)s.")
            texts = {name: str(text) for name, text in TEXTS.items()}
            texts["tooLarge"] = too_large % {"limit": filesizeformat(settings.UPLOAD_MAX_BYTES)}
            context["said"] = {"texts": texts, "unlikely": file_types.unlikely_extensions()}
            return context
