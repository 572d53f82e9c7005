"""What a policy would have made of services that are credited already."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from linbang.foundation.clock import local_date
from linbang.operations.service_records import errors
from linbang.operations.service_records.choices import Approval, RecordKind, Verdict
from linbang.operations.service_records.rules.approvals import Doubt, approval_needed
from linbang.operations.service_records.rules.crediting import Segment, Window, credit
from linbang.operations.service_records.rules.policies import CreditPolicy

LARGEST = 5


@dataclass(frozen=True)
class Served:
    """One presence as it was credited; ``credited`` over all its days.

    ``number`` names it to the caller; ``activity`` is 0 for a visit.
    """

    number: int
    person_id: int
    activity: int
    presence: Window
    planned: Window
    kind: RecordKind
    doubt: Doubt
    credited: int
    policy: CreditPolicy


@dataclass(frozen=True)
class Difference:
    """What one presence would be worth by another policy."""

    number: int
    before: int
    after: int

    @property
    def minutes(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class Minutes:
    """Minutes of the two kinds, which stay apart for ever (rule 38)."""

    proved: int
    entered: int


@dataclass(frozen=True)
class Comparison:
    """What a policy would have changed; ``largest`` are the largest differences, at most five."""

    services: int
    changed: int
    people: int
    before: Minutes
    after: Minutes
    approvals_before: int
    approvals_after: int
    largest: tuple[Difference, ...]


def compare(served: Iterable[Served], policy: CreditPolicy) -> Comparison:
    """Credit services anew by a policy, person by person in the order of time."""
    ordered = sorted(served, key=lambda one: (one.presence.starts_at, one.number))
    segments = _credit_anew(ordered, policy)
    after = {one.number: sum(part.credited for part in segments[one.number]) for one in ordered}
    changes = {one.number: after[one.number] - one.credited for one in ordered}
    changed = [one for one in ordered if changes[one.number]]
    largest = sorted(changed, key=lambda one: (-abs(changes[one.number]), one.number))[:LARGEST]
    return Comparison(
        services=len(ordered),
        changed=len(changed),
        people=len({one.person_id for one in changed}),
        before=_sum(ordered, {one.number: one.credited for one in ordered}),
        after=_sum(ordered, after),
        approvals_before=_approvals(
            (one, one.policy, [(one.presence.starts_at, one.credited)]) for one in ordered
        ),
        approvals_after=_approvals(
            (
                one,
                policy,
                [(part.window.starts_at, part.credited) for part in segments[one.number]],
            )
            for one in ordered
        ),
        largest=tuple(Difference(one.number, one.credited, after[one.number]) for one in largest),
    )


def _credit_anew(ordered: Sequence[Served], policy: CreditPolicy) -> dict[int, tuple[Segment, ...]]:
    taken: dict[int, list[Window]] = defaultdict(list)
    pairs: Counter[tuple[int, int, date]] = Counter()
    found: dict[int, tuple[Segment, ...]] = {}
    for one in ordered:
        pair = one.person_id, one.activity, local_date(one.presence.starts_at)
        near = [held for held in taken[one.person_id] if held.ends_at > one.presence.starts_at]
        found[one.number] = credit(
            one.presence,
            one.planned,
            kind=one.kind,
            taken=near,
            pairs_before=pairs[pair] if one.activity else 0,
            policy=policy,
        )
        pairs[pair] += 1
        near += [segment.window for segment in found[one.number] if segment.minutes]
        taken[one.person_id] = near
    return found


def _approvals(
    services: Iterable[tuple[Served, CreditPolicy, Sequence[tuple[datetime, int]]]],
) -> int:
    """Count the services that a person must approve, each day's minutes adding up."""
    spent: Counter[tuple[int, date]] = Counter()
    count = 0
    for one, policy, credited in services:
        waits = False
        for at, minutes in credited:
            day = one.person_id, local_date(at)
            total = spent[day] + minutes
            if _counts_at_once(one, policy, total):
                spent[day] = total
            else:
                waits = True
        count += waits
    return count


def _counts_at_once(one: Served, policy: CreditPolicy, day_minutes: int) -> bool:
    try:
        needed = approval_needed(
            kind=one.kind,
            verdict=Verdict.CONFIRMED,
            day_minutes=day_minutes,
            policy=policy,
            doubt=one.doubt,
        )
    except errors.DayIsFull:
        return False
    return needed == Approval.POLICY


def _sum(served: Iterable[Served], minutes: dict[int, int]) -> Minutes:
    sums: Counter[RecordKind] = Counter()
    for one in served:
        sums[one.kind] += minutes[one.number]
    return Minutes(proved=sums[RecordKind.PROVED], entered=sums[RecordKind.ENTERED])
