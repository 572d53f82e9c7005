"""What a policy would have made of a region's last ninety days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce

from linbang.foundation.audit.rules import mask_name
from linbang.foundation.clock import local_date
from linbang.foundation.places.queries import within_any
from linbang.operations.service.choices import AttendanceMethod
from linbang.operations.service_records import rules
from linbang.operations.service_records.choices import RecordKind
from linbang.operations.service_records.models import PolicyAdoption, ServiceRecord
from linbang.operations.service_records.queries.adoptions import policy_label
from linbang.operations.service_records.rules import (
    Adoption,
    Comparison,
    CreditPolicy,
    Difference,
    Doubt,
    Served,
    Window,
)

PREVIEW_DAYS = 90
PREVIEW_MAX = 10_000

_COLUMNS: Mapping[str, Any] = {
    "came_at": F("attendance__in_at"),
    "left_at": F("attendance__out_at"),
    "came_by": F("attendance__in_method"),
    "left_by": F("attendance__out_method"),
    "shift_starts_at": F("attendance__sign_up__shift__starts_at"),
    "shift_ends_at": F("attendance__sign_up__shift__ends_at"),
    "activity": Coalesce(
        "attendance__sign_up__shift__activity_id", "entry__back_entry__activity_id"
    ),
    "entry_starts_at": F("entry__starts_at"),
    "entry_ends_at": F("entry__ends_at"),
    "entry_planned_starts_at": F("entry__planned_starts_at"),
    "entry_planned_ends_at": F("entry__planned_ends_at"),
    "is_late": F("entry__is_late"),
    "arrived_at": F("visit__check_in__at"),
    "gone_at": F("visit__check_out__at"),
    "visit_starts_at": F("visit__starts_at"),
    "visit_ends_at": F("visit__ends_at"),
    "item": F("visit__assignment__need__item__name"),
    "name": F("person__name"),
}
_OWN = (
    *("id", "person_id", "region_id", "kind", "title", "starts_at", "ends_at"),
    *("credited_minutes", "policy", "policy_version", "part", "visit_id", "attendance_id"),
)


@dataclass(frozen=True)
class DifferenceRow:
    """One of the largest differences, the name masked."""

    name: str
    item: str
    day: date
    before: int
    after: int


@dataclass(frozen=True)
class Preview:
    """What a policy would have changed; ``is_sample``: only the latest services were looked at."""

    policy: CreditPolicy
    label: str
    since: date
    comparison: Comparison
    largest: tuple[DifferenceRow, ...]
    is_sample: bool


def preview_policy(region: str, policy: CreditPolicy, now: datetime) -> Preview:
    """Credit a region's last ninety days anew, 10,000 records at most; two queries.

    Nothing is stored. Places with a nearer decision of their own are left out: it would hold on.
    Index ``record_by_region_and_time``.
    """
    since = now - timedelta(days=PREVIEW_DAYS)
    found = (
        ServiceRecord.objects.filter(
            within_any("region_id", [region]), starts_at__gte=since, starts_at__lt=now
        )
        .order_by("-starts_at", "-id")
        .values(*_OWN, **_COLUMNS)
    )
    rows = list(found[: PREVIEW_MAX + 1])
    below = _adoptions_below(region)
    today = local_date(now)
    parts: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in rows[:PREVIEW_MAX]:
        if rules.adoption_in_force(below, region=row["region_id"], day=today) is None:
            parts.setdefault(_source_of(row), []).append(row)
    services = {min(one["id"] for one in own): own for own in parts.values()}
    comparison = rules.compare((_served(n, own) for n, own in services.items()), policy)
    return Preview(
        policy=policy,
        label=policy_label(policy.code, policy.version),
        since=local_date(since),
        comparison=comparison,
        largest=tuple(_difference(one, services[one.number][0]) for one in comparison.largest),
        is_sample=len(rows) > PREVIEW_MAX,
    )


def _adoptions_below(region: str) -> list[Adoption]:
    found = PolicyAdoption.objects.filter(within_any("region_id", [region])).exclude(
        region_id=region
    )
    rows = found.values_list("region_id", "from_date", "id", "code", "version")
    return [Adoption(*row) for row in rows]


def _source_of(row: Mapping[str, Any]) -> tuple[str, int]:
    if row["attendance_id"] is not None:
        return "attendance", row["attendance_id"]
    if row["visit_id"] is not None:
        return "visit", row["visit_id"]
    return "record", row["id"]


def _served(number: int, parts: Iterable[Mapping[str, Any]]) -> Served:
    parts = list(parts)
    row = parts[0]
    presence = (
        _window(row["came_at"], row["left_at"])
        or _window(row["arrived_at"], row["gone_at"])
        or _window(row["entry_starts_at"], row["entry_ends_at"])
    )
    planned = (
        _window(row["shift_starts_at"], row["shift_ends_at"])
        or _window(row["visit_starts_at"], row["visit_ends_at"])
        or _window(row["entry_planned_starts_at"], row["entry_planned_ends_at"])
    )
    stored = Window(row["starts_at"], row["ends_at"])
    is_by_location = AttendanceMethod.LOCATION in (row["came_by"], row["left_by"])
    return Served(
        number=number,
        person_id=row["person_id"],
        activity=row["activity"] or 0,
        presence=presence or stored,
        planned=planned or stored,
        kind=RecordKind(row["kind"]),
        doubt=Doubt(
            by_location=is_by_location,
            back_entered=row["is_late"] is not None,
            is_late=bool(row["is_late"]),
        ),
        credited=sum(one["credited_minutes"] for one in parts),
        policy=rules.POLICIES.get((row["policy"], row["policy_version"]), rules.DEFAULT_POLICY),
    )


def _window(starts_at: datetime | None, ends_at: datetime | None) -> Window | None:
    return Window(starts_at, ends_at) if starts_at and ends_at else None


def _difference(one: Difference, row: Mapping[str, Any]) -> DifferenceRow:
    return DifferenceRow(
        name=mask_name(row["name"]),
        item=row["title"] or row["item"],
        day=local_date(row["starts_at"]),
        before=one.before,
        after=one.after,
    )
