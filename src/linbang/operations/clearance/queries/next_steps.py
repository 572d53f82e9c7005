"""What stands in the way of each shift, in words, and what to do about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import cached_property

from linbang.foundation.people.models import Person
from linbang.intake.activities.choices import QualificationKind
from linbang.intake.activities.models import Activity, Qualification, Shift
from linbang.operations.clearance.choices import (
    GUARDIAN_WAITS,
    NEXT_STEPS,
    SETTLED_BY_ACCEPTING,
    TRAINING_STEPS,
    Cause,
    NextStep,
)
from linbang.operations.clearance.models import (
    ConsentRequest,
    Enrolment,
    Suspension,
    TrainingSession,
)
from linbang.operations.clearance.queries.causes import cause_words, reasons_against
from linbang.operations.clearance.queries.days import day_words
from linbang.operations.clearance.queries.sessions import with_places_left

_BY_QUALIFICATION = {Cause.QUALIFICATION_MISSING, Cause.QUALIFICATION_EXPIRED}


@dataclass(frozen=True, slots=True)
class CauseLine:
    """One reason why not: its code, its words, what to do next, and where, if there is a page."""

    code: str
    cause: Cause
    words: str
    next_step: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Clearance:
    """Whether a person may take one shift, and if not, every reason why."""

    shift_id: int
    causes: tuple[CauseLine, ...]

    @property
    def is_cleared(self) -> bool:
        """Nothing speaks against it."""
        return not self.causes

    @property
    def is_settled_by_accepting(self) -> bool:
        """Reading and accepting is all that is left to do."""
        return bool(self.causes) and {line.cause for line in self.causes} <= SETTLED_BY_ACCEPTING


def clearance_of(
    actor_person_id: int,
    shifts: Sequence[Shift],
    now: datetime,
    *,
    reader_id: int | None = None,
) -> list[Clearance]:
    """Return what stands between a person and each shift, in the order of the shifts.

    At most seven queries, however many shifts; one when nothing speaks against any. ``reader_id``
    is who reads, if not the person: links then carry for whom they are.
    """
    told = reasons_against([(shift, actor_person_id) for shift in shifts], now=now)
    around = _Around(
        person_id=actor_person_id,
        reader_id=reader_id,
        shifts=[shift for shift, codes in zip(shifts, told, strict=True) if codes],
        codes={code for codes in told for code in codes},
        now=now,
    )
    return [
        Clearance(shift.pk, tuple(_line(code, shift, around) for code in codes))
        for shift, codes in zip(shifts, told, strict=True)
    ]


class _Around:
    """What the sentences speak of: each loaded at most once, and only where a cause asks for it."""

    def __init__(
        self,
        *,
        person_id: int,
        reader_id: int | None,
        shifts: Iterable[Shift],
        codes: Iterable[str],
        now: datetime,
    ) -> None:
        self.person_id = person_id
        self.reader_id = reader_id
        self.activity_ids = {shift.activity_id for shift in shifts}
        self.qualification_codes = {
            code for _, _, code in (c.partition(":") for c in codes) if code
        }
        self.now = now

    @cached_property
    def activities(self) -> dict[int, Activity]:
        found = Activity.objects.select_related("organiser").filter(pk__in=self.activity_ids)
        return {activity.pk: activity for activity in found}

    @cached_property
    def qualifications(self) -> dict[str, Qualification]:
        return Qualification.objects.in_bulk(self.qualification_codes)

    @cached_property
    def person(self) -> Person:
        return Person.objects.get(pk=self.person_id)

    @cached_property
    def suspended_until(self) -> datetime | None:
        pauses = Suspension.objects.filter(
            person_id=self.person_id, lifted_at=None, ends_at__gt=self.now
        )
        return pauses.order_by("-ends_at").values_list("ends_at", flat=True).first()

    @cached_property
    def asked_for(self) -> set[int]:
        """Return the activities for which a guardian has been asked and has not answered."""
        open_ones = ConsentRequest.objects.filter(
            person_id=self.person_id, activity_id__in=self.activity_ids, answered_at=None
        )
        return set(open_ones.values_list("activity_id", flat=True))

    @cached_property
    def sessions(self) -> list[TrainingSession]:
        """Return the sittings to come for the qualifications, the own community's first."""
        mine = Enrolment.objects.filter(
            cell=OuterRef("cell"), session=OuterRef("pk"), person_id=self.person_id, left_at=None
        )
        found = with_places_left(TrainingSession.objects.all()).filter(
            cell=self.person.cell,
            training__qualification__in=self.qualification_codes,
            training__ended_at=None,
            cancelled_at=None,
            starts_at__gt=self.now,
        )
        sessions = found.annotate(is_mine=Exists(mine)).select_related("training")
        home = self.person.region_id
        return sorted(
            sessions,
            key=lambda one: (-_shared_digits(one.training.region_id, home), one.starts_at, one.pk),
        )

    @cached_property
    def suffix(self) -> str:
        """Return what tells a page that the reader acts for somebody else."""
        if self.reader_id in {None, self.person_id}:
            return ""
        return "?" + urlencode({"person": self.person.public_id})


