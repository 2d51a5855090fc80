"""The table of catalogue.policies, cell by cell."""

import uuid

import pytest

from catalogue import policies
from members.models import Role
from members.viewer import ANONYMOUS, Viewer

OWN, OTHER = uuid.uuid4(), uuid.uuid4()


def viewer(*roles, institution=OWN, superuser=False):
    return Viewer(user_id=uuid.uuid4(), institution_id=institution, roles=frozenset(roles), is_superuser=superuser)


PEOPLE = {
    "anonymous": ANONYMOUS,
    "member": viewer(),
    "contributor": viewer(Role.CONTRIBUTOR),
    "manager": viewer(Role.MANAGER),
    "outside contributor": viewer(Role.CONTRIBUTOR, institution=OTHER),
    "curator": viewer(Role.CURATOR, institution=OTHER),
    "curator of no institution": viewer(Role.CURATOR, institution=None),
    "own curator": viewer(Role.CURATOR),
    "own curator and contributor": viewer(Role.CURATOR, Role.CONTRIBUTOR),
    "secretariat": viewer(Role.SECRETARIAT, institution=None),
    "superuser": viewer(institution=None, superuser=True),
}

MAY = {
    "edit": (lambda who: policies.may_edit(who, OWN), {"contributor", "manager", "own curator and contributor", "superuser"}),
    "judge": (lambda who: policies.may_judge(who, OWN), {"curator", "curator of no institution"}),
    "withdraw": (
        lambda who: policies.may_withdraw(who, OWN),
        {"contributor", "manager", "own curator and contributor", "secretariat", "superuser"},
    ),
    "move": (policies.may_move, {"secretariat", "superuser"}),
    "edit vocabularies": (policies.may_edit_vocabularies, {"secretariat", "superuser"}),
}


@pytest.mark.parametrize("action", MAY)
@pytest.mark.parametrize("person", PEOPLE)
def test_who_may(person, action):
    rule, allowed = MAY[action]
    assert rule(PEOPLE[person]) is (person in allowed)


def test_a_thing_of_no_institution_is_nobodys():
    assert not policies.may_judge(PEOPLE["curator"], None)
    assert not policies.may_edit(viewer(Role.CONTRIBUTOR, institution=None), None)
