"""Somebody walks up to a desk: known or not, signed up and signed in within a minute."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import local_date
from linbang.foundation.messaging.actions import send_sms
from linbang.foundation.people import actions as people
from linbang.foundation.people import rules as person_rules
from linbang.foundation.people.choices import RegistrationChannel
from linbang.foundation.people.models import Person
from linbang.intake.activities.models import Activity, Shift
from linbang.operations.clearance import actions as clearance
from linbang.operations.dispatch import actions as dispatch
from linbang.operations.dispatch.choices import SignUpChannel, SignUpState
from linbang.operations.dispatch.errors import ShiftFull
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service import errors, queries, rules
from linbang.operations.service.actions.attendances import Call, attendance_of, check_in_all
from linbang.operations.service.choices import AttendanceMethod
from linbang.operations.service.models import Attendance


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """What is typed at the desk. ``who``: an ID number, a phone or a volunteer number.

    Who is known needs nothing else; ``person`` chooses among a family on one phone. ``agreed`` and
    ``accepts_risk``: the person has read the texts on the leader's phone and ticked them herself.
    """

    who: str
    name: str = ""
    phone: str = ""
    region_code: str = ""
    agreed: bool = False
    accepts_risk: bool = False
    person: UUID | None = None


@dataclass(frozen=True)
class WalkIn:
    """Who was signed in, and whether registered just now."""

    person: Person
    is_new: bool
    attendance: Attendance


@transaction.atomic
def walk_in(
    *, activity_id: int, shift: UUID, visitor: Visitor, key: str = "", by: Actor, now: datetime
) -> WalkIn:
    """Sign somebody at a desk in to a shift, registering her first if nobody knows her.

    Repeating changes nothing. Raises NotFound for who does not lead the activity, NoShiftNow,
    VisitorUnknown (with what is missing), SeveralAtPhone, ConsentNeeded, NotForOneself, and what
    registration, sign-up and check-in refuse.
    """
    activity = queries.activity_led_by(by, activity_id)
    place = queries.shift_to_walk_into(activity, shift, now)
    if place is None:
        raise errors.NoShiftNow
    person, is_new = _person_at_desk(activity, place, visitor, by=by, now=now)
    rules.require_others([person.pk], by=by.person_id)
    if visitor.accepts_risk:
        for kind in queries.texts_to_accept(activity):
            clearance.accept(
                kind=kind, activity_id=activity.pk, person_id=person.pk, by=by, now=now
            )
    sign_up = _placed(place, person, key, by=by, now=now)
    call = Call(
        person_id=person.pk,
        method=AttendanceMethod.ROLL,
        at=now,
        sign_up=sign_up.public_id,
        key=key,
    )
    [answer] = check_in_all(activity=activity, calls=[call], by=by, now=now)
    return WalkIn(person, is_new, attendance_of(answer, activity))


def _person_at_desk(
    activity: Activity, shift: Shift, visitor: Visitor, *, by: Actor, now: datetime
) -> tuple[Person, bool]:
    known = queries.people_known_by(visitor.who, today=local_date(now))
    if visitor.person is not None:
        known = [person for person in known if person.public_id == visitor.person]
    if len(known) > 1:
        raise errors.SeveralAtPhone(field="person")
    person = known[0] if known else _registered(activity, visitor, by=by, now=now)
    if not known or not queries.is_serving(person):
        if not visitor.agreed:
            raise errors.ConsentNeeded(field="agreed")
        offer = rules.offer_at(activity.categories, shift.starts_at)
        person = people.enrol_on_site(person_id=person.pk, offer=offer, by=by, now=now)
    return person, not known


def _registered(activity: Activity, visitor: Visitor, *, by: Actor, now: datetime) -> Person:
    for field in ("name", "phone"):
        if not getattr(visitor, field).strip():
            raise errors.VisitorUnknown(field=field)
    person = people.register_on_site(
        details=person_rules.Registration(
            name=visitor.name,
            document_number=visitor.who,
            phone=visitor.phone,
            region_code=visitor.region_code,
            channel=RegistrationChannel.ORGANISATION,
        ),
        by=by,
        now=now,
    )
    if person_rules.is_mobile(person.phone):
        # Whoever's number this is hears of it: a name nobody gave cannot stay unnoticed.
        send_sms(
            phone=person.phone,
            template="registered_on_site",
            params={"item": activity.name},
            key=f"registered-on-site:{person.pk}",
            cell=person.cell,
            now=now,
        )
    return person


def _placed(shift: Shift, person: Person, key: str, *, by: Actor, now: datetime) -> SignUp:
    """Give a confirmed place; whoever asked, or is kept one, has it now."""
    sign_up = dispatch.sign_up(
        shift=shift.public_id,
        person_id=person.pk,
        by=by.on_behalf_of(person.pk),
        now=now,
        channel=SignUpChannel.WALK_IN,
        key=key,
    )
    if sign_up.state == SignUpState.REQUESTED:
        # The leader, who decides about requests, stands here: the request becomes a place at once.
        dispatch.withdraw_sign_up(sign_up_id=sign_up.pk, by=by, now=now)
        return _placed(shift, person, key, by=by, now=now)
    if sign_up.state == SignUpState.HELD:
        raise errors.PlaceIsHeld
    if sign_up.state == SignUpState.WAITING:
        raise ShiftFull
    return sign_up
