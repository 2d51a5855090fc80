"""Panels of the admin's front page."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component
from wagtail.models import TaskState, WorkflowState

from catalogue import selectors
from catalogue.curator_task import waiting_for
from catalogue.models import ResourcePage
from members.models import Institution, User
from members.viewer import Viewer

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A resource, the state it is in, and what a curator last said of it."""

    edition: ResourcePage
    state: str | Promise
    comment: str = ""


class WaitingPanel(Component):
    """How many submissions wait for this curator."""

    order = 10
    template_name = "catalogue/admin/waiting_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"number": waiting_for(parent_context["request"].user).count()}


class OurResourcesPanel(Component):
    """What the own institution worked on last."""

    order = 20
    template_name = "catalogue/admin/our_resources_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        editions = ResourcePage.objects.filter(institution_id=Viewer.of(user).institution_id).order_by("-latest_revision_created_at", "-pk")
        return {"rows": [row_of(edition) for edition in editions[:SHOWN]], "institution": user.institution}


def row_of(edition: ResourcePage) -> Row:
    """Return the edition with the state it is in, in the words of its people."""
    workflow_state = edition.current_workflow_state
    if workflow_state is not None and workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return Row(edition, _("Sent back"), workflow_state.current_task_state.comment)
    if workflow_state is not None:
        return Row(edition, _("Waits for a curator"))
    if edition.live:
        return Row(edition, _("Published, with a newer draft") if edition.has_unpublished_changes else _("Published"))
    return Row(edition, _("Withdrawn") if edition.withdrawn_at else _("Draft"))


class NetworkPanel(Component):
    """The network in numbers, for the secretariat."""

    order = 5
    template_name = "catalogue/admin/network_panel.html"

    def get_context_data(self, _parent_context: Any) -> dict[str, Any]:
        return {
            "institutions": Institution.objects.filter(is_active=True).count(),
            "people": User.objects.filter(is_active=True).count(),
            "published": selectors.published_works().count(),
            "waiting": TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS).count(),
        }
