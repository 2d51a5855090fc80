"""The one step of moderation: a curator who does not belong to the institution judges a revision.

Each override closes a way around it that stands open in Wagtail's own group task; docs/adr/0004-moderation-guards.md lists them.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm
from wagtail.locks import WorkflowLock
from wagtail.models import AbstractGroupApprovalTask, TaskState, WorkflowState

from catalogue import policies
from members.models import Role
from members.viewer import Viewer


class ReasonForm(TaskStateCommentForm):
    """Sending back needs a reason: "no" alone helps nobody to do better."""

    comment = forms.CharField(label=_("What should be changed?"), widget=forms.Textarea({"rows": 4}))


class WithTheCurators(WorkflowLock):
    """Says in the words of contributors why they cannot write now."""

    def get_message(self, user: Any) -> str:  # noqa: ARG002 - the same for all
        return gettext("The curators have it: until they decide, nobody changes it. Who submitted it can take it back.")

    def get_description(self, user: Any, can_lock: bool = False) -> str:  # noqa: ARG002 - nobody can lock it
        return self.get_message(user)


class CuratorTask(AbstractGroupApprovalTask):
    """Approval by a curator of another institution."""

    class Meta:
        verbose_name = _("curator's review")
        verbose_name_plural = _("curators' reviews")

    lock_class = WithTheCurators

    def start(self, workflow_state: Any, user: Any = None) -> Any:
        """Take in editions alone, and only whole ones. The editor's form and `submit` say so more kindly before it comes to that."""
        from catalogue import publishing  # noqa: PLC0415 - it needs the models, which need this

        edition = workflow_state.content_object.specific
        if not isinstance(edition, apps.get_model("catalogue", "ResourcePage")):
            raise PermissionDenied
        publishing.require_ready(edition.get_latest_revision_as_object())
        return super().start(workflow_state, user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        """Offer approval and return to those who may judge this very page now; to superusers no more than to others."""
        if not may_judge(user, obj):
            return []
        return [("reject", _("Send back"), True), ("approve", _("Approve"), False), ("approve", _("Approve with comment"), True)]

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        form: type[forms.Form] = ReasonForm if action == "reject" else TaskStateCommentForm
        return form

    def user_can_access_editor(self, *_: Any) -> bool:
        """Curators read, comment and decide (catalogue.review); they do not write under an institution's name."""
        return False

    def locked_for_user(self, *_: Any) -> bool:
        """Nobody changes what is being judged; whoever submitted it may take it back first."""
        return True

    def user_can_lock(self, *_: Any) -> bool:
        return False

    def get_task_states_user_can_moderate(self, user: Any, **_kwargs: Any) -> "QuerySet[Any]":
        """Return what waits for this curator: nothing of the own institution, nothing that they submitted or wrote."""
        return waiting_for(user).filter(task=self)

    @transaction.atomic
    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> str:
        """Act on the task state, having asked the policy about the page that it really belongs to.

        Wagtail's view asks about the page in the address, and acts on whatever task state the address names.
        Raises PermissionDenied. Returns the address of the queue.
        """
        task_state = TaskState.objects.select_for_update().get(pk=task_state.pk).specific
        if task_state.task_id != self.pk or not may_judge_state(user, task_state):
            raise PermissionDenied
        if action_name not in {"approve", "reject"} or (action_name == "reject" and not kwargs.get("comment", "").strip()):
            raise PermissionDenied
        super().on_action(task_state, user, action_name, **kwargs)
        return reverse("moderation_queue")


def may_judge(user: Any, page: Any) -> bool:
    """Ask the policy about the edition that lies at this page today, and whether what waits there is the user's own doing."""
    institution_id = _institution_of(page.pk)
    if not policies.may_judge(Viewer.of(user), institution_id):
        return False
    state = page.current_workflow_state
    return state is None or not _is_own_doing(user, state, state.current_task_state)


def may_judge_state(user: Any, task_state: Any, *, is_current: bool | None = None) -> bool:
    """Like may_judge, for a task state; it must be the one that waits (`is_current`: the caller knows, it is being made)."""
    workflow_state = task_state.workflow_state
    if is_current is None:
        is_current = workflow_state.current_task_state_id == task_state.pk
    if task_state.status != TaskState.STATUS_IN_PROGRESS or not is_current:
        return False
    if str(task_state.revision.object_id) != str(workflow_state.object_id) or _is_own_doing(user, workflow_state, task_state):
        return False
    return policies.may_judge(Viewer.of(user), _institution_of(workflow_state.object_id))


def waiting_for(user: Any) -> "QuerySet[Any]":
    """Return the task states that this user may judge now."""
    viewer = Viewer.of(user)
    if not viewer.has(Role.CURATOR):
        return TaskState.objects.none()
    waiting = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS, task__active=True, workflow_state__status=WorkflowState.STATUS_IN_PROGRESS
    )
    waiting = waiting.exclude(workflow_state__requested_by=user).exclude(revision__user=user)
    page_ids = waiting.values_list("workflow_state__object_id", flat=True)
    editions = apps.get_model("catalogue", "ResourcePage").objects.filter(pk__in=[int(pk) for pk in page_ids])
    judgeable = editions.exclude(institution_id=viewer.institution_id).values_list("pk", flat=True)
    return waiting.filter(workflow_state__object_id__in=[str(pk) for pk in judgeable])


def _is_own_doing(user: Any, workflow_state: Any, task_state: Any) -> bool:
    return user.pk in {workflow_state.requested_by_id, task_state.revision.user_id if task_state else None}


def _institution_of(page_id: Any) -> UUID | None:
    institution_id: UUID | None = (
        apps.get_model("catalogue", "ResourcePage").objects.filter(pk=page_id).values_list("institution_id", flat=True).first()
    )
    return institution_id
