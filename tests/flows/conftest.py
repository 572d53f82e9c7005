"""The stage: one building, its cast, a clock that can be set, and jobs that run when told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA
from linbang.foundation.people.choices import ServiceCategory, Sex, Skill
from linbang.foundation.people.factories import (
    make_actor,
    make_kinship,
    make_person,
    make_volunteer,
    make_worker,
)
from linbang.foundation.people.models import Person
from linbang.foundation.places.factories import BUILDING, COMMUNITY, NEIGHBOUR_COMMUNITY
from linbang.intake.needs.factories import make_catalogue

# A Tuesday morning; the State Council's calendar of that year is known.
MORNING = datetime(2026, 5, 12, 9, 0, tzinfo=CHINA)


@dataclass
class Cast:
    """Everybody with a part in a need's life."""

    elder: Person
    daughter: Person
    volunteer: Person
    second: Person
    building_head: Actor
    worker: Actor
    colleague: Actor
    street: Actor
    outsider: Person


class Clock:
    """The product's one clock, set by hand."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock_set(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Set the clock that views, jobs and API read; all below is told the time anyway."""
    hands = Clock()
    monkeypatch.setattr(clock, "now", hands)
    return hands


@pytest.fixture
def cast(clock_set: Clock) -> Cast:
    now = clock_set.now
    make_catalogue()
    elder = make_person("李秀英", birth_date=datetime(1944, 3, 8, tzinfo=CHINA).date(), now=now)
    daughter = make_person("陈晓燕", region=NEIGHBOUR_COMMUNITY, now=now)
    make_kinship(elder, daughter, now=now)
    head = make_person("覃桂芳", now=now)
    return Cast(
        elder=elder,
        daughter=daughter,
        volunteer=_helper("黄建国", now),
        second=_helper("王强", now),
        building_head=make_actor(head, Role.BUILDING_HEAD, region=BUILDING),
        worker=make_worker("梁敏"),
        colleague=make_worker("张静"),
        street=make_worker("陆文涛", region=COMMUNITY[:9], role=Role.STREET_OFFICER),
        outsider=make_person("路人甲", region=NEIGHBOUR_COMMUNITY, now=now),
    )


def _helper(name: str, now: datetime) -> Person:
    return make_volunteer(
        name,
        skills=(Skill.MEDICAL, Skill.NURSING, Skill.DRIVING),
        categories=tuple(ServiceCategory),
        sex=Sex.MALE,
        birth_date=datetime(1962, 1, 1, tzinfo=CHINA).date(),
        now=now,
    ).person


@pytest.fixture
def api() -> Callable[..., Any]:
    """Call the API as somebody: ``api(person, "post", "/needs", {...})`` → (status, answer)."""

    def call(who: Any, method: str, path: str, body: object = None) -> tuple[int, Any]:
        client = client_of(who)
        send = getattr(client, method)
        response = (
            send(f"/api/v1{path}")
            if body is None and method == "get"
            else send(f"/api/v1{path}", body or {}, content_type="application/json")
        )
        return response.status_code, response.json() if response.content else None

    return call


@pytest.fixture
def run_jobs() -> Callable[[], list[str]]:
    """Run the jobs that wait, in their order, as the worker would; return their names."""

    def run() -> list[str]:
        done = []
        while jobs := list(ProcrastinateJob.objects.filter(status="todo").order_by("id")):
            for job in jobs:
                with connection.cursor() as cursor:
                    cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])
                app.tasks[job.task_name](**job.args)
                done.append(job.task_name)
        return done

    return run

