"""Publishing without moderation (operators), withdrawing, and what both need to know of files."""

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.unpublish_page import UnpublishPageAction

from catalogue import completeness, policies
from catalogue.models import ResourcePage
from catalogue.records import Problem
from core import audit, clock
from core.errors import ConflictError, NotAllowedError
from media import selectors as media_selectors
from members.models import User
from members.viewer import Viewer


def files_not_ready(edition: ResourcePage) -> list[Problem]:
    """Return a problem for each file of the edition that is not checked yet, or was rejected."""
    object_ids = [file.stored_object_id for file in edition.files.all()]
    return [Problem("files", f"{stored.filename}: {sentence}") for stored, sentence in media_selectors.not_ready(object_ids)]


def obstacles(edition: ResourcePage) -> list[Problem]:
    """Return all that stands between this state of the edition and its submission."""
    lacking = [Problem(each.field, str(each.sentence)) for each in completeness.missing(edition)]
    return lacking + files_not_ready(edition)


def require_ready(edition: ResourcePage) -> None:
    """Raise ConflictError with the sentences, if anything stands in the way."""
    found = obstacles(edition)
    if found:
        raise ConflictError(" ".join(problem.reason for problem in found), code="incomplete")


@transaction.atomic
def publish_directly(edition: ResourcePage, *, by: User | None) -> None:
    """Publish the latest draft past moderation: for operators at the command line; recorded. Raise ConflictError if not ready."""
    revision = edition.get_latest_revision() or edition.save_revision(user=by)
    publication = PublishPageRevisionAction(revision, user=by)  # as revision.publish does; it has read the revision, which takes long
    require_ready(publication.object)
    publication.execute(skip_permission_checks=True)
    audit.record(
        "catalogue.resource.publish_directly",
        actor_id=by.id if by else None,
        object_type="edition",
        object_id=edition.edition_id,
        revision=revision.pk,
    )


@transaction.atomic
def withdraw(edition: ResourcePage, *, by: User, reason: str = "") -> None:
    """Take a published edition out of the catalogue; it stays, with its files, as a draft of its institution."""
    edition = ResourcePage.objects.select_for_update().get(pk=edition.pk)
    if not policies.may_withdraw(Viewer.of(by), edition.institution_id):
        raise NotAllowedError(_("Only the institution itself and the secretariat can withdraw a resource."))
    if not edition.live:
        raise ConflictError(_("This resource is not published, so there is nothing to withdraw."))
    workflow_state = edition.current_workflow_state
    if workflow_state is not None:
        workflow_state.cancel(user=by)
    edition.withdrawn_at = clock.now()
    UnpublishPageAction(edition, user=by).execute(skip_permission_checks=True)
    audit.record(
        "catalogue.resource.withdraw",
        actor_id=by.id,
        object_type="edition",
        object_id=edition.edition_id,
        work_id=str(edition.work_id),
        reason=reason.strip(),
    )
