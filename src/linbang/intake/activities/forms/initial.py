"""What the editor shows before anybody typed, and what can be chosen in it."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA, local_date
from linbang.intake.activities import queries
from linbang.intake.activities.choices import ActivityKind, Audience, SignUpMode
from linbang.intake.activities.forms.activities import CHOICES_MAX, LOCAL
from linbang.intake.activities.rules import PlannedWindow

_LINKS = ("organiser", "leader", "policy", "brand", "campaign", "project", "key_period")


def choices_for(actor: Actor, activity: Any, *, now: datetime) -> dict[str, list[Any]]:
    """Return what can be chosen; what an activity has already stays on offer."""
    organisers = list(queries.organisers_for(actor)[:CHOICES_MAX])
    organiser = activity.organiser if activity else next(iter(organisers), None)
    region = activity.region_id if activity else getattr(organiser, "region_id", "")
    found = {
        "organiser": organisers,
        "region_code": queries.regions_to_plan_in(actor)[:CHOICES_MAX],
        "leader": queries.leaders_for(actor, organiser),
        "policy": queries.policies_in_force(actor, now=now)[:CHOICES_MAX],
        **queries.programmes_for(region, today=local_date(now)),
    }
    return {name: _with_own(getattr(activity, name, None), rows) for name, rows in found.items()}


def _with_own(own: Any, rows: Any) -> list[Any]:
    rows = list(rows)
    return rows if own is None or own in rows else [own, *rows]


def points_for(actor: Actor) -> list[Any]:
    """Return the duty points a post may stand at."""
    return list(queries.points_visible_to(actor).filter(closed_at=None)[:CHOICES_MAX])


def initial_of(actor: Actor, activity: Any, choices: Mapping[str, list[Any]]) -> dict[str, Any]:
    """Return what the form shows: an activity, or a new one with what is usual."""
    if activity is None:
        return _usual(actor, choices)
    told: dict[str, Any] = {**vars(queries.details_of(activity)), "key": activity.key}
    for name in _LINKS:
        linked = getattr(activity, name)
        told[name] = linked.public_id if linked else ""
    for name in ("sign_up_opens_at", "sign_up_closes_at"):
        told[name] = told[name].astimezone(CHINA).strftime(LOCAL) if told[name] else ""
    fen = told.pop("allowance_fen")
    return {**told, "allowance": f"{fen / 100:g}" if fen else "", "version": activity.version}


def _usual(actor: Actor, choices: Mapping[str, list[Any]]) -> dict[str, Any]:
    organiser = next(iter(choices["organiser"]), None)
    regions = [region.code for region in choices["region_code"]]
    home = getattr(organiser, "region_id", "")
    me = next((one for one in choices["leader"] if one.pk == actor.person_id), None)
    return {
        "key": uuid.uuid4().hex,
        "kind": ActivityKind.GATHERING.value,
        "organiser": getattr(organiser, "public_id", ""),
        "region_code": home if home in regions else next(iter(regions), ""),
        "radius_m": 200,
        "audience": Audience.EVERYONE.value,
        "mode": SignUpMode.INSTANT.value,
        "has_waiting_list": True,
        "conditions": _("身体健康，能按时参加。"),
        "leader": getattr(me, "public_id", ""),
        "contact_name": getattr(me, "name", ""),
    }


def post_initial(post: Any) -> dict[str, Any]:
    """Return a post as its row shows it."""
    names = (
        "public_id", "name", "places", "places_min", "tasks", "age_min", "age_max", "skills",
        "qualifications",
    )  # fmt: skip
    return {
        **{name: getattr(post, name) for name in names},
        "point": post.point.public_id if post.point else "",
        "desk": post.desk.number if post.desk else None,
    }


def desk_initial(desk: Any) -> dict[str, Any]:
    """Return a desk as its row shows it."""
    return {
        "number": desk.number,
        "department": desk.department,
        "topics": pgettext("list", "、").join(desk.topics),
    }


def window_initial(one: PlannedWindow) -> dict[str, Any]:
    """Return a window as its row shows it."""
    start = one.window.starts_at.astimezone(CHINA)
    return {
        "date": start.date(),
        "start_time": start.time(),
        "end_time": one.window.ends_at.astimezone(CHINA).time(),
        "post": str(one.posts[0]) if one.posts else "",
    }
