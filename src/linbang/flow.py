"""The product on one screen: which event leads to which action.

``WITHIN`` runs in the transaction that announced the event: an invariant, all or nothing.
``AFTER`` names jobs deferred in that same transaction: at least once, safe to run twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from procrastinate.contrib.django import app

from linbang.foundation.access.events import SignInCodeIssued
from linbang.foundation.access.rules import Actor
from linbang.foundation.events import Event, Reactions
from linbang.foundation.messaging import actions as messaging
from linbang.foundation.people.choices import ConsentKind
from linbang.foundation.people.events import (
    ConsentWithdrawn,
    PersonClosed,
    RegistrationDisputeAnswered,
    VolunteerEnded,
)
from linbang.intake.activities.events import (
    ActivityChanged,
    ShiftPlacesChanged,
    ShiftsCancelled,
    ShiftsDropped,
    ShiftsMoved,
    ShiftsPlanned,
)
from linbang.intake.care import actions as care
from linbang.intake.needs import actions as needs
from linbang.intake.needs.events import NeedDeclined, NeedLapsed, NeedVerified, NeedWithdrawn
from linbang.operations.clearance import actions as clearance
from linbang.operations.clearance.events import CredentialRevoked, GuardianConsentWithdrawn
from linbang.operations.dispatch import actions as dispatch
from linbang.operations.dispatch.events import (
    AssignmentEnded,
    OfferAccepted,
    OfferRefused,
    PlacesAdded,
    PlanAsked,
    PlanPublished,
    SignUpsEnded,
)
from linbang.operations.service import actions as service
from linbang.operations.service.events import AttendanceEnded, RollsClosed, VisitEnded
from linbang.operations.service_records import actions as service_records
from linbang.operations.service_records.events import (
    RecordCorrected,
    RecordRestored,
    RecordsVerified,
    RecordVoided,
)
from linbang.outcomes.certificates import actions as certificates
from linbang.outcomes.time_bank import actions as time_bank

# What a worker would have typed: stored with the listing, in the language of the register.
_CONSENT_WITHDRAWN = "撤回同意"  # untranslated: stored, not shown as ours
_REGISTRATION_CLOSED = "注销登记"  # untranslated: stored, not shown as ours


def _end_care(event: Any, reason: str) -> int:
    return care.end_listings_of(
        person_id=event.person_id, reason=reason, by=Actor.system(event.cell), now=event.at
    )


def _release(event: Any) -> None:
    by = Actor.system(event.cell)
    dispatch.release_volunteer(person_id=event.person_id, by=by, now=event.at)
    dispatch.release_person(person_id=event.person_id, by=by, now=event.at)
    is_gone = isinstance(event, PersonClosed)
    dispatch.end_pairings_of(person_id=event.person_id, is_gone=is_gone, by=by, now=event.at)


def _with_shifts(act: Callable[..., object]) -> Callable[[Any], object]:
    """Let an action follow the shifts of an event, all of them at once."""
    return lambda event: act(shift_ids=event.shift_ids, by=Actor.system(event.cell), now=event.at)


def _supersede_certificates(event: Any) -> None:
    certificates.supersede_certificates(record_id=event.record_id, cell=event.cell, now=event.at)


def _with_need(act: Callable[..., object]) -> Callable[[Any], object]:
    """Let an action follow the need of an event."""
    return lambda event: act(need_id=event.need_id, cell=event.cell, now=event.at)


def _revise_calendar(event: Any) -> None:
    service.revise_calendar(shift_ids=event.shift_ids, now=event.at)


WITHIN: Mapping[type[Event], Sequence[Callable[[Any], object]]] = {
    # A code that was issued is on its way, or was never issued.
    SignInCodeIssued: [
        lambda event: messaging.send_sms(
            phone=event.phone,
            template=f"{event.purpose}_code",
            params={"code": event.code},
            key=f"sign-in-code:{event.code_id}",
            cell=event.cell,
            now=event.at,
        )
    ],
    # Whoever said "it was not me" hears what was found.
    RegistrationDisputeAnswered: [
        lambda event: messaging.send_sms(
            phone=event.phone,
            template="registration_ended" if event.was_ended else "registration_kept",
            params={},
            key=f"registration-dispute:{event.dispute_id}",
            cell=event.cell,
            now=event.at,
        )
    ],
    # A care category rests on a consent of its own, and ends with it.
    ConsentWithdrawn: [
        lambda event: event.kind == ConsentKind.SENSITIVE and _end_care(event, _CONSENT_WITHDRAWN)
    ],
    # Whoever is gone asks for nothing more, and whoever serves no more is promised nowhere.
    PersonClosed: [
        lambda event: _end_care(event, _REGISTRATION_CLOSED),
        lambda event: needs.withdraw_all_of(
            person_id=event.person_id,
            reason=_REGISTRATION_CLOSED,
            by=Actor.system(event.cell),
            now=event.at,
        ),
        lambda event: clearance.release_person(
            person_id=event.person_id, by=Actor.system(event.cell), now=event.at
        ),
        _release,
        # What she had saved waits for the station to pass it on.
        lambda event: time_bank.open_estate(person_id=event.person_id, now=event.at),
    ],
    VolunteerEnded: [_release],
    # A shift has its places from the moment it is planned; its people follow what becomes of it.
    ShiftsPlanned: [lambda event: dispatch.open_places(shift_ids=event.shift_ids)],
    ShiftsDropped: [lambda event: dispatch.drop_places(shift_ids=event.shift_ids)],
    ShiftPlacesChanged: [_with_shifts(dispatch.resize_places)],
    # Calendars elsewhere take an entry anew when its revision rises.
    ShiftsMoved: [_with_shifts(dispatch.move_sign_ups), _revise_calendar],
    ShiftsCancelled: [_with_shifts(dispatch.release_shifts), _revise_calendar],
    ActivityChanged: [
        lambda event: dispatch.tell_of_change(activity_id=event.activity_id, now=event.at),
        lambda event: service.revise_activity(activity_id=event.activity_id, now=event.at),
    ],
    # Whoever may not go any more holds no place either.
    GuardianConsentWithdrawn: [
        lambda event: dispatch.release_uncleared(
            person_id=event.person_id,
            activity_id=event.activity_id,
            by=Actor.system(event.cell),
            now=event.at,
        )
    ],
    CredentialRevoked: [
        lambda event: dispatch.release_uncleared(
            person_id=event.person_id, by=Actor.system(event.cell), now=event.at
        )
    ],
    # What was promised to pay for a need follows it; a helper who is on the way has her share.
    NeedVerified: [_with_need(time_bank.review_payment)],
    NeedDeclined: [_with_need(time_bank.release_unserved)],
    NeedLapsed: [_with_need(time_bank.release_unserved)],
    # Whoever was promised to a withdrawn need is free in the same moment.
    NeedWithdrawn: [
        _with_need(time_bank.settle_withdrawn),
        lambda event: dispatch.stand_down(
            need_id=event.need_id, by=Actor.system(event.cell), now=event.at
        ),
    ],
    # An accepted offer has a visit, an ended one has none.
    OfferAccepted: [
        lambda event: service.plan_visit(assignment_id=event.assignment_id, now=event.at)
    ],
    AssignmentEnded: [
        lambda event: service.cancel_visit(assignment_id=event.assignment_id, now=event.at)
    ],
    # What was served is recorded; what was verified is banked.
    VisitEnded: [lambda event: service_records.draft_record(visit_id=event.visit_id, now=event.at)],
    RecordsVerified: [
        lambda event: time_bank.settle_payments(record_ids=event.record_ids, now=event.at),
        lambda event: time_bank.credit_records(record_ids=event.record_ids, now=event.at),
    ],
    RecordCorrected: [
        lambda event: time_bank.refund_payments(
            record_id=event.record_id, minutes_after=event.minutes_after, now=event.at
        ),
        lambda event: time_bank.correct_credit(
            record_id=event.record_id,
            correction_id=event.correction_id,
            difference=event.minutes_after - event.minutes_before,
            now=event.at,
        ),
        # A paper must not say what the books do not say any more (rule 50).
        _supersede_certificates,
    ],
    # What was proven false pays nobody: whoever paid has it back, whoever had it owes it.
    RecordVoided: [
        lambda event: time_bank.refund_payments(
            record_id=event.record_id, minutes_after=0, now=event.at
        ),
        lambda event: time_bank.void_credit(record_id=event.record_id, now=event.at),
        _supersede_certificates,
    ],
    RecordRestored: [
        lambda event: time_bank.restore_credit(record_id=event.record_id, now=event.at)
    ],
}

AFTER: Mapping[type[Event], Sequence[str]] = {
    # A star counts what hours are now; a failing review undoes no correction.
    RecordCorrected: ["recognition.review_star"],
    RecordVoided: ["recognition.review_star"],
    NeedVerified: ["dispatch.find_helpers"],
    OfferRefused: ["dispatch.find_helpers"],
    AssignmentEnded: ["dispatch.find_helpers"],
    SignUpsEnded: ["dispatch.fill_places"],
    PlacesAdded: ["dispatch.fill_places"],
    PlanAsked: ["dispatch.make_plan"],
    PlanPublished: ["dispatch.offer_planned"],
    # What a closed roll says counts; a sheet may be typed in later still.
    RollsClosed: ["service_records.draft_shift_records"],
    AttendanceEnded: ["service_records.draft_shift_records"],
}


def reactions() -> Reactions:
    """Return what follows each event, the invariants first."""
    return {
        event: [*WITHIN.get(event, ()), *(_deferring(job) for job in AFTER.get(event, ()))]
        for event in {**WITHIN, **AFTER}
    }


def _deferring(job: str) -> Callable[[Event], None]:
    def defer(event: Event) -> None:
        facts = {name: value for name, value in asdict(event).items() if name in _JOB_FACTS}
        app.configure_task(job).defer(**facts)

    return defer


# What a job is told: whom it is about. Everything else it reads when it runs.
_JOB_FACTS = frozenset({"need_id", "record_id", "run_id", "shift_ids", "cell"})
