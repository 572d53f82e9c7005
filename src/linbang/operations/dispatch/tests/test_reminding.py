"""Reminders: once for each mark, to whom they still concern."""

from datetime import timedelta

import pytest

from linbang.foundation.messaging.models import Notice, OutboxMessage
from linbang.foundation.people.factories import make_person, make_volunteer
from linbang.intake.activities.models import Shift
from linbang.operations.dispatch import actions
from linbang.operations.dispatch.factories import make_open_shift, make_sign_up
from linbang.operations.dispatch.tests.crowd import BEFORE, LONG_AGO, SATURDAY, actor, someone

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def reminders(person) -> list[str]:
    mine = Notice.objects.filter(person_id=person.pk).order_by("id")
    return list(mine.values_list("template", flat=True))


def test_day_before_and_two_hours_before_once_each():
    person = someone()
    make_sign_up(make_open_shift(), person)

    told = [
        actions.remind_people(now=now)
        for now in (
            SATURDAY - DAY - timedelta(seconds=1),
            SATURDAY - DAY,
            SATURDAY - 23 * HOUR,
            SATURDAY - 2 * HOUR,
            SATURDAY - HOUR,
            SATURDAY,
        )
    ]

    assert told == [0, 1, 0, 1, 0, 0]
    assert reminders(person) == ["shift_day_before", "shift_soon"]
    assert OutboxMessage.objects.get().template == "shift_day_before"


def test_who_joined_after_the_mark_is_reminded_of_the_next_only():
    late = someone()
    make_sign_up(make_open_shift(), late, now=SATURDAY - 20 * HOUR)

    actions.remind_people(now=SATURDAY - 19 * HOUR)
    actions.remind_people(now=SATURDAY - 2 * HOUR)

    assert reminders(late) == ["shift_soon"]


def test_who_left_or_waits_is_not_reminded():
    shift = make_open_shift(places=1)
    gone, waiting = someone(), someone("乙二")
    sign_up = make_sign_up(shift, gone)
    make_sign_up(shift, waiting, waits=True)
    actions.withdraw_sign_up(sign_up_id=sign_up.pk, by=actor(gone), now=BEFORE)

    assert actions.remind_people(now=SATURDAY - DAY) == 0


def test_moved_shift_is_reminded_of_anew():
    person = someone()
    sign_up = make_sign_up(make_open_shift(), person)
    actions.remind_people(now=SATURDAY - DAY)
    Shift.objects.filter(pk=sign_up.shift_id).update(
        starts_at=SATURDAY + DAY, ends_at=SATURDAY + DAY + HOUR
    )

    assert actions.remind_people(now=SATURDAY) == 1
    assert OutboxMessage.objects.count() == 2


def test_after_a_break_the_mark_is_made_up_and_nobody_without_phone_gets_a_text():
    profile = make_volunteer(
        person=make_person("韦奶奶", phone="", has_account=False, now=LONG_AGO), now=LONG_AGO
    )
    make_sign_up(make_open_shift(), profile.person)

    assert actions.remind_people(now=SATURDAY - 4 * HOUR) == 1
    assert reminders(profile.person) == ["shift_day_before"]
    assert not OutboxMessage.objects.exists()
