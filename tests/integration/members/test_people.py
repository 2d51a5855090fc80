"""Roles, and what follows from them."""

import pytest
from django.contrib.auth import authenticate

from core.errors import ConflictError, InvalidInputError, NotAllowedError
from core.models import AuditEntry
from members.models import Role
from members.services import create_user, set_active, set_institution, set_roles
from members.viewer import ANONYMOUS, Viewer
from tests.factories.members import PASSWORD, make_institution, make_user

pytestmark = pytest.mark.django_db


def test_signing_in_by_address_in_any_case():
    user = make_user("contributor", email="Ada.Okafor@Example.org")
    assert user.email == "ada.okafor@example.org"
    assert authenticate(username="ADA.okafor@example.ORG", password=PASSWORD) == user
    assert authenticate(username="ada.okafor@example.org", password="wrong") is None


def test_a_demo_account_enters_only_a_demo(settings):
    user = create_user(email="demo@example.org", name="Demo", password="known to all", is_demo=True)
    settings.DEMO = False
    assert authenticate(username=user.email, password="known to all") is None
    settings.DEMO = True
    assert authenticate(username=user.email, password="known to all") == user


def test_roles_follow_and_are_recorded():
    institution = make_institution()
    user = make_user("contributor", institution=institution)
    set_roles(user, ["curator"], by=None)
    assert [group.name for group in user.groups.all()] == ["Curators"]
    entry = AuditEntry.objects.filter(action="members.user.set_roles").first()
    assert entry.data == {"before": ["contributor"], "after": ["curator"]}


def test_a_contributor_needs_an_institution():
    with pytest.raises(InvalidInputError):
        create_user(email="a@example.org", name="A", roles=["contributor"])
    user = make_user("contributor", "curator")
    set_institution(user, None, by=None)
    assert Viewer.of(user).roles == {Role.CURATOR}
    assert [group.name for group in user.groups.all()] == ["Curators"]


def test_another_institution_means_its_group():
    user = make_user("contributor")
    other = make_institution()
    set_institution(user, other, by=None)
    assert user.groups.get() == other.group


def test_only_the_secretariat_gives_roles():
    user = make_user("contributor")
    for by in (make_user("manager"), make_user("curator"), user):
        with pytest.raises(NotAllowedError):
            set_roles(user, ["secretariat"], by=by)
        with pytest.raises(NotAllowedError):
            create_user(email="new@example.org", name="New", by=by)
    set_roles(user, ["contributor", "manager"], by=make_user("secretariat"))
    assert Viewer.of(user).has(Role.MANAGER)


def test_an_address_has_one_account_and_a_poor_password_is_refused():
    make_user(email="one@example.org")
    with pytest.raises(ConflictError):
        make_user(email="ONE@example.org")
    with pytest.raises(InvalidInputError):
        create_user(email="two@example.org", name="Two", password="12345")


def test_who_is_deactivated_is_nobody():
    user = make_user("contributor")
    set_active(user, active=False, by=None)
    assert Viewer.of(user) == ANONYMOUS
    assert authenticate(username=user.email, password=PASSWORD) is None


def test_the_admin_speaks_the_persons_language():
    assert make_user("contributor", language="fr").wagtail_userprofile.get_preferred_language() == "fr"
