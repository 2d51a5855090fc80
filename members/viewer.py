"""Who is asking: the value that every policy takes, so that policies are pure."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from members.models import Role, User


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person at the moment of asking. Anonymous visitors have neither user nor roles."""

    user_id: UUID | None = None
    institution_id: UUID | None = None
    roles: frozenset[str] = frozenset()
    is_superuser: bool = False

    @classmethod
    def of(cls, user: "User | AnonymousUser | object") -> Self:
        """Return the viewer for a request's user; a deactivated user, or one of an inactive institution, is anonymous."""
        if not isinstance(user, User) or not user.is_active:
            return cls()
        institution = user.institution
        if institution is not None and not institution.is_active:
            return cls(is_superuser=user.is_superuser, user_id=user.id) if user.is_superuser else cls()
        roles = frozenset(user.role_assignments.values_list("role", flat=True))
        return cls(user_id=user.id, institution_id=user.institution_id, roles=roles, is_superuser=user.is_superuser)

    @property
    def is_anonymous(self) -> bool:
        return self.user_id is None

    @property
    def is_member(self) -> bool:
        """Belongs to the network: has an institution, or a role that acts for the network."""
        return self.is_superuser or self.institution_id is not None or bool(self.roles & {Role.CURATOR, Role.SECRETARIAT})

    def has(self, *roles: Role) -> bool:
        """Whether any of the roles is theirs. A superuser is not given roles by this."""
        return bool(self.roles & set(roles))

    def belongs_to(self, institution_id: UUID | None) -> bool:
        return institution_id is not None and self.institution_id == institution_id


ANONYMOUS = Viewer()
