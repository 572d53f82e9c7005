"""The editor as one: the form and its rows, and what they tell together."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA
from linbang.foundation.errors import Refused
from linbang.foundation.organisations.queries import person_meant
from linbang.intake.activities import queries, rules
from linbang.intake.activities.forms.activities import ActivityForm
from linbang.intake.activities.forms.initial import (
    choices_for,
    desk_initial,
    initial_of,
    points_for,
    post_initial,
    window_initial,
)
from linbang.intake.activities.forms.rows import (
    DeskForm,
    PostForm,
    WindowForm,
    grown,
    rows_of,
)
from linbang.intake.activities.rules import (
    ActivityDetails,
    DeskDetails,
    PlannedWindow,
    PlanParts,
    PostDetails,
    Window,
)

PostRows = rows_of(PostForm, least=1)
DeskRows = rows_of(DeskForm)
WindowRows = rows_of(WindowForm, least=1)
GROWING = ("posts", "desks", "windows")


class Editor:
    """Everything a plan is told with, on one page."""

    def __init__(
        self, *, actor: Actor, now: datetime, activity: Any = None, data: Any = None
    ) -> None:
        for name in GROWING:
            if data is not None and f"add_{name}" in data:
                data = grown(data, name)
        self.actor, self.activity, self.now = actor, activity, now
        posts = list(queries.posts_of(activity)) if activity else []
        desks = queries.desks_of(activity) if activity else []
        self.before = queries.hand_windows(activity, posts) if activity else []
        choices = choices_for(actor, activity, now=now)
        self.form = ActivityForm(
            data, initial=initial_of(actor, activity, choices), choices=choices
        )
        row = {"points": points_for(actor), "qualifications": queries.qualifications()}
        self.posts = PostRows(
            data, prefix="posts", form_kwargs=row, initial=[post_initial(one) for one in posts]
        )
        self.desks = DeskRows(data, prefix="desks", initial=[desk_initial(one) for one in desks])
        self.windows = WindowRows(
            data, prefix="windows", form_kwargs={"posts": self.posts.total_form_count()},
            initial=[window_initial(one) for one in self.before],
        )  # fmt: skip

    @property
    def is_asking(self) -> bool:
        """Somebody pressed a button that saves nothing: one row more, or a look at the gates."""
        return any(name in self.form.data for name in ("check", *(f"add_{n}" for n in GROWING)))

    @property
    def status(self) -> int:
        """Give the HTTP status that fits: what was sent and comes back has something to mend."""
        return 422 if self.form.is_bound and not self.is_asking else 200

    def is_valid(self) -> bool:
        """Tell whether all of it can be stored."""
        # Each is looked at, so that all its errors are shown at once.
        parts = [part.is_valid() for part in (self.form, self.posts, self.desks, self.windows)]
        return all(parts)

    def details(self) -> ActivityDetails:
        """Return what was told. Raises NotFound, PersonUnclear."""
        told = self._told()
        words = self.form.cleaned_data.get("leader_other")
        return replace(told, leader_id=person_meant(self.actor, words).pk) if words else told

    def parts(self) -> PlanParts:
        """Return posts, desks and the windows that came or went. Raises NotFound."""
        windows, dropped = self._windows()
        return PlanParts(self._posts(), self._desks(), windows, dropped)

    def plan(self) -> rules.Plan:
        """Return what is typed as a plan, for the gates; what is wrong is left out."""
        if not self.form.is_bound:
            return self._plan_before()
        self.is_valid()
        details, parts = self._told(), self.parts()
        with suppress(Refused):
            details = self.details()
        return queries.plan_from(
            details,
            posts=parts.posts or (),
            desks=parts.desks or (),
            windows=parts.windows,
            activity=self.activity,
            dropped=parts.dropped,
        )

    def _plan_before(self) -> rules.Plan:
        if self.activity is not None:
            return queries.plan_of(self.activity)
        return queries.plan_from(self._start(), posts=(), desks=(), windows=())

    def _told(self) -> ActivityDetails:
        told, links = self.form.plain(), self.form.links()
        start = self._start()
        if links["organiser"] is None:
            del links["organiser"]
        region = told.get("region_code", start.region_code)
        return replace(start, **told, **queries.ids_of(self.actor, region, links))

    def _start(self) -> ActivityDetails:
        """Return what holds where nothing, or nothing right, is told."""
        if self.activity is not None:
            return queries.details_of(self.activity)
        shown = self.form.initial
        named = {name: shown[name] or None for name in ("organiser", "leader")}
        ids = queries.ids_of(self.actor, shown["region_code"], named)
        return ActivityDetails(
            organiser_id=ids["organiser_id"] or 0,
            region_code=shown["region_code"],
            name="",
            leader_id=ids["leader_id"],
            conditions=shown["conditions"],
            contact_name=shown["contact_name"],
        )

    def _posts(self) -> tuple[PostDetails, ...]:
        rows = [form.cleaned_data for form in self.posts.kept()]
        points = queries.point_ids(self.actor, [UUID(row["point"]) for row in rows if row["point"]])
        plain = ("name", "places", "public_id", "tasks", "age_min", "age_max", "desk")
        return tuple(
            PostDetails(
                **{name: row[name] for name in plain},
                places_min=1 if row["places_min"] is None else row["places_min"],
                skills=tuple(row["skills"]),
                qualifications=tuple(row["qualifications"]),
                point_id=points[UUID(row["point"])] if row["point"] else None,
            )
            for row in rows
        )

    def _desks(self) -> tuple[DeskDetails, ...]:
        return tuple(
            DeskDetails(
                form.cleaned_data["number"], form.cleaned_data["department"], form.topics_told()
            )
            for form in self.desks.kept()
        )

    def _windows(self) -> tuple[tuple[PlannedWindow, ...], tuple[Window, ...]]:
        """Return the windows that are new, and those of a draft that are no more."""
        told = list(dict.fromkeys(self._windows_told()))
        gone = {one.window for one in self.before if one not in told}
        # A new post stands in every window of all posts; a window of which a part went, and what
        # was not there, is planned. The rest may lie in the past, and is left alone.
        grows = any(not form.cleaned_data["public_id"] for form in self.posts.kept())
        new = [
            one
            for one in told
            if one not in self.before or one.window in gone or (grows and not one.posts)
        ]
        return tuple(new), tuple(sorted(gone))

    def _windows_told(self) -> list[PlannedWindow]:
        kept = self.posts.kept()
        # The place of a post on the page is another one once a row before it is taken out.
        places = {
            str(place): kept.index(form) + 1
            for place, form in enumerate(self.posts.forms, 1)
            if form in kept
        }
        rows = [form.cleaned_data for form in self.windows.kept()]
        return [
            PlannedWindow(_window(row), (places[row["post"]],) if row["post"] else ())
            for row in rows
            if not row["post"] or row["post"] in places
        ]


def _window(row: Mapping[str, Any]) -> Window:
    """Return a row's window as told; the action says when there can be none such."""
    starts_at = datetime.combine(row["date"], row["start_time"], CHINA)
    ends_at = datetime.combine(row["date"], row["end_time"], CHINA)
    return Window(starts_at, ends_at + timedelta(days=row["end_time"] == time(0)))
