"""What approval does."""

from typing import Any


def publish_reviewed_revision(workflow_state: Any, user: Any = None) -> None:
    """Publish the revision that the curators saw, which need not be the latest one."""
    task_state = workflow_state.current_task_state
    task_state.revision.publish(user=user, skip_permission_checks=True)
