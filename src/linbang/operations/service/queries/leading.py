"""Whose activities somebody leads, and what the leader's door needs to know of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import prefix_range
from linbang.intake.activities.choices import ActivityState
from linbang.intake.activities.models import Activity
from linbang.operations.service import rules
from linbang.operations.service.queries.visits import CodeNow


@dataclass(frozen=True)
class Sign:
    """What the screen at the entrance shows: the digits, how long they hold, what the QR says."""

    code: CodeNow
    address: str


def activities_led_by(actor: Actor) -> QuerySet[Activity]:
    """Return the published activities that the actor leads on the spot (``rules.leads``)."""
    activities = Activity.objects.select_related("organiser").exclude(
        state__in=[ActivityState.DRAFT, ActivityState.IN_REVIEW]
    )
    if actor.is_system:
        return activities
    led = within_any("region_id", actor.regions_for(Permission.LEAD_SHIFTS))
    if actor.person_id is not None:
        led |= Q(leader_id=actor.person_id)
    for path in actor.organisations_for(Permission.LEAD_SHIFTS):
        low, high = prefix_range(path)
        led |= Q(organiser__path__gte=low, organiser__path__lt=high)
    return activities.filter(led)


def activity_led_by(actor: Actor, activity_id: int) -> Activity:
    """Return one activity the actor leads. Raises NotFound."""
    activity = Activity.objects.select_related("organiser").filter(pk=activity_id).first()
    if activity is None or not is_led_by(actor, activity):
        raise NotFound
    return activity


def is_led_by(actor: Actor, activity: Activity) -> bool:
    """Tell whether the actor leads the shifts of an activity."""
    leadership = rules.Leadership(activity.leader_id, activity.organiser.path, activity.region_id)
    return rules.leads(actor, leadership)


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
