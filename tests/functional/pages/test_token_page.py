"""The page of an institution's API tokens."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from members import tokens
from tests.factories.members import make_institution, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db):
    return make_user("manager")


def visit(user):
    client = Client()
    client.force_login(user)
    return client, reverse("institution_tokens", args=[user.institution.slug])


def test_a_token_is_made_and_shown_once(manager):
    client, address = visit(manager)
    answer = client.post(address, {"name": "Archive script", "days": "30"})
    secret = re.search(r"fct_[\w-]{40,}", answer.content.decode())[0]
    assert tokens.bearer_of(secret).token.name == "Archive script"
    assert "no-store" in answer["Cache-Control"]
    again = client.get(address).content.decode()
    assert "Archive script" in again
    assert secret not in again


def test_a_token_is_revoked(manager):
    token, secret = tokens.create_token(manager.institution, name="Old script", days=30, by=manager)
    client, address = visit(manager)
    assert client.post(address, {"revoke": str(token.id)}).status_code == 302
    assert tokens.bearer_of(secret) is None
    assert "is revoked" in client.get(address).content.decode()


def test_nobody_revokes_what_another_institution_has(manager):
    other = make_user("manager")
    token, secret = tokens.create_token(other.institution, name="Theirs", days=30, by=other)
    client, address = visit(manager)
    client.post(address, {"revoke": str(token.id)})
    client.post(address, {"revoke": "nonsense"})
    assert tokens.bearer_of(secret)
    assert client.get(reverse("institution_tokens", args=[other.institution.slug])).status_code in {302, 403}


def test_one_that_is_not_valid_any_more_is_told_apart(manager):
    gone = make_user("manager", institution=manager.institution)
    tokens.create_token(manager.institution, name="Of somebody who left", days=30, by=gone)
    client, address = visit(manager)
    assert "no longer valid" not in client.get(address).content.decode()
    gone.institution = make_institution()
    gone.save()
    assert "no longer valid" in client.get(address).content.decode()


@pytest.mark.parametrize("sent", [{"name": "", "days": "30"}, {"name": "x", "days": "99999"}, {"name": "x"}, {}])
def test_a_form_that_cannot_be_used_makes_none(manager, sent):
    client, address = visit(manager)
    assert client.post(address, sent).status_code == 422
    assert not tokens.tokens_of(manager.institution).exists()


def test_managers_and_the_secretariat_find_the_page(manager):
    client, address = visit(manager)
    assert address in client.get(reverse("institution_profile", args=[manager.institution.slug])).content.decode()
    client.force_login(make_user("secretariat"))
    assert address in client.get(reverse("institution_list")).content.decode()
