"""What approval does. Wagtail imports this module while its own models load, so it imports none at the top."""

from typing import Any


def publish_reviewed_revision(workflow_state: Any, user: Any = None) -> None:
    """Publish the revision that the curator saw, which need not be the latest one; called inside the approval's transaction.

    Raises ConflictError when something happened meanwhile that forbids it, such as a file that was rejected.
    """
    from catalogue import publishing  # noqa: PLC0415
    from core import audit  # noqa: PLC0415

    revision = workflow_state.current_task_state.revision
    edition = revision.as_object()
    publishing.require_ready(edition)
    revision.publish(user=user, skip_permission_checks=True)
    audit.record(
        "catalogue.resource.approve",
        actor_id=user.pk if user else None,
        object_type="edition",
        object_id=edition.edition_id,
        revision=revision.pk,
        task_state=workflow_state.current_task_state.pk,
    )