def _shared_digits(code: str, home: str) -> int:
    return next(n for n in range(len(home), -1, -1) if code[:n] == home[:n])


def _line(code: str, shift: Shift, around: _Around) -> CauseLine:
    kind, _, qualification = code.partition(":")
    cause = Cause(kind)
    if qualification:
        return _qualification_line(code, cause, shift, around)
    step, url = NEXT_STEPS[cause], _address(cause, shift, around)
    if cause == Cause.GUARDIAN_CONSENT and shift.activity_id in around.asked_for:
        step = GUARDIAN_WAITS
    return CauseLine(
        code=code,
        cause=cause,
        words=str(cause.label),
        next_step=_sentence(step, cause, shift, around),
        url=url,
        label=str(step.label) if url else "",
    )


def _sentence(step: NextStep, cause: Cause, shift: Shift, around: _Around) -> str:
    if cause == Cause.SUSPENDED:
        # Lifted since the answer: then it holds until now.
        until = around.suspended_until or around.now
        return str(step.text) % {"day": day_words(until, now=around.now)}
    if cause == Cause.NOT_MEMBER:
        return str(step.text) % {"organiser": around.activities[shift.activity_id].organiser.name}
    return str(step.text)


def _address(cause: Cause, shift: Shift, around: _Around) -> str:
    activity = around.activities[shift.activity_id]
    page = f"/activities/{activity.public_id}/"
    own = reverse("clearance:activity", args=[activity.public_id]) + around.suffix
    return {
        Cause.NOT_CONFIRMED: reverse("people:profile"),
        Cause.CLOSED: reverse("places:stations"),
        Cause.NOT_VOLUNTEER: reverse("people:volunteer"),
        Cause.PAUSED: reverse("people:volunteer"),
        Cause.SUSPENDED: reverse("clearance:mine") + "#suspension",
        Cause.NOT_MEMBER: _organiser_address(activity),
        Cause.NEEDS_ADULT: page,
        Cause.MINOR_HIGH_RISK: "/activities/",
        Cause.TOO_YOUNG: page,
        Cause.TOO_OLD: page,
        Cause.GUARDIAN_CONSENT: own,
        Cause.VETTING_MISSING: reverse("places:stations"),
        Cause.RISK_NOT_ACCEPTED: own,
        Cause.AGREEMENT_MISSING: own,
        Cause.NOT_INSURED: page,
    }.get(cause, "")


def _organiser_address(activity: Activity) -> str:
    organiser = activity.organiser
    if organiser.is_team:
        return reverse("organisations:team", args=[organiser.public_id])
    return reverse("organisations:teams")


def _qualification_line(code: str, cause: Cause, shift: Shift, around: _Around) -> CauseLine:
    wanted = code.partition(":")[2]
    qualification = around.qualifications.get(wanted)
    name = qualification.label if qualification else wanted
    step, url = NEXT_STEPS[cause], reverse("places:stations")
    text = str(step.text)
    if qualification is not None and qualification.kind == QualificationKind.TRAINING:
        step, url, text = _training_step(wanted, shift, around)
    return CauseLine(
        code=code,
        cause=cause,
        words=cause_words(cause, name),
        next_step=text,
        url=url,
        label=str(step.label),
    )


def _training_step(wanted: str, shift: Shift, around: _Around) -> tuple[NextStep, str, str]:
    offered = [one for one in around.sessions if one.training.qualification_id == wanted]
    mine = [one for one in offered if one.is_mine]  # type: ignore[attr-defined]  # annotated
    free = [one for one in offered if one.places_left > 0]  # type: ignore[attr-defined]  # annotated
    # In time for the shift, else the next one: for the times after.
    chosen = mine[:1] or [one for one in free if one.ends_at <= shift.starts_at][:1] or free[:1]
    if not chosen:
        step = TRAINING_STEPS["none"]
        return step, reverse("clearance:trainings"), str(step.text)
    [session] = chosen
    step = TRAINING_STEPS["enrolled" if mine else "open"]
    words = {
        "day": day_words(session.starts_at, now=around.now),
        "training": session.training.name,
    }
    return step, _session_address(session.public_id) + around.suffix, str(step.text) % words


def _session_address(public_id: UUID) -> str:
    return reverse("clearance:session", args=[public_id])
