"""Wagtail's groups, derived from roles. Nobody edits them by hand: `members.services` keeps them in step."""

from django.contrib.auth.models import Group

from members.models import Institution, Role, User

CURATORS = "Curators"
SECRETARIAT = "Secretariat"


def curators_group() -> Group:
    """Return the group of all curators."""
    return Group.objects.get_or_create(name=CURATORS)[0]


def secretariat_group() -> Group:
    """Return the group of the secretariat."""
    return Group.objects.get_or_create(name=SECRETARIAT)[0]


def contributors_group_name(slug: str) -> str:
    """Return the name of an institution's group; it follows the slug, which is unique."""
    return f"{slug} contributors"


def follow_roles(user: User) -> None:
    """Give the user exactly the groups that the roles and the institution ask for."""
    roles = set(user.role_assignments.values_list("role", flat=True))
    groups: list[Group] = []
    if roles & {Role.CONTRIBUTOR, Role.MANAGER} and user.institution and user.institution.group:
        groups.append(user.institution.group)
    if Role.CURATOR in roles:
        groups.append(curators_group())
    if Role.SECRETARIAT in roles:
        groups.append(secretariat_group())
    user.groups.set(groups)


def name_after(institution: Institution) -> None:
    """Let the institution's group carry the slug of today."""
    if institution.group:
        institution.group.name = contributors_group_name(institution.slug)
        institution.group.save(update_fields=["name"])
