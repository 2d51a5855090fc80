"""API tokens: made and revoked by people, carried by programs, which act with them as a contributor of one institution, never more."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import InvalidInputError, NotAllowedError
from members import policies
from members.backends import EmailBackend
from members.models import ApiToken, Institution, Role, User
from members.viewer import Viewer

PREFIX = "fct_"  # so that scanners of code for secrets can recognise one
HINT_LENGTH = 8
LIFETIMES = (30, 90, 365)
"""Days that a token may live."""
NOTED_EVERY = dt.timedelta(minutes=1)
"""How exactly the last use is kept: a write for each of a thousand parts would help nobody."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """A program at the moment of asking: its token, and what it is allowed as a viewer."""

    token: ApiToken
    viewer: Viewer


@transaction.atomic
def create_token(institution: Institution, *, name: str, days: int, by: User) -> tuple[ApiToken, str]:
    """Return a new token and its secret, which nobody can read again. Raises NotAllowedError, InvalidInputError."""
    _check_by(by, institution)
    if not name.strip() or days not in LIFETIMES:
        raise InvalidInputError(_("Please give the token a name, and say how long it holds."))
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        institution=institution,
        name=name.strip()[:100],
        secret_hash=_hash(secret),
        hint=secret[:HINT_LENGTH],
        created_by=by,
        expires_at=clock.now() + dt.timedelta(days=days),
    )
    audit.record(
        "members.token.create", actor_id=by.id, object_type="api_token", object_id=token.id, institution=institution.slug, name=token.name
    )
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User) -> None:
    """End a token at once. Doing it again changes nothing."""
    _check_by(by, token.institution)
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now()):
        audit.record("members.token.revoke", actor_id=by.id, object_type="api_token", object_id=token.id, name=token.name)


def tokens_of(institution: Institution) -> "QuerySet[ApiToken]":
    """Return the tokens that were not revoked, the newest first; those past their time are among them."""
    return ApiToken.objects.filter(institution=institution, revoked_at=None).select_related("created_by")


def is_valid(token: ApiToken) -> bool:
    """Whether a token may be used now: its maker must still be allowed to make one, so that who leaves leaves no key behind."""
    return (
        token.revoked_at is None
        and token.expires_at > clock.now()
        and token.institution.is_active
        and EmailBackend().user_can_authenticate(token.created_by)
        and policies.may_manage_tokens(Viewer.of(token.created_by), token.institution_id)
    )


def bearer_of(secret: str) -> Bearer | None:
    """Return who carries this secret, None where it is not, or not any more, one of ours. Notes that it was used."""
    tokens = ApiToken.objects.select_related("institution", "created_by__institution")
    token = tokens.filter(secret_hash=_hash(secret)).first()
    if token is None or not is_valid(token):
        return None
    now = clock.now()
    if token.last_used_at is None or token.last_used_at < now - NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    viewer = Viewer(user_id=token.created_by_id, institution_id=token.institution_id, roles=frozenset({Role.CONTRIBUTOR}))
    return Bearer(token, viewer)


def _hash(secret: str) -> str:
    """Return the SHA-256: a secret of 256 random bits needs no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _check_by(by: User, institution: Institution) -> None:
    if not policies.may_manage_tokens(Viewer.of(by), institution.id):
        raise NotAllowedError(_("API tokens are made and revoked by the institution's licensing managers and by the secretariat."))
