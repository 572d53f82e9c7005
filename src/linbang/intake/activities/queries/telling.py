"""Activities, shifts and edits as the API tells them."""

from datetime import datetime
from typing import Any

from linbang.intake.activities import rules
from linbang.intake.activities.models import Activity, Shift
from linbang.intake.activities.queries.activities import (
    ActivityRow,
    posts_of,
    shifts_of,
    steps_of,
)
from linbang.intake.activities.queries.plans import desks_of, plan_of

_PLAIN = (
    "public_id", "kind", "name", "state", "state_since", "categories", "beneficiaries", "version",
)  # fmt: skip
_FULL = (
    "content", "conditions", "place_name", "address", "longitude", "latitude", "radius_m",
    "audience", "mode", "has_waiting_list", "sign_up_opens_at", "sign_up_closes_at", "risk_text",
    "risk_version", "hazards", "guarantees", "guarantee_note", "with_minors", "is_outside_city",
    "wants_agreement", "needs_agreement", "allowance_fen", "allowance_reason",
    "declares_none_forbidden", "contact_name", "contact_phone", "people_served", "outcome",
)  # fmt: skip
_LINKS = ("leader", "policy", "brand", "campaign", "project", "key_period")


def activity_told(activity: Activity) -> dict[str, Any]:
    """Return an activity in short; organiser and region must be selected."""
    return {
        **{name: getattr(activity, name) for name in _PLAIN},
        "organiser": activity.organiser.public_id,
        "organiser_name": activity.organiser.name,
        "region_code": activity.region_id,
    }


def row_told(row: ActivityRow) -> dict[str, Any]:
    """Return one line of the console's list."""
    return {
        **activity_told(row.activity),
        "next_starts_at": row.next_shift.starts_at if row.next_shift else None,
        "next_ends_at": row.next_shift.ends_at if row.next_shift else None,
        "shifts_ahead": row.shifts,
        "places_ahead": row.places,
    }


def activity_told_in_full(activity: Activity, *, now: datetime) -> dict[str, Any]:
    """Return a plan with its parts, its history and what stands in its way."""
    gates = rules.gates_before(plan_of(activity), now=now)
    links = {name: getattr(activity, name) for name in _LINKS}
    return {
        **activity_told(activity),
        **{name: getattr(activity, name) for name in _FULL},
        **{name: link.public_id if link else None for name, link in links.items()},
        "posts": [
            {
                "public_id": post.public_id,
                "name": post.name,
                "tasks": post.tasks,
                "skills": post.skills,
                "qualifications": post.qualifications,
                "age_min": post.age_min,
                "age_max": post.age_max,
                "places": post.places,
                "places_min": post.places_min,
                "point": post.point.public_id if post.point else None,
                "desk": post.desk.number if post.desk else None,
            }
            for post in posts_of(activity)
        ],
        "desks": [
            {"number": desk.number, "department": desk.department, "topics": desk.topics}
            for desk in desks_of(activity)
        ],
        "steps": list(steps_of(activity).values("state", "at", "reason")),
        "gates": gates_told(gates),
    }


def gates_told(gates: tuple[rules.Gate, ...]) -> list[dict[str, str]]:
    """Return what stands in the way of publishing, as problems do."""
    return [{"field": g.field, "code": str(g.code), "detail": g.words} for g in gates]


def shift_told(shift: Shift) -> dict[str, Any]:
    """Return a shift; its post and series must be selected."""
    return {
        "public_id": shift.public_id,
        "post": shift.post.public_id,
        "series": shift.series.public_id if shift.series else None,
        "series_date": shift.series_date,
        "is_moved": shift.is_moved,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
        "places": shift.places,
        "places_min": shift.places_min,
        "state": shift.state,
        "cancel_reason": shift.cancel_reason,
    }


def edit_told(activity: Activity, plan: rules.EditPlan) -> dict[str, Any]:
    """Return what a change of a series does to each shift."""
    touched = {kept.shift_id for kept in (*plan.moves, *plan.stays)}
    touched |= {*plan.loose, *plan.cancels}
    named = dict(
        shifts_of(activity).filter(pk__in=touched).order_by().values_list("pk", "public_id")
    )
    return {
        "moved": [
            {
                "shift": named.get(kept.shift_id),
                "starts_at": kept.window.starts_at,
                "ends_at": kept.window.ends_at,
            }
            for kept in plan.moves
        ],
        "kept": [named.get(kept.shift_id) for kept in plan.stays]
        + [named.get(shift_id) for shift_id in plan.loose],
        "cancelled": [named.get(shift_id) for shift_id in plan.cancels],
        "added_dates": list(plan.adds),
    }
