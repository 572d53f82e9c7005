"""What the trail says, how it is chained, and how personal data is masked, over plain values."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any, Protocol

# The cell of what belongs to no county yet, such as a code sent to a number nobody registered.
NO_CELL = "000000"
GENESIS = "0" * 64

# Two characters each.
_COMPOUND_SURNAMES = frozenset(
    re.findall(
        "..",
        "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠"
        "公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁"
        "拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生左丘东门西门第五歐陽東方獨孤南宮聞人諸葛尉遲"
        "赫連澹臺濮陽公孫鍾離長孫鮮于",
    )
)


class Witness(Protocol):
    """Who acts, as the trail needs to know it; ``access.rules.Actor`` is one."""

    @property
    def account_id(self) -> int | None: ...
    @property
    def person_id(self) -> int | None: ...
    @property
    def cell(self) -> str: ...
    @property
    def address(self) -> str | None: ...
    @property
    def on_behalf_of_id(self) -> int | None: ...


class Viewer(Witness, Protocol):
    """Who reads the trail; ``access.rules.Actor`` is one."""

    @property
    def is_system(self) -> bool: ...
    @property
    def is_signed_in(self) -> bool: ...
    def regions_for(self, permission: Any) -> tuple[str, ...]: ...
    def may_anywhere(self, permission: Any) -> bool: ...


class Sight(IntEnum):
    """How much of an address somebody may see (domain handbook §8.3)."""

    PUBLIC = 0
    STAFF = 1
    FULL = 2


def surname_of(name: str) -> str:
    """Return the surname of a Chinese name: two characters where it is a compound one."""
    return name[:2] if name[:2] in _COMPOUND_SURNAMES and len(name) > 2 else name[:1]


def mask_name(name: str) -> str:
    """Keep the surname, two characters of a compound one, and a ``*`` for each further one."""
    kept = 2 if name[:2] in _COMPOUND_SURNAMES and len(name) > 2 else 1
    return name[:kept] + "*" * max(len(name) - kept, 1 if name else 0)


def mask_phone(phone: str) -> str:
    """Write a mobile number as 138****1234; of shorter numbers show the last two digits."""
    if len(phone) >= 11:
        return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}"
    return "*" * max(len(phone) - 2, 0) + phone[-2:]


def mask_document(number: str) -> str:
    """Write a resident ID as its first six, eight stars and last four; else the last four only."""
    if len(number) == 18:
        return f"{number[:6]}{'*' * 8}{number[-4:]}"
    kept = min(4, len(number) // 2)
    return "*" * (len(number) - kept) + number[len(number) - kept :]


def mask_address(
    *, community: str, building: str = "", door: str = "", sight: Sight = Sight.PUBLIC
) -> str:
    """Write an address down to the community, the building or the door."""
    return "".join((community, building, door)[: sight + 1])


def canonical(event: Mapping[str, Any]) -> bytes:
    """Return the one way to write an event's columns: sorted JSON, instants in UTC."""
    return json.dumps(
        {key: _plain(value) for key, value in event.items()},
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def chain(previous_hash: str, event: Mapping[str, Any]) -> str:
    """Return the hash of a link: SHA-256 over the link before and the canonical event."""
    return hashlib.sha256(previous_hash.encode() + canonical(event)).hexdigest()
