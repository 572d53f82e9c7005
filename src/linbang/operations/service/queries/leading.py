"""Whose activities somebody leads, and what the leader's door needs to know of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.people.models import Person
from linbang.intake.activities.choices import ActivityState
from linbang.intake.activities.models import Activity
from linbang.operations.dispatch import queries as dispatch
from linbang.operations.service import rules
from linbang.operations.service.queries.visits import CodeNow


@dataclass(frozen=True)
class Sign:
    """What the screen at the entrance shows: the digits, how long they hold, what the QR says."""

    code: CodeNow
    address: str


def activities_led_by(actor: Actor) -> QuerySet[Activity]:
    """Return the activities, once published, whose shifts the actor leads on the spot."""
    return (
        Activity.objects.select_related("organiser")
        .exclude(state__in=[ActivityState.DRAFT, ActivityState.IN_REVIEW])
        .filter(dispatch.led_by(actor))
    )


def activity_led_by(actor: Actor, activity_id: int) -> Activity:
    """Return one activity the actor leads. Raises NotFound."""
    activity = activities_led_by(actor).filter(pk=activity_id).first()
    if activity is None:
        raise NotFound
    return activity


def people_to_alarm(activity: Activity) -> list[Person]:
    """Return whom an incident alarms: the named leader, and who leads for the organiser or near."""
    holders = dispatch.holders_at(activity.region_id, dispatch.paths_above(activity.organiser.path))
    leader = [activity.leader_id] if activity.leader_id is not None else []
    return list(Person.objects.filter(pk__in=[*leader, *holders], closed_at=None).order_by("id"))


def activity_code(activity: UUID, now: datetime) -> CodeNow:
    """Return an activity's check-in code of the moment."""
    return CodeNow(rules.code_at(_secret(activity), now), rules.seconds_left(now))


def is_activity_code(activity: UUID, code: str, now: datetime) -> bool:
    """Tell whether six digits are an activity's code of the last minute."""
    return rules.is_right_code(_secret(activity), code.strip(), now)


def sign_of(activity: UUID, *, origin: str, now: datetime) -> Sign:
    """Return what to show at the entrance; ``origin`` is the site's scheme and host."""
    code = activity_code(activity, now)
    return Sign(code, rules.check_in_address(origin, activity, code.digits))


def _secret(activity: UUID) -> str:
    return rules.activity_secret(settings.SECRET_KEY.encode(), activity)
