"""Mails about moderation, sent by jobs: a slow mail server holds up no request, and a lost connection loses no mail.

They take the place of Wagtail's own, which go out inside the request, and to curators who may not judge.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted
from wagtail.users.models import UserProfile

from catalogue.curator_task import may_judge_state
from catalogue.models import ResourcePage
from core import jobs
from members.models import Role, User


def connect() -> None:
    """Connect to Wagtail's signals under the names that its own mails use: what is connected first stays, and theirs is not.

    `catalogue` stands before `wagtail.admin` in INSTALLED_APPS for that.
    """
    task_submitted.connect(_submitted, sender=TaskState, dispatch_uid="group_approval_task_submitted_email_notification")
    workflow_submitted.connect(_nothing, sender=WorkflowState, dispatch_uid="workflow_state_submitted_email_notification")
    workflow_rejected.connect(_rejected, sender=WorkflowState, dispatch_uid="workflow_state_rejected_email_notification")
    workflow_approved.connect(_approved, sender=WorkflowState, dispatch_uid="workflow_state_approved_email_notification")


def _nothing(**_kwargs: Any) -> None:
    pass


def _submitted(instance: Any, **_kwargs: Any) -> None:
    curators = User.objects.filter(role_assignments__role=Role.CURATOR, is_active=True)
    for curator in curators:
        if may_judge_state(curator, instance, is_current=True) and UserProfile.get_for_user(curator).submitted_notifications:
            _enqueue("submitted", instance.pk, curator.pk)


def _rejected(instance: Any, **_kwargs: Any) -> None:
    author = instance.requested_by
    if author is not None and author.is_active and UserProfile.get_for_user(author).rejected_notifications:
        _enqueue("rejected", instance.current_task_state_id, author.pk)


def _approved(instance: Any, **_kwargs: Any) -> None:
    author = instance.requested_by
    if author is not None and author.is_active and UserProfile.get_for_user(author).approved_notifications:
        _enqueue("approved", instance.current_task_state_id, author.pk)


def _enqueue(what: str, task_state_id: int, user_id: UUID) -> None:
    jobs.enqueue("catalogue.notice", {"what": what, "task_state_id": task_state_id, "user_id": user_id})


@jobs.handler("catalogue.notice", max_attempts=8)
def send(what: str, task_state_id: int, user_id: str) -> None:
    """Send one mail, in its reader's language; none if the submission or the person is gone meanwhile."""
    state = TaskState.objects.filter(pk=task_state_id).select_related("revision", "workflow_state", "finished_by").first()
    person = User.objects.filter(pk=user_id, is_active=True).first()
    if state is None or person is None or (what == "submitted" and not may_judge_state(person, state)):
        return
    edition = ResourcePage.objects.filter(pk=state.revision.object_id).select_related("institution").first()
    if edition is None:
        return
    with translation.override(person.language):
        subject, text = _words(what, state, edition)
        EmailMessage(" ".join(subject.split()), text, to=[person.email], headers={"Auto-Submitted": "auto-generated"}).send()


def _words(what: str, state: Any, edition: ResourcePage) -> tuple[str, str]:
    names = {"title": state.revision.object_str, "institution": edition.institution.name, "site": settings.SITE_NAME}
    if what == "submitted":
        subject = _("For your judgement: %(title)s")
        text = _("%(institution)s has submitted “%(title)s” to %(site)s. You can read it and decide here:")
        link = reverse("moderation_review", args=(state.pk,))
    elif what == "rejected":
        subject = _("Sent back: %(title)s")
        text = _("A curator asks for changes to “%(title)s”:")
        link = reverse("wagtailadmin_pages:edit", args=(edition.pk,))
    else:
        subject = _("Published: %(title)s")
        text = _("“%(title)s” is in the catalogue now:")
        link = edition.url or ""
    parts = [text % names, state.comment, link if link.startswith("http") else settings.SITE_URL + link]
    return subject % names, "\n\n".join(part for part in parts if part) + "\n"
