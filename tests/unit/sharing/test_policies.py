"""The whole table of sharing.policies: every standing, access, embargo and viewer, with the answer written out."""

import datetime as dt
import itertools
from uuid import UUID

import pytest

from catalogue.models import Access
from members.models import Role
from members.viewer import ANONYMOUS, Viewer
from sharing.policies import Action, Decision, Standing, Terms, WhatNext, Why, may

TODAY = dt.date(2026, 5, 4)
OWNER, OTHER = UUID(int=1), UUID(int=2)
SOMEBODY = UUID(int=99)

VIEWERS = {
    "anonymous": ANONYMOUS,
    "account without institution": Viewer(user_id=SOMEBODY),
    "contributor of the owner": Viewer(user_id=SOMEBODY, institution_id=OWNER, roles=frozenset({Role.CONTRIBUTOR})),
    "member of the owner without a role": Viewer(user_id=SOMEBODY, institution_id=OWNER),
    "contributor elsewhere": Viewer(user_id=SOMEBODY, institution_id=OTHER, roles=frozenset({Role.CONTRIBUTOR})),
    "manager elsewhere": Viewer(user_id=SOMEBODY, institution_id=OTHER, roles=frozenset({Role.MANAGER})),
    "curator elsewhere": Viewer(user_id=SOMEBODY, institution_id=OTHER, roles=frozenset({Role.CURATOR})),
    "curator of the owner": Viewer(user_id=SOMEBODY, institution_id=OWNER, roles=frozenset({Role.CURATOR})),
    "secretariat": Viewer(user_id=SOMEBODY, roles=frozenset({Role.SECRETARIAT})),
    "superuser": Viewer(user_id=SOMEBODY, is_superuser=True),
}
INSIDERS = {
    "contributor of the owner": Why.OWN_INSTITUTION,
    "member of the owner without a role": Why.OWN_INSTITUTION,
    "curator of the owner": Why.OWN_INSTITUTION,
    "superuser": Why.EMERGENCY,
}
CURATION = {"curator elsewhere": Why.CURATION, "secretariat": Why.CURATION}
MEMBERS = {"contributor elsewhere", "manager elsewhere"}
EMBARGOES = {"none": None, "over": TODAY, "tomorrow": TODAY + dt.timedelta(days=1)}


def expected(name: str, action: Action, standing: Standing, access: Access, embargo: str) -> Decision:
    """The table in other words than the code's: by who asks, not by order of checks."""
    if name in INSIDERS:
        return Decision(True, INSIDERS[name])
    if name in CURATION and standing is not Standing.DRAFT:
        return Decision(True, Why.CURATION)
    if standing is not Standing.PUBLISHED:
        return Decision(False, Why.NOT_PUBLISHED)
    if action is Action.VIEW_RECORD:
        return Decision(True, Why.PUBLIC)
    if embargo == "tomorrow":
        return Decision(False, Why.EMBARGO, WhatNext.WAIT)
    return {
        Access.PUBLIC: Decision(True, Why.PUBLIC),
        Access.MEMBERS: expected_for_members(name, action),
        Access.AGREEMENT: Decision(False, Why.BY_AGREEMENT, WhatNext.ASK_INSTITUTION),
    }[access]


def expected_for_members(name: str, action: Action) -> Decision:
    if name in MEMBERS:
        return Decision(True, Why.MEMBER)
    if action is Action.PREVIEW:
        return Decision(True, Why.PART_OF_RECORD)
    return Decision(False, Why.MEMBERS_ONLY, WhatNext.SIGN_IN if name == "anonymous" else WhatNext.ASK_INSTITUTION)


@pytest.mark.parametrize(
    ("name", "action", "standing", "access", "embargo"), list(itertools.product(VIEWERS, Action, Standing, Access, EMBARGOES))
)
def test_every_combination(name, action, standing, access, embargo):
    terms = Terms(institution_id=OWNER, standing=standing, access=access, embargo_until=EMBARGOES[embargo])
    assert may(VIEWERS[name], action, terms, today=TODAY) == expected(name, action, standing, access, embargo)


def test_a_refusal_always_says_why_and_an_unpublished_one_nothing_more():
    for name, standing, access in itertools.product(VIEWERS, Standing, Access):
        decision = may(VIEWERS[name], Action.DOWNLOAD, Terms(OWNER, standing, access), today=TODAY)
        if not decision.allowed and standing is Standing.PUBLISHED:
            assert decision.what_next is not WhatNext.NOTHING
        elif not decision.allowed:
            assert decision == Decision(False, Why.NOT_PUBLISHED)


def test_an_embargo_ends_on_its_day_without_anybody_doing_anything():
    terms = Terms(OWNER, Standing.PUBLISHED, Access.PUBLIC, embargo_until=dt.date(2027, 1, 1))
    assert not may(ANONYMOUS, Action.DOWNLOAD, terms, today=dt.date(2026, 12, 31)).allowed
    assert may(ANONYMOUS, Action.DOWNLOAD, terms, today=dt.date(2027, 1, 1)).allowed
