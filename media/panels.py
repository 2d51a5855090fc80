"""The panel of Wagtail's editor in which files are uploaded: an InlinePanel whose rows come from uploads."""

from typing import Any

from wagtail.admin.panels import InlinePanel

from media.policies import may_upload
from media.uploader import uploader_context
from members.viewer import Viewer


class UploadsPanel(InlinePanel):
    """Rows of files, filled by uploads. The rows' form has a field whose widget is media.widgets.StoredObjectInput."""

    class BoundPanel(InlinePanel.BoundPanel):
        """The panel on a page."""

        template_name = "media/uploads_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            viewer = Viewer.of(self.request.user)
            institution_id = viewer.institution_id
            may = institution_id and may_upload(viewer, institution_id)
            return context | uploader_context(institution_id if may else None)
