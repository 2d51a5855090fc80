"""Handing a draft to the curators, and giving a resource to another institution."""

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.actions.move_page import MovePageAction
from wagtail.models import Page

from catalogue import policies, publishing
from catalogue.models import InstitutionPage, ResourcePage
from core import audit
from core.errors import ConflictError, NotAllowedError
from members.models import Institution, User
from members.viewer import Viewer


@transaction.atomic
def submit(edition: ResourcePage, *, by: User) -> None:
    """Hand the latest draft to the curators; raise ConflictError with all that is missing, or if it waits there already."""
    edition = ResourcePage.objects.select_for_update().get(pk=edition.pk)
    if not policies.may_edit(Viewer.of(by), edition.institution_id):
        raise NotAllowedError(_("Only the people of the institution can submit its resources."))
    publishing.require_ready(edition.get_latest_revision_as_object())
    state = edition.current_workflow_state
    if state is None:
        edition.get_workflow().start(edition, by)
    elif state.status == state.STATUS_NEEDS_CHANGES:
        state.resume(by)
    else:
        raise ConflictError(_("This resource waits for the curators already."))


@transaction.atomic
def move_resource(edition: ResourcePage, *, to: Institution, by: User) -> None:
    """Put an edition below another institution, published or not; its files stay those of the institution that stored them."""
    if not policies.may_move(Viewer.of(by)):
        raise NotAllowedError(_("Only the secretariat can give a resource to another institution."))
    edition = ResourcePage.objects.select_for_update().get(pk=edition.pk)
    if edition.institution_id == to.id:
        return
    if edition.identifier and ResourcePage.objects.filter(institution=to, identifier=edition.identifier).exists():
        raise ConflictError(
            _("%(institution)s has a resource with the identifier “%(identifier)s” already.")
            % {"institution": to.name, "identifier": edition.identifier}
        )
    target = InstitutionPage.objects.get(institution=to)
    Page.objects.select_for_update().get(pk=target.pk)
    target.refresh_from_db()
    if target.get_children().filter(slug=edition.slug).exists():
        raise ConflictError(_("%(institution)s has a page with the same address already.") % {"institution": to.name})
    before = edition.institution
    MovePageAction(edition, target, pos="last-child", user=by).execute(skip_permission_checks=True)
    audit.record(
        "catalogue.resource.move",
        actor_id=by.id,
        object_type="edition",
        object_id=edition.edition_id,
        before=before.slug,
        after=to.slug,
    )
