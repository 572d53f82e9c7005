"""Questions for a roster, and answers to them by trying everything."""

from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

from matching import Busy, Roster, RosterPeople, RosterRequest, RosterSlots

DAY = 24 * 60


class Slot(NamedTuple):
    id: int
    starts: int
    ends: int
    minimum: int = 1
    maximum: int = 1


def ask(
    slots: list[Slot],
    people: dict[int, int],
    *,
    allowed: dict[int, set[int]] | None = None,
    penalty: dict[tuple[int, int], int] | None = None,
    busy: dict[int, list[tuple[int, int]]] | None = None,
    day_cap: int = 1,
    fill: bool = False,
) -> RosterRequest:
    """Ask for a roster; people: load by id · allowed: slots by person · penalty: by both."""
    ids = list(people)
    windows = [(busy or {}).get(person, []) for person in ids]
    flat = [window for one in windows for window in one]
    return RosterRequest(
        people=RosterPeople(
            ids=np.array(ids, np.int64),
            load=np.array([people[one] for one in ids], np.int32),
            busy=Busy(
                ptr=np.cumsum([0, *(len(one) for one in windows)]).astype(np.int64),
                start=np.array([one[0] for one in flat], np.int32),
                end=np.array([one[1] for one in flat], np.int32),
            ),
        ),
        slots=RosterSlots(
            ids=np.array([one.id for one in slots], np.int64),
            starts=np.array([one.starts for one in slots], np.int32),
            ends=np.array([one.ends for one in slots], np.int32),
            minimum=np.array([one.minimum for one in slots], np.int32),
            maximum=np.array([one.maximum for one in slots], np.int32),
        ),
        allowed=np.array(
            [
                [allowed is None or slot.id in allowed.get(person, set()) for slot in slots]
                for person in ids
            ],
            np.bool_,
        ).reshape(len(ids), len(slots)),
        penalty=np.array(
            [[(penalty or {}).get((person, slot.id), 0) for slot in slots] for person in ids],
            np.int32,
        ).reshape(len(ids), len(slots)),
        day_cap=day_cap,
        fill=fill,
    )


def faults(request: RosterRequest, roster: Roster) -> list[str]:
    """List every rule a roster breaks, told by plain Python."""
    rows = {int(one): row for row, one in enumerate(request.people.ids)}
    columns = {int(one): column for column, one in enumerate(request.slots.ids)}
    chosen: list[tuple[int, int]] = []
    found = []
    for slot, person in roster.pairs:
        if not may(request, rows[person], columns[slot], chosen):
            found.append(f"{person} cannot take {slot}")
        chosen.append((rows[person], columns[slot]))
    most = request.slots.maximum if request.fill else request.slots.minimum
    missing = {}
    for slot, column in columns.items():
        count = sum(one == column for _, one in chosen)
        if count > most[column]:
            found.append(f"{slot} has too many")
        if count < request.slots.minimum[column]:
            missing[slot] = int(request.slots.minimum[column]) - count
    if missing != {gap.slot: gap.missing for gap in roster.gaps}:
        found.append("gaps are told wrongly")
    return found


def all_rosters(request: RosterRequest) -> dict[tuple[int, ...], int]:
    """Give by trying everything what can be reached: how many take each slot, and how few
    minutes the busiest of those who could take anything has then at least.
    """
    columns = range(len(request.slots))
    places = (request.slots.maximum if request.fill else request.slots.minimum).tolist()
    found = {(0,) * len(columns): 0}
    for row, before in enumerate(request.people.load.tolist()):
        own = [
            picked
            for size in range(len(columns) + 1)
            for picked in combinations(columns, size)
            if all(
                may(request, row, one, [(row, other) for other in picked[:nth]])
                for nth, one in enumerate(picked)
            )
        ]
        if own == [()]:
            continue
        after: dict[tuple[int, ...], int] = {}
        for counts, most in found.items():
            for picked in own:
                more = tuple(count + (column in picked) for column, count in enumerate(counts))
                if any(one > place for one, place in zip(more, places, strict=True)):
                    continue
                load = before + sum(
                    int(request.slots.ends[one] - request.slots.starts[one]) for one in picked
                )
                after[more] = min(after.get(more, 10**9), max(most, load))
        found = after
    return found


def most_filled(request: RosterRequest) -> int:
    """Return by trying everything how many wanted places can be filled."""
    wanted = request.slots.minimum.tolist()
    return max(int(sum(map(min, counts, wanted))) for counts in all_rosters(request))


def may(request: RosterRequest, row: int, column: int, chosen: list[tuple[int, int]]) -> bool:
    """Tell by the words of the rules whether a person may take a slot besides those chosen."""
    slots, busy = request.slots, request.people.busy
    starts, ends = slots.starts[column], slots.ends[column]
    mine = [other for one, other in chosen if one == row]
    return bool(
        request.allowed[row, column]
        and not any(
            starts < busy.end[window] and busy.start[window] < ends
            for window in range(int(busy.ptr[row]), int(busy.ptr[row + 1]))
        )
        and not any(starts < slots.ends[one] and slots.starts[one] < ends for one in mine)
        and sum(slots.starts[one] // DAY == starts // DAY for one in mine) < request.day_cap
    )


_SLOTS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 5), st.integers(1, 3), st.integers(0, 2)),
    max_size=4,
).map(
    lambda rows: [
        Slot(10 + n, day * DAY + 60 * hour, day * DAY + 60 * (hour + length), wanted, wanted + 1)
        for n, (day, hour, length, wanted) in enumerate(rows)
    ]
)


@st.composite
def requests(draw: Any, *, one_at_a_time: bool = False) -> RosterRequest:
    slots = draw(_SLOTS)
    if one_at_a_time:
        slots = [slot._replace(starts=0, ends=60) for slot in slots]
    people = draw(st.dictionaries(st.integers(1, 9), st.integers(0, 300), min_size=1, max_size=4))
    allowed = {
        person: draw(st.sets(st.sampled_from([slot.id for slot in slots] or [0])))
        for person in people
    }
    busy = {
        person: [(60 * hour, 60 * hour + 60)]
        for person in people
        if not one_at_a_time and (hour := draw(st.integers(-1, 5))) >= 0
    }
    return ask(
        slots,
        people,
        allowed=allowed,
        busy=busy,
        day_cap=draw(st.integers(1, 2)),
        fill=draw(st.booleans()),
    )
