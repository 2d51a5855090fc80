"""The day of somebody's visit before this one."""

import datetime as dt

import pytest

from core import clock
from members.models import User
from members.visits import day_of_visit_before
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    """Let somebody look through the library at a moment, and return the day of their visit before."""
    person = make_user()

    def visit(day, hour=12):
        with clock.travel(dt.datetime(2025, 11, day, hour, tzinfo=dt.UTC)):
            return day_of_visit_before(User.objects.get(pk=person.pk))

    return visit


def test_the_first_visit_has_none_before_it(visit):
    assert visit(3) is None
    assert visit(3, hour=23) is None


def test_the_next_day_it_is_the_day_before(visit):
    visit(3)
    assert visit(9) == dt.date(2025, 11, 3)
    assert visit(12) == dt.date(2025, 11, 9)


def test_looking_in_again_on_the_same_day_changes_nothing(visit):
    visit(3)
    assert {visit(9, hour=hour) for hour in (0, 8, 23)} == {dt.date(2025, 11, 3)}


def test_two_pages_opened_at_once_are_one_visit(visit):
    visit(3)
    one, other = User.objects.get(), User.objects.get()
    with clock.travel(dt.datetime(2025, 11, 9, tzinfo=dt.UTC)):
        assert [day_of_visit_before(person) for person in (one, other)] == [dt.date(2025, 11, 3)] * 2


def test_it_writes_once_a_day(visit, django_assert_num_queries):
    visit(3)
    visit(9)
    with django_assert_num_queries(1):  # the test's own reading of the person
        visit(9)
