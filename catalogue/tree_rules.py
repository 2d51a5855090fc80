"""What an edition owes to its place: its institution is that of the page above, its work that of what it translates."""

from typing import TYPE_CHECKING, Any

from django.apps import apps

if TYPE_CHECKING:
    from uuid import UUID

    from catalogue.models import ResourcePage


def settle(edition: "ResourcePage") -> None:
    """Set institution and work before a save; call it inside the transaction.

    A draft of an edition that exists keeps its work until it is published, so that no unpublished change regroups what
    readers see. Works that lost their last edition lead to the one that took it.
    """
    _adopt_institution(edition)
    if edition.live:
        edition.withdrawn_at = None
    if edition.pk is None:
        edition.work_id = _work_of_original(edition) or edition.work_id or _new_work()
    elif edition.live:
        _regroup(edition)


def _adopt_institution(edition: "ResourcePage") -> None:
    institution_page = apps.get_model("catalogue", "InstitutionPage")
    parent_path = edition.path[: -edition.steplen]
    edition.institution_id = institution_page.objects.values_list("institution_id", flat=True).get(path=parent_path)


def _work_of_original(edition: "ResourcePage") -> "UUID | None":
    return edition.translation_of.work_id if edition.translation_of else None


def _new_work() -> "UUID":
    work_id: UUID = apps.get_model("catalogue", "Work").objects.create().pk
    return work_id


def _regroup(edition: "ResourcePage") -> None:
    """Follow `translation_of` into its work, or leave a work that `translation_of` no longer ties to; its translations follow."""
    model = apps.get_model("catalogue", "ResourcePage")
    before = model.objects.filter(pk=edition.pk).values("translation_of_id", "work_id").first()
    target = _work_of_original(edition)
    if before is None:
        return
    edition.work_id = before["work_id"]
    if target is None:
        was_tied = before["translation_of_id"] is not None
        others = model.objects.filter(work_id=edition.work_id).exclude(pk__in=[edition.pk, *_translations_below(edition.pk)])
        if not was_tied or not others.exists():
            return
        target = _new_work()
    if target == edition.work_id:
        return
    followers = _translations_below(edition.pk)
    model.objects.filter(pk__in=followers, work_id=edition.work_id).update(work_id=target)
    left = edition.work_id
    edition.work_id = target
    if not model.objects.filter(work_id=left).exclude(pk=edition.pk).exists():
        apps.get_model("catalogue", "Work").objects.filter(pk=left).update(merged_into_id=target)


def _translations_below(page_id: int) -> set[int]:
    model = apps.get_model("catalogue", "ResourcePage")
    found: set[int] = set()
    frontier = {page_id}
    while frontier:
        frontier = set(model.objects.filter(translation_of_id__in=frontier).values_list("pk", flat=True)) - found - {page_id}
        found |= frontier
    return found


def follow_move(page: Any) -> None:
    """Bring the institution of a moved edition in step with the page it now lies below (`page` is the base page)."""
    institution_page = apps.get_model("catalogue", "InstitutionPage")
    institution_id = institution_page.objects.values_list("institution_id", flat=True).get(path=page.path[: -page.steplen])
    apps.get_model("catalogue", "ResourcePage").objects.filter(pk=page.pk).exclude(institution_id=institution_id).update(
        institution_id=institution_id
    )
