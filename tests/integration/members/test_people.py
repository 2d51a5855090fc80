"""Roles, and what follows from them."""

import pytest
from django.contrib.auth import authenticate
from django.urls import reverse

from core.errors import ConflictError, InvalidInputError, NotAllowedError
from core.models import AuditEntry
from members.models import Role
from members.services import create_user, set_active, set_institution, set_roles, update_user
from members.viewer import ANONYMOUS, Viewer
from tests.factories.members import PASSWORD, make_institution, make_superuser, make_user

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


def test_the_secretariat_does_not_become_a_superuser_by_changing_the_address_of_one():
    superuser, secretariat = make_superuser(), make_user("secretariat")
    address = superuser.email
    for change in (
        lambda by: update_user(superuser, name="Ada", email="mine@example.org", language="en", by=by),
        lambda by: set_roles(superuser, ["curator"], by=by),
        lambda by: set_institution(superuser, make_institution(), by=by),
        lambda by: set_active(superuser, False, by=by),
    ):
        with pytest.raises(NotAllowedError):
            change(secretariat)
    superuser.refresh_from_db()
    assert (superuser.email, superuser.is_active, superuser.institution) == (address, True, None)
    update_user(superuser, name="Ada", email="ada@example.org", language="en", by=make_superuser())


def test_the_link_in_a_password_mail_is_that_of_the_site_whatever_host_was_asked(client, mailoutbox, settings):
    user = make_user("contributor")
    settings.ALLOWED_HOSTS = ["*"]
    client.post(reverse("password_reset"), {"email": user.email}, headers={"host": "evil.example:6666"})
    assert f"{settings.SITE_URL}/" in mailoutbox[0].body
    assert "evil.example" not in mailoutbox[0].body + mailoutbox[0].subject


def test_who_moves_resources_and_people_does_not_judge():
    user = make_user("curator", institution=make_institution())
    with pytest.raises(InvalidInputError):
        set_roles(user, ["curator", "secretariat"], by=None)
    assert Viewer.of(user).roles == {Role.CURATOR}
