"""The buttons below the resource editor: what contributors press every day stands side by side, in their words."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.action_menu import ActionMenuItem, CancelWorkflowMenuItem, SaveDraftMenuItem, SubmitForModerationMenuItem

from catalogue.models import InstitutionPage, ResourcePage

ARRANGED = frozenset({"action-save-draft", "action-submit", "action-restart-workflow", "action-cancel-workflow"})


class Submit(SubmitForModerationMenuItem):
    """Hands the draft to the curators, again after it was sent back."""

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        page = parent_context.get("page")
        was_sent_back = bool(page and page.current_workflow_state)
        label = _("Submit again") if was_sent_back else _("Submit to the curators")
        return {**super().get_context_data(parent_context), "label": label, "classname": "button-secondary"}


class SaveAndSubmit(ActionMenuItem):
    """Both, neither behind an arrow."""

    name = "action-save-and-submit"
    template_name = "catalogue/admin/save_and_submit.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"buttons": [SaveDraftMenuItem().render_html(parent_context), Submit().render_html(parent_context)]}


class TakeBack(CancelWorkflowMenuItem):
    """While a curator has it, nobody changes it; who submitted it may take it back."""

    label = gettext_lazy("Take it back from the curators")
    icon_name = "rotate"


def arrange(menu_items: list[Any], _request: HttpRequest, context: dict[str, Any]) -> None:
    """Arrange the menu of a resource; a hook of Wagtail. Other pages keep theirs."""
    page = context.get("page")
    if not (isinstance(page, ResourcePage) or (page is None and isinstance(context["parent_page"].specific, InstitutionPage))):
        return
    there = {item.name for item in menu_items}
    waits = bool(page and page.workflow_in_progress)
    first: list[Any] = []
    hidden = set(ARRANGED)
    if waits and "action-cancel-workflow" in there:
        first, hidden = [TakeBack()], hidden | {"action-page-locked"}
    elif {"action-save-draft", "action-submit"} <= there:
        first = [SaveAndSubmit()]
    elif "action-save-draft" in there:
        first = [SaveDraftMenuItem()]
    menu_items[:] = first + [item for item in menu_items if item.name not in hidden]
