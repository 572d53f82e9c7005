"""Collect activities with their posts, desks, rhythms and shifts; then write each table once."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from django.db import models

from linbang.demo.actions.copying import Numbers, copy_in, numbered
from linbang.foundation.clock import CHINA
from linbang.foundation.organisations.models import Organisation
from linbang.intake.activities.choices import ActivityState
from linbang.intake.activities.models import (
    Activity,
    ActivityStep,
    Desk,
    Post,
    Series,
    Shift,
)

PHONE = "0771-0000000"
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ORDER = (Activity, ActivityStep, Desk, Post, Series, Shift)


class Plan:
    """The rows of many activities; ids are given at once, so that others can point at them."""

    def __init__(self) -> None:
        self.rows: defaultdict[type[models.Model], list[models.Model]] = defaultdict(list)
        self.positions: defaultdict[int, int] = defaultdict(int)
        self.numbers = Numbers()

    def activity(
        self,
        organiser: Organisation,
        *,
        key: str,
        name: str,
        created_at: datetime,
        **columns: object,
    ) -> Activity:
        """Add an activity as a draft; ``step`` brings it further."""
        activity = Activity(
            **{
                "cell": organiser.cell,
                "key": key,
                "organiser": organiser,
                "region_id": organiser.region_id,
                "name": name,
                "contact_name": organiser.name[:50],
                "contact_phone": PHONE,
                "guarantees": ["05", "08"],
                "declares_none_forbidden": True,
                "created_at": created_at,
                "state_since": created_at,
                **columns,
            }
        )
        activity.needs_agreement = activity.wants_agreement or bool(activity.hazards)
        self._add(activity)
        self.step(activity, ActivityState.DRAFT, at=created_at)
        return activity

    def step(
        self,
        activity: Activity,
        state: ActivityState,
        *,
        at: datetime,
        by_id: int | None = None,
        reason: str = "",
    ) -> None:
        """Bring an activity further."""
        activity.state, activity.state_since = state, at
        self._add(
            ActivityStep(
                cell=activity.cell, activity=activity, state=state, at=at, by_id=by_id,
                reason=reason
            )
        )  # fmt: skip

    def post(self, activity: Activity, name: str, *, places: int, **columns: object) -> Post:
        """Add a post of an activity."""
        self.positions[activity.pk] += 1
        post = Post(
            **{
                "cell": activity.cell,
                "activity": activity,
                "position": self.positions[activity.pk],
                "name": name,
                "places": places,
                "places_min": max(1, places // 2),
                **columns,
            }
        )
        self._add(post)
        return post

    def desk(self, activity: Activity, number: int, department: str, topics: list[str]) -> Desk:
        """Add a booth of a consult event."""
        desk = Desk(
            cell=activity.cell,
            activity=activity,
            number=number,
            department=department,
            topics=topics,
        )
        self._add(desk)
        return desk

    def series(
        self,
        activity: Activity,
        rule: str,
        *,
        starts_on: date,
        ends_on: date,
        at: time,
        minutes: int,
        **columns: object,
    ) -> Series:
        """Add the rhythm of an activity."""
        series = Series(
            cell=activity.cell, activity=activity, rule=rule, starts_on=starts_on, ends_on=ends_on,
            start_time=at, minutes=minutes, created_at=activity.created_at, **columns,
        )  # fmt: skip
        self._add(series)
        return series

    def shift(
        self,
        post: Post,
        starts_at: datetime,
        ends_at: datetime,
        *,
        places: int = 0,
        series: Series | None = None,
        day: date | None = None,
    ) -> Shift:
        """Add a shift of a post; of a rhythm with the date it gave."""
        count = places or post.places
        shift = Shift(
            cell=post.cell, activity=post.activity, post=post, series=series, series_date=day,
            starts_at=starts_at, ends_at=ends_at, places=count,
            places_min=min(post.places_min, count),
        )  # fmt: skip
        self._add(shift)
        return shift

    def write(self) -> None:
        """Write everything collected, and forget it."""
        for model in _ORDER:
            rows = self.rows.pop(model, [])
            numbered([row for row in rows if row.pk is None])
            copy_in(rows)

    def _add(self, row: models.Model) -> None:
        if not isinstance(row, ActivityStep):
            self.numbers.give(row)
        self.rows[type(row)].append(row)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return a moment of a day in China."""
    return datetime.combine(day, time(hour, minute), CHINA)


def plus(moment: datetime, minutes: int) -> datetime:
    """Return a moment some minutes later."""
    return moment + timedelta(minutes=minutes)
