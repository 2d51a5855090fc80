"""API tokens: who makes them, what they are worth, and when they end."""

import datetime as dt

import pytest

from catalogue.services import set_institution_active
from core import clock
from core.errors import InvalidInputError, NotAllowedError
from core.models import AuditEntry
from members import tokens
from members.models import ApiToken
from members.services import set_active, set_institution, set_roles
from tests.factories.members import make_institution, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db):
    return make_user("manager")


def make(manager, **more):
    return tokens.create_token(manager.institution, **({"name": "Archive script", "days": 90, "by": manager} | more))


def test_the_secret_is_told_once_and_kept_nowhere(manager):
    token, secret = make(manager)
    assert secret.startswith("fct_")
    assert len(secret) > 40
    kept = [str(value) for value in ApiToken.objects.values_list().get()]
    assert not any(secret in value for value in kept)
    assert secret.startswith(token.hint)
    entry = AuditEntry.objects.get(action="members.token.create")
    assert (entry.actor_id, entry.object_id, secret in str(entry.data)) == (manager.id, str(token.id), False)


def test_its_bearer_is_a_contributor_of_that_institution_whatever_its_maker_is(manager):
    set_roles(manager, ["manager", "curator"], by=None)
    bearer = tokens.bearer_of(make(manager)[1])
    assert bearer.viewer.institution_id == manager.institution_id
    assert bearer.viewer.roles == {"contributor"}
    assert not bearer.viewer.is_superuser


def test_the_secretariat_makes_them_for_any_institution():
    house, secretariat = make_institution(), make_user("secretariat")
    _token, secret = tokens.create_token(house, name="Bulk", days=30, by=secretariat)
    assert tokens.bearer_of(secret).viewer.institution_id == house.id


@pytest.mark.parametrize("roles", [["contributor"], ["curator"], []])
def test_others_make_none_and_revoke_none(manager, roles):
    token, secret = make(manager)
    other = make_user(*roles, institution=manager.institution)
    with pytest.raises(NotAllowedError):
        make(other)
    with pytest.raises(NotAllowedError):
        tokens.revoke_token(token, by=other)
    assert tokens.bearer_of(secret)


def test_a_manager_makes_none_for_another_institution(manager):
    with pytest.raises(NotAllowedError):
        tokens.create_token(make_institution(), name="x", days=30, by=manager)


@pytest.mark.parametrize("wrong", [{"name": "  "}, {"days": 36500}, {"days": 0}])
def test_what_cannot_be_used_is_said(manager, wrong):
    with pytest.raises(InvalidInputError):
        make(manager, **wrong)


@pytest.mark.parametrize("secret", ["", "fct_", "fct_" + "x" * 43, "Bearer", "\x00", "\ud800", "é"])
def test_what_is_no_token_is_worth_nothing(manager, secret):
    make(manager)
    assert tokens.bearer_of(secret) is None


@pytest.mark.parametrize(
    "end",
    [
        lambda token, by: tokens.revoke_token(token, by=by),
        lambda token, by: set_roles(by, ["contributor"], by=None),
        lambda token, by: set_institution(by, make_institution(), by=None),
        lambda token, by: set_active(by, active=False, by=None),
        lambda token, by: set_institution_active(token.institution, False, by=None),
    ],
    ids=["revoked", "its maker is no manager any more", "its maker left", "its maker may not sign in", "the membership ended"],
)
def test_it_ends_at_once_when(manager, end):
    token, secret = make(manager)
    assert tokens.bearer_of(secret)
    end(token, manager)
    assert tokens.bearer_of(secret) is None


def test_it_ends_on_its_day(manager):
    _token, secret = make(manager, days=30)
    with clock.travel(clock.now() + dt.timedelta(days=29)):
        assert tokens.bearer_of(secret)
    with clock.travel(clock.now() + dt.timedelta(days=30, seconds=1)):
        assert tokens.bearer_of(secret) is None


def test_tokens_of_demo_people_are_worth_nothing_outside_a_demo(settings):
    settings.DEMO = True
    manager = make_user("manager", is_demo=True)
    _token, secret = make(manager)
    assert tokens.bearer_of(secret)
    settings.DEMO = False
    assert tokens.bearer_of(secret) is None


def test_the_last_use_is_noted_not_more_than_once_a_minute(manager):
    token, secret = make(manager)
    tokens.bearer_of(secret)
    token.refresh_from_db()
    first = token.last_used_at
    assert first
    with clock.travel(first + dt.timedelta(seconds=30)):
        tokens.bearer_of(secret)
    token.refresh_from_db()
    assert token.last_used_at == first
    with clock.travel(first + dt.timedelta(minutes=2)):
        tokens.bearer_of(secret)
    token.refresh_from_db()
    assert token.last_used_at > first


def test_revoking_twice_is_recorded_once(manager):
    token, _secret = make(manager)
    tokens.revoke_token(token, by=manager)
    tokens.revoke_token(token, by=manager)
    assert AuditEntry.objects.filter(action="members.token.revoke").count() == 1
    assert not tokens.tokens_of(manager.institution).exists()
