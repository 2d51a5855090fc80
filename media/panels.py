"""The panel of Wagtail's editor in which files are uploaded: an InlinePanel whose rows come from uploads."""

from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import InlinePanel

from media.policies import may_upload
from members.viewer import Viewer

TEXTS = {
    "waiting": _("Waiting"),
    "finishing": _("Finishing"),
    "offline": _("The site cannot be reached. Your file is still here: please check your connection and try again."),
    "store": _("The file store cannot be reached. Your file is still here: please check your connection and try again."),
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
            context["texts"] = {name: str(text) for name, text in TEXTS.items()} | {
                "tooLarge": too_large % {"limit": filesizeformat(settings.UPLOAD_MAX_BYTES)}
            }
            return context
