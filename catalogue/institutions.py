"""Institutions with all that belongs to them: page, group, permissions, collection. `by` None is an operator."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Collection, Page

from catalogue import site_tree
from catalogue.fields import clean_rich_text
from catalogue.models import InstitutionIndexPage, InstitutionPage
from core import audit
from core.errors import ConflictError, InvalidInputError, NotAllowedError
from members import groups, policies
from members.models import Institution, User
from members.viewer import Viewer

EDITABLE = frozenset(
    {"names", "country", "city", "language", "usual_licence", "website", "contact_name", "contact_email", "descriptions", "description"}
)


@transaction.atomic
def create_institution(*, slug: str, name: str, country: str, by: User | None = None, **fields: Any) -> Institution:
    """Return a new institution with its published page, group, permissions and collection.

    `fields`: those of EDITABLE, `quota_bytes` and `quota_files`. Raises InvalidInputError or ConflictError with the reason.
    """
    if by is not None and not policies.may_create_institutions(Viewer.of(by)):
        raise NotAllowedError(_("Only the secretariat can add an institution."))
    if Institution.objects.filter(slug=slug).exists():
        raise ConflictError(_("There is an institution “%(slug)s” already.") % {"slug": slug})
    description, descriptions = fields.pop("description", ""), fields.pop("descriptions", {})
    institution = Institution(slug=slug, name=name, country=country, **fields)
    _clean(institution)
    institution.group = Group.objects.create(name=groups.contributors_group_name(slug))
    institution.save()
    collection = Collection.objects.get(depth=1).add_child(name=name)
    index = InstitutionIndexPage.objects.get()
    Page.objects.select_for_update().get(pk=index.pk)
    index.refresh_from_db()
    page = InstitutionPage(
        title=name,
        slug=slug,
        institution=institution,
        collection=collection,
        description=description,
        descriptions=_clean_descriptions(descriptions),
    )
    index.add_child(instance=page)
    site_tree.let_contribute(institution.group, page)
    audit.record("catalogue.institution.create", actor_id=_id(by), object_type="institution", object_id=institution.id, slug=slug)
    return institution


@transaction.atomic
def update_institution(institution: Institution, *, by: User | None, **fields: Any) -> None:
    """Change what EDITABLE names; outside moderation, recorded. Raise InvalidInputError for what cannot be."""
    _check_may_edit(institution, by)
    if unknown := set(fields) - EDITABLE:
        raise InvalidInputError(_("These fields cannot be changed: %(fields)s.") % {"fields": ", ".join(sorted(unknown))})
    page = InstitutionPage.objects.get(institution=institution)
    before = {name: getattr(page if name.startswith("description") else institution, name) for name in fields}
    for name, value in fields.items():
        if name == "descriptions":
            page.descriptions = _clean_descriptions(value)
        elif name == "description":
            page.description = value
        else:
            setattr(institution, name, value)
    _clean(institution)
    institution.save()
    page.save()
    changed = sorted(name for name, value in fields.items() if before[name] != value)
    if changed:
        _record("catalogue.institution.update", institution, by, fields=changed)


@transaction.atomic
def rename_institution(institution: Institution, *, name: str, by: User | None, slug: str | None = None) -> None:
    """Give it another name and, if asked, another address; old addresses lead to the new ones. All its works are announced.

    In languages in which it went by the old name it goes by the new one; translations of the name stay as they are.
    """
    _check_may_edit(institution, by)
    before = {"name": institution.name, "slug": institution.slug}
    institution.name = name.strip()
    institution.names = {code: institution.name if text == before["name"] else text for code, text in institution.names.items()}
    if slug and slug != institution.slug:
        if Institution.objects.filter(slug=slug).exists():
            raise ConflictError(_("There is an institution “%(slug)s” already.") % {"slug": slug})
        institution.slug = slug
    _clean(institution)
    institution.save()
    groups.name_after(institution)
    page = InstitutionPage.objects.get(institution=institution)
    page.title = page.draft_title = institution.name
    page.slug = institution.slug
    page.save()
    if page.collection:
        page.collection.name = institution.name
        page.collection.save(update_fields=["name"])
    _record("catalogue.institution.rename", institution, by, before=before, after={"name": institution.name, "slug": institution.slug})


@transaction.atomic
def set_institution_active(institution: Institution, active: bool, *, by: User | None) -> None:
    """End a membership, or take it up again: people of an inactive one cannot act, and its resources are not shown."""
    if by is not None and not policies.may_deactivate_institutions(Viewer.of(by)):
        raise NotAllowedError(_("Only the secretariat may do this."))
    if institution.is_active != active:
        institution.is_active = active
        institution.save()
        _record("catalogue.institution.set_active", institution, by, active=active)


@transaction.atomic
def set_quota(institution: Institution, *, by: User | None, **quota: int) -> None:
    """Change `quota_bytes`, `quota_files` or both. What an institution has already stays, even if it is more."""
    if by is not None and not policies.may_set_quota(Viewer.of(by)):
        raise NotAllowedError(_("Only the secretariat may do this."))
    before = {name: getattr(institution, name) for name in quota}
    if before == quota:
        return
    for name, value in quota.items():
        setattr(institution, name, value)
    _clean(institution)
    institution.save()
    _record("catalogue.institution.set_quota", institution, by, before=before, after=quota)


def _check_may_edit(institution: Institution, by: User | None) -> None:
    if by is not None and not policies.may_edit_institution(Viewer.of(by), institution.id):
        raise NotAllowedError(_("Only a manager of the institution and the secretariat can change this."))


def _clean(institution: Institution) -> None:
    try:
        institution.full_clean()
    except ValidationError as error:
        raise InvalidInputError(" ".join(error.messages)) from error


def _clean_descriptions(descriptions: dict[str, str]) -> dict[str, str]:
    return {tag: clean_rich_text(text) for tag, text in descriptions.items() if text.strip()}


def _record(action: str, institution: Institution, by: User | None, **data: Any) -> None:
    audit.record(action, actor_id=_id(by), object_type="institution", object_id=institution.id, **data)


def _id(by: User | None) -> UUID | None:
    return by.id if by else None
