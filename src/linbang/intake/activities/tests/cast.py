"""Who plans in these tests, and a plan with nothing left to mend."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from linbang.foundation import events
from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import Refused
from linbang.foundation.organisations.factories import make_team, make_unit
from linbang.foundation.people.factories import make_actor, make_person, make_worker
from linbang.foundation.people.models import Person
from linbang.foundation.places.factories import COMMUNITY
from linbang.intake.activities import actions
from linbang.intake.activities.factories import BEFORE, SATURDAY
from linbang.intake.activities.models import Activity
from linbang.intake.activities.rules import (
    ActivityDetails,
    PlannedWindow,
    PlanParts,
    PostDetails,
    Window,
)

NOW = BEFORE
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
MORNING = Window(SATURDAY, SATURDAY + 2 * HOUR)


def make_officer(name: str = "陈静", *, region: str = COMMUNITY) -> Actor:
    """Make the head of a community, who reviews."""
    return make_worker(name, region=region, role=Role.COMMUNITY_OFFICER)


def make_team_leader(team=None, name: str = "周强") -> Actor:
    """Make the leader of a team, with no grant in any region."""
    team = team or make_team("帮帮队")
    person = make_person(name)
    return make_actor(person, Role.TEAM_LEADER, organisation_path=team.path)


def details_for(by: Actor, *, organiser=None, **changes: object) -> ActivityDetails:
    """Return what passes every gate; the actor is in charge."""
    organiser = organiser or make_unit()
    told = ActivityDetails(
        organiser_id=organiser.pk,
        region_code=organiser.region_id,
        name="清洁家园",
        categories=("0006",),
        content="一起打扫小区。",
        conditions="身体健康",
        place_name="小区广场",
        risk_text="注意防滑。",
        guarantees=("05",),
        declares_none_forbidden=True,
        leader_id=by.person_id,
        contact_name="梁敏",
        contact_phone="0771-5550100",
    )
    return replace(told, **changes)


def planned(*windows: Window, posts: tuple[PostDetails, ...] | None = None) -> PlanParts:
    """Return one post and its windows, a Saturday morning unless told."""
    return PlanParts(
        posts=(PostDetails("清扫", 5),) if posts is None else posts,
        windows=tuple(PlannedWindow(window) for window in windows or (MORNING,)),
    )


def make_draft(
    by: Actor, *, parts: PlanParts | None = None, key: str = "one-tap", now: datetime = NOW,
    **changes: object,
) -> Activity:  # fmt: skip
    """Make a draft by the action, ready to be published."""
    return actions.create_activity(
        details=details_for(by, **changes), parts=parts or planned(), key=key, by=by, now=now
    )


def make_published(by: Actor, *, now: datetime = NOW, **changes: object) -> Activity:
    """Make a published activity by the actions."""
    draft = make_draft(by, now=now, **changes)
    return actions.publish_activity(activity_id=draft.pk, by=by, now=now)


def later(window: Window, by: timedelta) -> Window:
    """Return a window so much later."""
    return Window(window.starts_at + by, window.ends_at + by)


def person_of(actor: Actor) -> Person:
    """Return who an actor is."""
    return Person.objects.get(pk=actor.person_id)


@contextmanager
def refused(code: str) -> Iterator[None]:
    """Expect one refusal by its code."""
    with pytest.raises(Refused) as refusal:
        yield
    assert refusal.value.code == code


@contextmanager
def heard(monkeypatch) -> Iterator[list[events.Event]]:
    """Gather the events announced inside; the product reacts to them as ever."""
    told: list[events.Event] = []
    reactions = events._reactions()

    class Listening(dict):
        def get(self, kind, default=None):
            return [told.append, *reactions.get(kind, ())]

    with monkeypatch.context() as patch:
        patch.setattr(events, "_reactions", Listening)
        yield told
