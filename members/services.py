"""Making people and giving them roles. `by` is who does it; None is an operator at the command line."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.users.models import UserProfile

from core import audit
from core.errors import ConflictError, InvalidInputError, NotAllowedError
from members import groups, policies
from members.models import Institution, Role, RoleAssignment, User
from members.viewer import Viewer

INSTITUTIONAL_ROLES = frozenset({Role.CONTRIBUTOR, Role.MANAGER})


@transaction.atomic
def create_user(
    *,
    email: str,
    name: str,
    institution: Institution | None = None,
    roles: Iterable[str] = (),
    password: str | None = None,
    language: str = "en",
    is_demo: bool = False,
    by: User | None = None,
) -> User:
    """Return a new user with these roles; raise InvalidInputError or ConflictError with the reason."""
    _check_by(by)
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise ConflictError(_("There is an account for %(email)s already.") % {"email": email})
    user = User(email=email, name=name.strip(), institution=institution, language=language, is_demo=is_demo)
    try:
        if password is not None and not is_demo:
            validate_password(password, user)
        user.set_password(password)
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise InvalidInputError(" ".join(error.messages)) from error
    user.save()
    _speak_their_language(user)
    audit.record("members.user.create", actor_id=by.id if by else None, object_type="user", object_id=user.id, email=email)
    set_roles(user, roles, by=by)
    return user


@transaction.atomic
def update_user(user: User, *, name: str, email: str, language: str, by: User | None) -> None:
    """Change name, login or interface language; raise ConflictError if somebody else has the address."""
    _check_by(by, user)
    email = email.strip().lower()
    if User.objects.filter(email=email).exclude(pk=user.pk).exists():
        raise ConflictError(_("There is an account for %(email)s already.") % {"email": email})
    before = (user.name, user.email, user.language)
    user.name, user.email, user.language = name.strip(), email, language
    user.save(update_fields=["name", "email", "language"])
    _speak_their_language(user)
    if before != (user.name, user.email, user.language):
        _record(user, "members.user.update", by, email=[before[1], user.email])


@transaction.atomic
def set_roles(user: User, roles: Iterable[str], *, by: User | None) -> None:
    """Give the user exactly these roles, and Wagtail's groups that follow from them."""
    _check_by(by, user)
    wanted = {Role(role) for role in roles}
    if wanted & INSTITUTIONAL_ROLES and user.institution_id is None:
        raise InvalidInputError(_("A contributor or manager needs an institution. Please choose one first."))
    if wanted >= {Role.CURATOR, Role.SECRETARIAT}:  # they could give a resource away, judge it, and take it back
        raise InvalidInputError(_("Nobody is a curator and of the secretariat at once: who moves resources and people does not judge."))
    had = {Role(role) for role in user.role_assignments.values_list("role", flat=True)}
    user.role_assignments.exclude(role__in=wanted).delete()
    RoleAssignment.objects.bulk_create([RoleAssignment(user=user, role=role) for role in sorted(wanted - had)])
    groups.follow_roles(user)
    if wanted != had:
        _record(user, "members.user.set_roles", by, before=sorted(had), after=sorted(wanted))


@transaction.atomic
def set_institution(user: User, institution: Institution | None, *, by: User | None) -> None:
    """Make the user a member of another institution, or of none; roles within an institution end with the last."""
    _check_by(by, user)
    if institution == user.institution:
        return
    before, user.institution = user.institution, institution
    user.save(update_fields=["institution"])
    if institution is None:
        user.role_assignments.filter(role__in=INSTITUTIONAL_ROLES).delete()
    groups.follow_roles(user)
    _record(user, "members.user.set_institution", by, before=before and before.slug, after=institution and institution.slug)


@transaction.atomic
def set_active(user: User, active: bool, *, by: User | None) -> None:
    """Let the user sign in, or no longer. An account is never deleted: the record of the past names it."""
    _check_by(by, user)
    if user.is_active != active:
        user.is_active = active
        user.save(update_fields=["is_active"])
        _record(user, "members.user.set_active", by, active=active)


def _speak_their_language(user: User) -> None:
    """Let Wagtail's admin and its mails use the person's language, too."""
    profile = UserProfile.get_for_user(user)
    profile.preferred_language = user.language
    profile.save(update_fields=["preferred_language"])


def _check_by(by: User | None, about: User | None = None) -> None:
    """Whoever could change a superuser's address could have the password mailed there, and be one."""
    if by is not None and not policies.may_manage_people(Viewer.of(by)):
        raise NotAllowedError(_("Only the secretariat may do this."))
    if by is not None and about is not None and about.is_superuser and not by.is_superuser:
        raise NotAllowedError(_("Only a superuser can change a superuser's account."))


def _record(user: User, action: str, by: User | None, **data: Any) -> None:
    audit.record(action, actor_id=by.id if by else None, object_type="user", object_id=user.id, **data)
