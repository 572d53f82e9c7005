"""Records as pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.clock import day_window, local_date
from linbang.operations.service.models import Visit
from linbang.operations.service_records import rules
from linbang.operations.service_records.choices import (
    Cut,
    RecordKind,
    RecordState,
    RecordTab,
    Verdict,
    VoidState,
    Wait,
)
from linbang.operations.service_records.models import ServiceRecord
from linbang.operations.service_records.queries.adoptions import policy_label
from linbang.operations.service_records.queries.minutes import presence_of
from linbang.operations.service_records.queries.policies import rounding_words
from linbang.operations.service_records.queries.records import (
    call_due_date,
    doubt_of,
    planned_window,
    records_on_tab,
    state_of,
    verdict_of,
)
from linbang.operations.service_records.rules import Window

_SETTLED = frozenset({RecordState.VERIFIED, RecordState.VOIDED})


@dataclass(frozen=True)
class RecordRow:
    """One record as lists and pages show it.

    ``volunteer`` is the full name, for the station; ``helper`` and ``beneficiary`` are masked.
    ``minutes`` is what counts now, or would count; ``decimal_hours`` the same where the policy
    shows decimals. ``waits`` says why it does not count yet; ``back_entered`` why it was entered
    afterwards, if it was: it is marked so for ever (rule 42).
    """

    public_id: UUID
    item: str
    icon: str
    volunteer: str
    helper: str
    beneficiary: str
    recording_unit: str
    starts_at: datetime
    ends_at: datetime
    presence_minutes: int
    counted_minutes: int
    minutes: int
    kind: RecordKind
    state: RecordState
    cuts: tuple[Cut, ...]
    waits: tuple[Wait, ...]
    is_held: bool
    report: str
    policy: str
    policy_label: str
    policy_words: str
    decimal_hours: Decimal | None
    back_entered: str
    call_due: date | None
    note: str


@dataclass(frozen=True)
class Heap:
    """One tab of the station's desk and how many records lie there."""

    tab: RecordTab
    count: int


def heaps_of(actor: Actor, now: datetime) -> list[Heap]:
    """Return the heaps that want work, each with its size; one query each."""
    wanted = (RecordTab.CALL, RecordTab.VERIFY, RecordTab.DISPUTED, RecordTab.CLAIMED)
    counted = [Heap(tab, records_on_tab(actor, tab, now).count()) for tab in wanted]
    return [*counted, Heap(RecordTab.VERIFIED, 0)]


def record_rows(records: Iterable[ServiceRecord]) -> list[RecordRow]:
    """Return what a list shows of records that came from one of the queries above."""
    return [record_row(record) for record in records]


def record_row(record: ServiceRecord) -> RecordRow:
    """Return what a page shows of a record that came from one of the queries above."""
    about = _about(record)
    state = state_of(record)
    confirmation = getattr(record, "confirmation", None)
    return RecordRow(
        public_id=record.public_id,
        item=about.item,
        icon=about.icon,
        volunteer=record.person.name,
        helper=mask_name(record.person.name),
        beneficiary=mask_name(record.beneficiary.name) if record.beneficiary else "",
        recording_unit=record.recording_unit,
        starts_at=about.presence.starts_at,
        ends_at=about.presence.ends_at,
        presence_minutes=about.presence.minutes,
        counted_minutes=record.minutes,
        minutes=record.counts_minutes,  # type: ignore[attr-defined]  # annotated by records_with_facts
        kind=RecordKind(record.kind),
        state=state,
        cuts=tuple(Cut(cut) for cut in record.cuts),
        waits=() if state in _SETTLED else _waits(record),
        is_held=record.is_held,  # type: ignore[attr-defined]  # annotated
        report=about.report,
        policy=f"{record.policy} {record.policy_version}",
        policy_label=policy_label(record.policy, record.policy_version),
        policy_words=rounding_words(record.policy, record.policy_version),
        decimal_hours=_decimal_hours(record),
        back_entered=record.entry.back_entry.reason if record.entry else "",
        call_due=call_due_date(record) if state == RecordState.UNCONFIRMED else None,
        note=confirmation.note if confirmation else "",
    )


@dataclass(frozen=True)
class _About:
    """What a record is about, whichever its source."""

    item: str
    icon: str
    presence: Window
    report: str


