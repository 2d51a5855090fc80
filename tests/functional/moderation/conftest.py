"""The people and the submission that the stories are about."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from tests.factories.catalogue import make_submitted
from tests.factories.members import make_institution, make_superuser, make_user


@dataclass
class Scene:
    """One institution that submits, another one, and everybody who might want to interfere. `submission` waits."""

    owner: Any
    other: Any
    people: dict
    submission: Any

    @property
    def task_state(self):
        return self.submission.current_workflow_task_state

    def client(self, who):
        client = Client(raise_request_exception=True)
        client.force_login(self.people[who])
        return client


@pytest.fixture
def scene(db):
    owner, other = make_institution(name="Severn Festival"), make_institution(name="Danube Days")
    people = {
        "author": make_user("contributor", institution=owner),
        "colleague": make_user("contributor", institution=owner),
        "manager": make_user("manager", institution=owner),
        "outsider": make_user("contributor", institution=other),
        "outside_manager": make_user("manager", institution=other),
        "curator": make_user("curator", institution=other),
        "own_curator": make_user("curator", institution=owner),
        "own_curator_contributor": make_user("curator", "contributor", institution=owner),
        "secretariat": make_user("secretariat"),
        "superuser": make_superuser(),
        "member": make_user(institution=other),
    }
    submission = make_submitted(owner, by=people["author"], title="Secret soap boats", slug="secret-soap-boats")
    return Scene(owner, other, people, submission)
