"""One activity as its console page tells it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.people.models import Person
from linbang.intake.activities import rules
from linbang.intake.activities.choices import (
    ActivityState,
    Beneficiary,
    Guarantee,
    Hazard,
)
from linbang.intake.activities.models import Activity, Desk, Post, Qualification
from linbang.intake.activities.queries.activities import (
    authors_of,
    may_edit,
    posts_of,
    shifts_of,
    steps_of,
)
from linbang.intake.activities.queries.plans import desks_of, plan_of
from linbang.intake.activities.queries.rosters import DateRow, date_rows, series_of

_DATES_SHOWN = 6
_S = ActivityState


@dataclass(frozen=True)
class ActivitySheet:
    """What a page shows of one activity, and what the reader may do with it."""

    activity: Activity
    card: rules.Card
    posts: list[Post]
    desks: list[Desk]
    rhythms: list[str]
    dates: list[DateRow]
    shifts_ahead: int
    gates: tuple[rules.Gate, ...]
    flags: tuple[str, ...]
    causes: tuple[str, ...]
    hazards: tuple[str, ...]
    guarantees: tuple[str, ...]
    beneficiaries: tuple[str, ...]
    qualifications: dict[str, str]
    steps: list[dict[str, Any]]
    may: dict[str, bool]

    @property
    def public_address(self) -> str:
        """Where everybody looks at the activity; the pages of a later step stand there."""
        return f"/activities/{self.activity.public_id}/"


def sheet_of(activity: Activity, *, viewer: Actor, now: datetime) -> ActivitySheet:
    """Return an activity for its console page; a fixed number of queries.

    Select organiser, region, leader, policy and the programmes beforehand.
    """
    plan = plan_of(activity)
    ahead = shifts_of(activity).filter(ends_at__gt=now)
    asks = activity.state in (_S.DRAFT, _S.IN_REVIEW)
    return ActivitySheet(
        activity=activity,
        card=rules.card_of(plan),
        posts=list(posts_of(activity)),
        desks=desks_of(activity),
        rhythms=[rules.rhythm_words(one.rule, one.day_rule) for one in series_of(activity)],
        dates=date_rows(ahead[: _DATES_SHOWN * max(len(plan.posts), 1)])[:_DATES_SHOWN],
        shifts_ahead=ahead.count(),
        gates=rules.gates_before(plan, now=now) if asks else (),
        flags=rules.flags_in(plan.details, plan.posts),
        causes=tuple(
            str(cause.label) for cause in rules.agreement_causes(plan.details, plan.windows)
        ),
        hazards=_labels(Hazard, activity.hazards),
        guarantees=_labels(Guarantee, activity.guarantees),
        beneficiaries=_labels(Beneficiary, activity.beneficiaries),
        qualifications=_qualifications(plan.posts),
        steps=_timeline(activity),
        may=_powers(activity, viewer),
    )


def _labels(choices: Any, codes: list[str]) -> tuple[str, ...]:
    return tuple(str(choices(code).label) for code in codes)


def _qualifications(posts: tuple[rules.PostDetails, ...]) -> dict[str, str]:
    wanted = {code for post in posts for code in post.qualifications}
    found = Qualification.objects.filter(pk__in=wanted) if wanted else ()
    return {one.code: one.label for one in found}


def _timeline(activity: Activity) -> list[dict[str, Any]]:
    steps = list(steps_of(activity))
    ids = {step.by_id for step in steps if step.by_id} | {activity.created_by_id or 0}
    names = dict(Person.objects.filter(pk__in=ids).values_list("pk", "name"))
    first = {
        "title": ActivityState.DRAFT.label,
        "at": activity.created_at,
        "note": names.get(activity.created_by_id or 0, ""),
        "state": "done",
    }
    lines = [first] + [
        {
            "title": ActivityState(step.state).label,
            "at": step.at,
            "note": _note(names.get(step.by_id or 0, ""), step.reason),
            "state": "done",
        }
        for step in steps
    ]
    last = lines[-1]
    last["state"] = "stop" if activity.state == _S.CANCELLED else "now"
    return lines


def _note(name: str, reason: str) -> str:
    return f"{name}：{reason}" if name and reason else name or reason  # untranslated: punctuation


def _powers(activity: Activity, viewer: Actor) -> dict[str, bool]:
    """Return what the reader may do now; every action decides again."""
    state, edits = ActivityState(activity.state), may_edit(viewer, activity)
    reviews = viewer.may(Permission.REVIEW_ACTIVITIES, region=activity.region_id)
    is_own = viewer.person_id in authors_of(activity)
    return {
        "edit": edits and state in rules.EDITABLE,
        "publish": edits and state == _S.DRAFT,
        "review": reviews and state == _S.IN_REVIEW and not is_own,
        "wait": edits and state == _S.IN_REVIEW and (is_own or not reviews),
        "cancel": edits and state in (_S.DRAFT, _S.IN_REVIEW, _S.PUBLISHED),
        "delete": edits and state == _S.DRAFT and not steps_of(activity).exists(),
        "close": edits and state == _S.PUBLISHED,
        "extend": edits and state == _S.CLOSED and activity.extended_at is None,
        "sum_up": edits and state in (_S.PUBLISHED, _S.CLOSED),
    }


def activities_with_links(activities: Any) -> Any:
    """Select what a page of one activity names."""
    return activities.select_related(
        "organiser", "region", "leader", "policy", "brand", "campaign", "project", "key_period"
    )