def _about(record: ServiceRecord) -> _About:
    if record.entry is not None:
        entered = Window(record.entry.starts_at, record.entry.ends_at)
        return _About(record.title, "edit", entered, "")
    if record.attendance is not None:
        presence = _on_day_of(record, presence_of(record.attendance))
        return _About(record.title, "users-group", presence, record.attendance.out_note)
    visit = cast("Visit", record.visit)  # record_has_one_source
    item, presence = visit.assignment.need.item, Window(visit.check_in.at, visit.check_out.at)
    return _About(item.label, item.icon, presence, visit.check_out.report)


def _on_day_of(record: ServiceRecord, presence: Window) -> Window:
    """Return what of a presence lies on a record's own day, where the plan has several days."""
    planned = planned_window(record)
    last = planned.ends_at - timedelta(microseconds=1)
    if not record.minutes or local_date(planned.starts_at) == local_date(last):
        return presence
    starts_at, ends_at = day_window(local_date(record.starts_at))
    return Window(max(presence.starts_at, starts_at), min(presence.ends_at, ends_at))


def history_of(record: ServiceRecord) -> list[dict[str, Any]]:
    """Return a record's steps for the timeline, oldest first; nobody's names in it."""
    steps: list[dict[str, Any]] = [
        {
            "title": _("事后补录") if record.entry else _("生成记录"),
            "at": record.drafted_at,
            "note": record.recording_unit,
        }
    ]
    confirmation = getattr(record, "confirmation", None)
    if confirmation is not None:
        steps.append(
            {
                "title": _VERDICTS[confirmation.verdict],
                "at": confirmation.at,
                "note": confirmation.get_by_display(),
                "state": "done" if confirmation.verdict == Verdict.CONFIRMED else "stop",
            }
        )
    elif verdict_of(record) is None:
        steps.append({"title": RecordState.UNCONFIRMED.label, "state": "now"})
        return steps
    verification = getattr(record, "verification", None)
    if verification is None:
        steps.append({"title": RecordState.UNVERIFIED.label, "state": "now"})
        return steps
    steps.append(
        {
            "title": RecordState.VERIFIED.label,
            "at": verification.verified_at,
            "note": _joined(
                verification.get_approval_display(),
                _minutes(verification.minutes),
                verification.note,
            ),
        }
    )
    for correction in record.corrections.order_by("id"):
        note = _joined(_minutes(correction.credited_minutes), correction.reason)
        steps.append({"title": _("更正"), "at": correction.at, "note": note})
    return steps + _void_steps(record)


def _void_steps(record: ServiceRecord) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = []
    for void in record.voids.exclude(voided_at=None).order_by("id"):
        steps.append(
            {
                "title": VoidState.VOIDED.label,
                "at": void.voided_at,
                "note": void.reason,
                "state": "stop",
            }
        )
        if void.lifted_at is not None:
            steps.append({"title": VoidState.LIFTED.label, "at": void.lifted_at, "note": ""})
    return steps


_VERDICTS: dict[str, str | Promise] = {
    Verdict.CONFIRMED: gettext_lazy("确认属实"),
    Verdict.DISPUTED: gettext_lazy("提出异议"),
}


def _minutes(count: int) -> str:
    return _("计 %(count)s 分钟") % {"count": count}


def _joined(*parts: str) -> str:
    return " · ".join(str(part) for part in parts if part)


def _decimal_hours(record: ServiceRecord) -> Decimal | None:
    policy = rules.POLICIES.get((record.policy, record.policy_version))
    if policy is None or not policy.shows_decimals:
        return None
    return rules.national_hours(record.counts_minutes)  # type: ignore[attr-defined]  # annotated


def _waits(record: ServiceRecord) -> tuple[Wait, ...]:
    return rules.reasons_to_wait(
        kind=RecordKind(record.kind),
        verdict=verdict_of(record),
        day_minutes=record.minutes,
        policy=rules.policy_named(record.policy, record.policy_version),
        doubt=doubt_of(record),
        is_held=record.is_held,  # type: ignore[attr-defined]  # annotated
        is_barred=record.is_barred,  # type: ignore[attr-defined]  # annotated
    )
