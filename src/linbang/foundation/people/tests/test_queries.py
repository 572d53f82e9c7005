import pytest

from linbang.foundation.people import queries
from linbang.foundation.people.factories import (
    make_actor,
    make_kinship,
    make_person,
)

pytestmark = pytest.mark.django_db


def names(people):
    return [person.name for person in people]


def test_resident_sees_self_and_confirmed_kin_only():
    mother, daughter = make_person("李秀英"), make_person("王芳")
    stranger = make_person("赵六")
    make_kinship(mother, daughter)
    make_kinship(stranger, daughter, confirmed=False)

    seen = queries.people_visible_to(make_actor(daughter)).order_by("id")

    assert names(seen) == ["李秀英", "王芳"]
