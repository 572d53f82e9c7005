"""Service that no machine and no roll saw is entered afterwards (rules 39, 42 and 46)."""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.clock import local_date
from linbang.foundation.errors import KeyReused, NotFound, Refused
from linbang.foundation.messaging.actions import NoticeOrder, notify_many
from linbang.foundation.messaging.choices import NoticeKind
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people import rules as people_rules
from linbang.foundation.people.choices import ServiceCategory
from linbang.foundation.people.models import Person
from linbang.foundation.workdays import is_record_late
from linbang.intake.activities.models import Activity, Shift
from linbang.operations.service_records import errors, queries, rules
from linbang.operations.service_records.actions.drafting import credited_by
from linbang.operations.service_records.actions.integrity import raise_flags
from linbang.operations.service_records.actions.telling import person_id_of
from linbang.operations.service_records.choices import Cut, RecordKind
from linbang.operations.service_records.models import (
    BackEntry,
    BackEntryProof,
    BackEntrySegment,
    ServiceRecord,
)
from linbang.operations.service_records.rules import (
    Adoption,
    CreditPolicy,
    EntryLine,
    Segment,
    Window,
)


@dataclass(frozen=True, kw_only=True)
class EntryOrder:
    """What is entered: of an activity, or of one that never was, with its unit, name and kind."""

    lines: Sequence[EntryLine]
    reason: str
    evidence: bytes
    declares: bool
    activity: UUID | None = None
    organiser: UUID | None = None
    name: str = ""
    category: str = ""
    key: str = field(default="")

    def digest(self) -> str:
        """Return what tells this order from another under the same key."""
        told = {**asdict(self), "evidence": hashlib.sha256(self.evidence).hexdigest()}
        return hashlib.sha256(json.dumps(told, default=str, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def enter_afterwards(*, order: EntryOrder, by: Actor, now: datetime) -> BackEntry:
    """Enter people's service afterwards: each person's lines all or none, the rest is reported.

    The hours are entered ones for ever and wait for a second person; after ten working days for
    the level above. Entering with the same key again returns the first. Raises NotFound,
    EntererBarred, EntryNameMissing, EntryReasonMissing, DeclarationMissing, EvidenceMissing,
    EvidenceTooLarge, EvidenceUnreadable, EntryWithoutLines, EntryTooLong, KeyReused.
    """
    sheet = _Sheet.of(order, by=by, now=now)
    media_type = rules.require_evidence(order.evidence)
    queries.lock_people(sheet.ids() | {person_id_of(by)})
    first = queries.entry_with_key(person_id_of(by), sheet.organiser.cell, order.key)
    if first is not None:
        if first.content_digest != order.digest():
            raise KeyReused
        return first
    accepted, refused = sheet.judge()
    entry = sheet.entry(refused)
    entry.save(force_insert=True)
    _keep_proof(entry, order.evidence, media_type)
    records = [sheet.write(entry, line) for line in accepted]
    audit.record(
        by=by,
        action="service_records.enter_afterwards",
        subject=entry,
        detail={"records": len(records), "refused": len(refused)},
        now=now,
    )
    audit.record_many(by=by, action="service_records.draft_record", subjects=records, now=now)
    raise_flags(records, now=now)
    _tell_everybody(records, now=now)
    return entry


@transaction.atomic
def see_proof(*, entry: UUID, by: Actor, now: datetime) -> tuple[str, bytes]:
    """Return the media type and bytes of a proof; the look is logged. Raises NotFound."""
    found = queries.entry_visible_to(by, entry)
    proof = BackEntryProof.objects.get(cell=found.cell, back_entry=found)
    audit.record(by=by, action="service_records.see_proof", subject=found, now=now)
    return proof.media_type, base64.b64decode(proof.content)


@dataclass(frozen=True)
class _Accepted:
    """One line that is taken: who, when, as planned, and what counts of it."""

    person: Person
    window: Window
    planned: Window
    title: str
    segment: Segment
    policy: CreditPolicy


@dataclass(frozen=True)
class _Sheet:
    """An order with all that is needed to judge it."""

    order: EntryOrder
    activity: Activity | None
    organiser: Organisation
    region: str
    title: str
    people: Mapping[str, list[Person]]
    shifts: Sequence[Shift]
    adoptions: Sequence[Adoption]
    by: Actor
    now: datetime

    @classmethod
    def of(cls, order: EntryOrder, *, by: Actor, now: datetime) -> "_Sheet":
        """Gather what the order is about. Raises NotFound and what is wrong with all of it."""
        activity, organiser = _source_of(order, by=by)
        if queries.barred_until(person_id_of(by), local_date(now)):
            raise errors.EntererBarred
        rules.require_told(reason=order.reason, declares=order.declares)
        rules.require_entry_size(order.lines)
        region = activity.region_id if activity else organiser.region_id
        days = {line.day for line in order.lines}
        return cls(
            order=order,
            activity=activity,
            organiser=organiser,
            region=region,
            title=activity.name if activity else order.name.strip(),
            people=queries.people_named(
                {line.who for line in order.lines}, organiser=organiser, activity=activity, by=by
            ),
            shifts=queries.shifts_around(activity, days) if activity else (),
            adoptions=queries.adoptions_above([region]),
            by=by,
            now=now,
        )

    def ids(self) -> set[int]:
        """Return everybody whose day is filled."""
        return {person.pk for found in self.people.values() for person in found}

    def judge(self) -> tuple[list[_Accepted], list[dict[str, str]]]:
        """Return the lines that are taken, and of the others who and why."""
        accepted: list[_Accepted] = []
        refused: list[dict[str, str]] = []
        for words, person, lines in self._by_person(refused):
            try:
                accepted += self._judge_person(person, lines)
            except Refused as refusal:
                refused.append(_refused(words, refusal))
        return accepted, refused

    def entry(self, refused: Sequence[Mapping[str, str]]) -> BackEntry:
        """Return the submission, not stored yet."""
        activity = self.activity
        return BackEntry(
            cell=self.organiser.cell,
            key=self.order.key,
            content_digest=self.order.digest(),
            activity=activity,
            organiser=self.organiser,
            region_id=self.region,
            title=self.title,
            category=activity.categories[0] if activity else self.order.category,
            reason=self.order.reason.strip(),
            declaration_version=rules.DECLARATION_VERSION,
            refusals=json.dumps(list(refused), ensure_ascii=False) if refused else "",
            entered_by_id=person_id_of(self.by),
            entered_at=self.now,
        )

    def write(self, entry: BackEntry, line: _Accepted) -> ServiceRecord:
        """Store one line and its record."""
        ended_on = local_date(line.planned.ends_at - timedelta(microseconds=1))
        segment = BackEntrySegment.objects.create(
            cell=entry.cell,
            back_entry=entry,
            person=line.person,
            starts_at=line.window.starts_at,
            ends_at=line.window.ends_at,
            planned_starts_at=line.planned.starts_at,
            planned_ends_at=line.planned.ends_at,
            is_late=is_record_late(ended_on, local_date(self.now)),
        )
        return ServiceRecord.objects.create(
            cell=line.person.cell,
            person=line.person,
            entry=segment,
            title=line.title,
            category=entry.category,
            region_id=self.region,
            recording_unit=self.organiser.name,
            entered_by_id=entry.entered_by_id,
            **credited_by(line.policy, line.segment, kind=RecordKind.ENTERED, now=self.now),
        )

    def _by_person(
        self, refused: list[dict[str, str]]
    ) -> list[tuple[str, Person, list[EntryLine]]]:
        """Return everybody's lines; one person may stand on the list by number and by name."""
        found: dict[int, tuple[str, Person, list[EntryLine]]] = {}
        for words in dict.fromkeys(line.who for line in self.order.lines):
            lines = [line for line in self.order.lines if line.who == words]
            people = self.people.get(words, [])
            if len(people) != 1:
                refusal = errors.EntryPersonAmbiguous if people else errors.EntryPersonUnknown
                refused.append(_refused(words, refusal()))
                continue
            found.setdefault(people[0].pk, (words, people[0], []))[2].extend(lines)
        return list(found.values())

    def _judge_person(self, person: Person, lines: Sequence[EntryLine]) -> list[_Accepted]:
        windows = sorted(map(rules.entry_window, lines), key=lambda one: one.starts_at)
        rules.require_apart(windows)
        self._require_enterable(person, windows)
        pairs: Counter[date] = Counter()
        accepted = []
        for window in windows:
            rules.require_past(window, now=self.now)
            if queries.is_taken(person.pk, window):
                raise errors.EntryOverlaps
            day = local_date(window.starts_at)
            before = pairs[day] + queries.pairs_on(person.pk, self.activity, day)
            accepted.append(self._judge_window(person, window, pairs_before=before))
            pairs[day] += 1
        return accepted

    def _judge_window(self, person: Person, window: Window, *, pairs_before: int) -> _Accepted:
        planned, title = self._plan_of(window)
        policy = rules.policy_in_force(
            self.adoptions, region=self.region, day=local_date(planned.starts_at)
        )
        [segment, *_] = rules.credit(
            window, planned, kind=RecordKind.ENTERED, pairs_before=pairs_before, policy=policy
        )
        if not segment.minutes:
            is_full = Cut.PAIRS in segment.cuts
            raise errors.EntryPairsUsed if is_full else errors.EntryOutsideShift
        return _Accepted(person, window, planned, title, segment, policy)

    def _plan_of(self, window: Window) -> tuple[Window, str]:
        """Return what was planned; of an activity that never was, what is declared.

        Raises EntryOutsideShift.
        """
        if self.activity is None:
            return window, self.title
        plans = {Window(one.starts_at, one.ends_at): one for one in reversed(self.shifts)}
        planned = rules.planned_for(window, reversed(plans))
        if planned is None:
            raise errors.EntryOutsideShift
        return planned, f"{self.title} · {plans[planned].post.name}"

    def _require_enterable(self, person: Person, windows: Sequence[Window]) -> None:
        """Refuse oneself, who is no volunteer, and who was too young (rules 8, 18 and 39)."""
        if person.pk == self.by.person_id:
            raise errors.EntryForOneself
        profile = getattr(person, "volunteer", None)
        if profile is None or profile.ended_at is not None:
            raise errors.EntryWithoutConsent
        first = local_date(windows[0].starts_at)
        people_rules.require_volunteer_age(person.birth_date, today=first)
        is_risky = self.activity is not None and bool(self.activity.hazards)
        if is_risky and people_rules.needs_guardian(person.birth_date, today=first):
            raise errors.EntryMinorAtRisk


def _source_of(order: EntryOrder, *, by: Actor) -> tuple[Activity | None, Organisation]:
    """Return the activity, if it is known, and the unit. Raises NotFound, EntryNameMissing."""
    if order.activity is not None:
        activity = queries.activities_to_enter(by).filter(public_id=order.activity).first()
        if activity is None:
            raise NotFound
        return activity, activity.organiser
    units = queries.units_to_enter_for(by)
    organiser = next((one for one in units if one.public_id == order.organiser), None)
    if organiser is None:
        raise NotFound
    if not order.name.strip() or order.category not in ServiceCategory.values:
        raise errors.EntryNameMissing(field="name")
    return None, organiser


def _refused(words: str, refusal: Refused) -> dict[str, str]:
    return {"who": words, "code": refusal.code, "reason": str(refusal)}


def _keep_proof(entry: BackEntry, content: bytes, media_type: str) -> None:
    BackEntryProof.objects.create(
        cell=entry.cell,
        back_entry=entry,
        media_type=media_type,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        content=base64.b64encode(content).decode(),
    )


def _tell_everybody(records: Sequence[ServiceRecord], *, now: datetime) -> None:
    """Tell everybody what was entered for them: nobody has hours without knowing."""
    notify_many(
        orders=[
            NoticeOrder(
                person_id=one.person_id,
                kind=NoticeKind.RECORD,
                template="record_entered",
                params={"item": one.title, "minutes": one.credited_minutes},
                url=f"/records/{one.public_id}/",
                key=f"record_entered:{one.pk}:",
            )
            for one in records
        ],
        now=now,
    )
