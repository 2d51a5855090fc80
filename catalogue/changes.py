"""Tells the other rooms when something that readers see of a work changed (core.events.works_changed).

Wagtail's own signals are no ground for that: most fire outside the transaction, and a change of an institution's page says
nothing of the resources below it. So we listen to what is saved: editions, base pages of that type (a move saves one),
institutions and their pages, terms, and stored objects.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.signals import post_delete, post_save, pre_save
from wagtail.models import Page

from catalogue import tree_rules
from catalogue.models import InstitutionPage, ResourceFile, ResourcePage
from catalogue.vocabulary import VOCABULARIES, Subject, Term
from core.events import institution_changed, object_changed, works_changed

WORK_BEFORE = "_work_before_save"
MOST_AT_ONCE = 1000


def _announce(work_ids: Iterable[UUID | None]) -> None:
    """Send works_changed for these works, which are few; call it inside the transaction of the change."""
    works_changed.send(sender=None, work_ids=sorted({work_id for work_id in work_ids if work_id is not None}))


def announce_editions(editions: "models.QuerySet[ResourcePage]") -> None:
    """Send works_changed for the works of these editions, however many; call it inside the transaction of the change."""
    work_ids = editions.order_by("work_id").values_list("work_id", flat=True).distinct().iterator(chunk_size=MOST_AT_ONCE)
    while chunk := list(islice(work_ids, MOST_AT_ONCE)):
        works_changed.send(sender=None, work_ids=chunk)


def _remember_work(instance: ResourcePage, raw: bool = False, **_: Any) -> None:
    if not raw and instance.pk is not None:
        setattr(instance, WORK_BEFORE, ResourcePage.objects.filter(pk=instance.pk).values_list("work_id", flat=True).first())


def _edition_saved(instance: ResourcePage, raw: bool = False, **_: Any) -> None:
    if not raw:
        _announce([instance.work_id, getattr(instance, WORK_BEFORE, None)])


def _edition_deleted(instance: ResourcePage, **_: Any) -> None:
    _announce([instance.work_id])


def _institution_page_saved(instance: InstitutionPage, raw: bool = False, **_: Any) -> None:
    if not raw:
        announce_editions(ResourcePage.objects.filter(institution_id=instance.institution_id))


def _base_page_saved(instance: Page, raw: bool = False, created: bool = False, **_: Any) -> None:
    """A move saves the base page; only then does the edition learn of its new institution."""
    model = instance.specific_class
    if raw or created or model is None:
        return
    if issubclass(model, ResourcePage):
        tree_rules.follow_move(instance)
        announce_editions(ResourcePage.objects.filter(pk=instance.pk))
    elif issubclass(model, InstitutionPage):
        announce_editions(ResourcePage.objects.filter(institution__page=instance.pk))


def _term_saved(instance: Term, raw: bool = False, created: bool = False, **_: Any) -> None:
    if not raw and not created:
        announce_editions(ResourcePage.objects.filter(editions_with_term(instance)))


def editions_with_term(term: Term) -> models.Q:
    """Return the condition for editions that carry the term; a subject is carried by what carries one below it, too."""
    if isinstance(term, Subject):
        return models.Q(pk__in=ResourcePage.subjects.through.objects.filter(subject__in=term.branch()).values("resourcepage_id"))
    conditions = models.Q(pk__in=[])
    for field in ResourcePage._meta.get_fields():  # noqa: SLF001 - Django's documented way to ask a model
        if field.concrete and field.related_model is type(term):
            conditions |= models.Q(**{field.name: term})
    return conditions


def _object_changed(object_id: UUID, **_: Any) -> None:
    announce_editions(ResourcePage.objects.filter(pk__in=ResourceFile.objects.filter(stored_object=object_id).values("page_id")))


def _institution_changed(institution_id: UUID, **_: Any) -> None:
    announce_editions(ResourcePage.objects.filter(institution_id=institution_id))


def connect() -> None:
    """Connect the receivers; called once, when Django has loaded all models."""
    pre_save.connect(_remember_work, sender=ResourcePage, dispatch_uid="catalogue.remember_work")
    post_save.connect(_edition_saved, sender=ResourcePage, dispatch_uid="catalogue.edition_saved")
    post_delete.connect(_edition_deleted, sender=ResourcePage, dispatch_uid="catalogue.edition_deleted")
    post_save.connect(_institution_page_saved, sender=InstitutionPage, dispatch_uid="catalogue.institution_page_saved")
    post_save.connect(_base_page_saved, sender=Page, dispatch_uid="catalogue.base_page_saved")
    for vocabulary in VOCABULARIES.values():
        post_save.connect(_term_saved, sender=vocabulary, dispatch_uid=f"catalogue.term_saved.{vocabulary.__name__}")
    object_changed.connect(_object_changed, dispatch_uid="catalogue.object_changed")
    institution_changed.connect(_institution_changed, dispatch_uid="catalogue.institution_changed")
