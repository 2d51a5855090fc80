"""Institutions and people, made through the services that make them in life."""

import itertools

from catalogue.services import create_institution
from members.services import create_user

PASSWORD = "correct horse battery staple"

_count = itertools.count(1)


def make_institution(**fields):
    """Return an institution with its page and group; the name, slug and country can be given."""
    number = next(_count)
    values = {
        "slug": f"festival-{number}",
        "name": f"Festival {number}",
        "country": "GB",
        "language": "en",
        "usual_licence": "CC-BY-4.0",
        "contact_name": "Rosalind Ashby",
        "contact_email": f"resources@festival-{number}.example",
        **fields,
    }
    return create_institution(**values)


def make_user(*roles, institution=None, **fields):
    """Return a user with these roles; `password` is PASSWORD. An institution is made where a role needs one."""
    number = next(_count)
    roles = [str(role) for role in roles]
    if institution is None and {"contributor", "manager"} & set(roles):
        institution = make_institution()
    values = {"email": f"person-{number}@festival.example", "name": f"Person {number}", "password": PASSWORD, **fields}
    return create_user(institution=institution, roles=roles, **values)


def make_superuser(**fields):
    """Return a superuser: for emergencies only, so it has no role."""
    from members.models import User  # noqa: PLC0415

    number = next(_count)
    return User.objects.create_superuser(f"root-{number}@festival.example", PASSWORD, name="Root", **fields)
