"""What a saver keeps of a verified record, and what goes to the pool (rules 66 and 74)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from linbang.foundation.people.choices import Sex
from linbang.outcomes.time_bank.choices import PoolCause
from linbang.outcomes.time_bank.rules.schemes import ADULT_AGE, Scheme


@dataclass(frozen=True, kw_only=True, slots=True)
class Gain:
    """Verified minutes to be banked: whose, served on which day, at what age, by whom sent."""

    person_id: int
    day: date
    minutes: int
    age: int
    sex: str
    is_group: bool


@dataclass(frozen=True, slots=True)
class Split:
    """How a gain is banked: what the person keeps, what the pool gets, and why."""

    kept: int
    pooled: int
    cause: PoolCause | None


@dataclass(frozen=True, slots=True)
class TakenBack:
    """From where minutes are taken back, and what each side owes since it has them no more."""

    from_pool: int
    from_person: int
    pool_owes: int
    person_owes: int

    @property
    def pooled(self) -> int:
        """The pool's part of the whole."""
        return self.from_pool + self.pool_owes


def pool_cause(scheme: Scheme, *, age: int, sex: str, is_group: bool) -> PoolCause | None:
    """Tell why nothing of a service is saved for oneself; None if it is.

    Minors' and group service goes to the pool (rule 74); who is not of the scheme's age to earn
    serves for the pool too. The hours of the record are the same in any case.
    """
    if age < ADULT_AGE and scheme.minors_earn_to_pool:
        return PoolCause.MINOR
    if is_group and scheme.groups_earn_to_pool:
        return PoolCause.GROUP
    return None if _may_earn(scheme, age=age, sex=sex) else PoolCause.AGE


def _may_earn(scheme: Scheme, *, age: int, sex: str) -> bool:
    least = scheme.earn_age_min
    if sex == Sex.FEMALE and scheme.earn_age_min_women is not None:
        least = scheme.earn_age_min_women
    return age >= least and (scheme.earn_age_max is None or age <= scheme.earn_age_max)


def split_gain(gain: Gain, *, scheme: Scheme, day_kept: int, balance: int) -> Split:
    """Divide a gain: within the limits to the person, the part above to the pool (rule 66).

    ``day_kept`` is what the person kept already for services of that day, ``balance`` all she has.
    """
    cause = pool_cause(scheme, age=gain.age, sex=gain.sex, is_group=gain.is_group)
    if cause is not None:
        return Split(0, gain.minutes, cause)
    day_room = max(scheme.earn_day_minutes_max - day_kept, 0)
    room = max(scheme.balance_minutes_max - balance, 0)
    kept = min(gain.minutes, day_room, room)
    if kept == gain.minutes:
        return Split(kept, 0, None)
    cause = PoolCause.DAY_LIMIT if day_room <= room else PoolCause.BALANCE_LIMIT
    return Split(kept, gain.minutes - kept, cause)


def split_gains(
    gains: Sequence[tuple[Gain, Scheme]],
    *,
    day_kept: dict[tuple[int, date], int],
    balances: dict[int, int],
) -> list[Split]:
    """Divide many gains one after the other, each on what its predecessors left.

    How much is kept in all does not depend on their order.
    """
    kept_on, held_by = dict(day_kept), dict(balances)
    splits = []
    for gain, scheme in gains:
        on = (gain.person_id, gain.day)
        split = split_gain(
            gain,
            scheme=scheme,
            day_kept=kept_on.get(on, 0),
            balance=held_by.get(gain.person_id, 0),
        )
        kept_on[on] = kept_on.get(on, 0) + split.kept
        held_by[gain.person_id] = held_by.get(gain.person_id, 0) + split.kept
        splits.append(split)
    return splits


def take_back(minutes: int, *, pooled: int, pool_free: int, person_free: int) -> TakenBack:
    """Divide what is taken back of a record: first what had gone to the pool, then the person's.

    ``pooled`` is the record's part in the pool so far, ``…_free`` what each book can pay now. What
    one has spent it owes: nobody falls below zero, and nobody pays for the other.
    """
    of_pool = min(minutes, pooled)
    of_person = minutes - of_pool
    from_pool, from_person = min(of_pool, pool_free), min(of_person, person_free)
    return TakenBack(from_pool, from_person, of_pool - from_pool, of_person - from_person)


def settlements(incoming: int, owed: Sequence[int]) -> list[int]:
    """Return what an incoming amount pays of each debt, the oldest first and whole."""
    paid = []
    for debt in owed:
        part = min(debt, incoming)
        paid.append(part)
        incoming -= part
    return paid
