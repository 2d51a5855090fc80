"""Every reason has its sentence, in each of the ways an institution can be reached."""

import datetime as dt

import pytest
from django.utils import translation

from sharing.policies import Decision, WhatNext, Why
from sharing.wording import next_sentence, why_sentence


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize("why", Why)
def test_every_reason_is_a_sentence(why):
    sentence = why_sentence(Decision(allowed=False, why=why), institution_name="Severnside")
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "%" not in sentence


def test_an_embargo_names_its_day():
    decision = Decision(allowed=False, why=Why.EMBARGO, what_next=WhatNext.WAIT)
    sentence = why_sentence(decision, institution_name="Severnside", embargo_until=dt.date(2027, 3, 1))
    assert sentence == "Severnside releases the files of this resource on March 1, 2027."


@pytest.mark.parametrize(
    ("name", "email", "expected"),
    [
        ("Bronwen Attwell", "ask@severn.example", "Write to Bronwen Attwell"),
        ("", "ask@severn.example", "Write to Severnside"),
        ("", "", "Ask Severnside"),
    ],
)
def test_who_must_ask_is_told_whom(name, email, expected):
    decision = Decision(allowed=False, why=Why.BY_AGREEMENT, what_next=WhatNext.ASK_INSTITUTION)
    assert next_sentence(decision, institution_name="Severnside", contact_name=name, contact_email=email).startswith(expected)


def test_who_may_have_it_is_told_nothing_to_do():
    assert next_sentence(Decision(allowed=True, why=Why.PUBLIC), institution_name="S", contact_name="", contact_email="") == ""
