"""What saved time may be spent on, by whom, and how it is divided (rules 67–70, 72–74)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from linbang.foundation.people.choices import Relation
from linbang.intake.needs.choices import NeedState
from linbang.outcomes.time_bank import errors
from linbang.outcomes.time_bank.choices import GiftReceiver
from linbang.outcomes.time_bank.rules.schemes import Scheme

# Nobody says "I set out": half an hour before the agreed time the helper is taken to be on the way.
DEPARTURE = timedelta(minutes=30)
GIFT_OPEN = timedelta(days=7)
GIFTS_A_DAY_MAX = 3

# A payment is chosen until somebody is there.
PAYABLE = frozenset(
    {
        NeedState.OPENED,
        NeedState.VERIFIED,
        NeedState.OFFERED,
        NeedState.ESCALATED,
        NeedState.ASSIGNED,
    }
)

_INVERSE = {
    Relation.SPOUSE: Relation.SPOUSE,
    Relation.CHILD: Relation.PARENT,
    Relation.PARENT: Relation.CHILD,
    Relation.GRANDPARENT: Relation.GRANDCHILD,
    Relation.GRANDCHILD: Relation.GRANDPARENT,
    Relation.SIBLING: Relation.SIBLING,
    Relation.GUARDIAN: Relation.OTHER,
    Relation.OTHER: Relation.OTHER,
}

_MONEY_WORDS = re.compile(
    r"[￥¥$]|[\d零一二两三四五六七八九十百千万]\s*(?:元(?!旦)|块钱|rmb|人民币)"
    # Together is 一块 in Chinese, and so is a yuan.
    r"|[\d二两三四五六七八九十百千万]\s*块(?!儿)"
    r"|红包|转账|微信支付|支付宝|现金|兑现|收购|出售|卖给|付钱|给钱|报酬",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Share:
    """What one book promises for the helper of one place."""

    place: int
    is_grant: bool
    minutes: int


def inverse(relation: Relation) -> Relation:
    """Return what a person is to her relative, from what the relative is to her."""
    return _INVERSE[relation]


def cost_minutes(starts_at: datetime, ends_at: datetime, *, step: int) -> int:
    """Return what one helper of a planned window costs: its minutes, up to the next whole step."""
    minutes = int((ends_at - starts_at).total_seconds() // 60)
    return -(-minutes // step) * step


def minutes_of(units: Decimal, *, scheme: Scheme) -> int:
    """Return units as minutes. Raises NotWholeSteps unless they are whole steps above nothing."""
    minutes = units * scheme.minutes_per_unit
    if minutes <= 0 or minutes % scheme.step_minutes:
        step = Decimal(scheme.step_minutes) / scheme.minutes_per_unit
        raise errors.NotWholeSteps(field="units", step=f"{step.normalize():f}")
    return int(minutes)


def require_redeemer(
    scheme: Scheme, *, item_code: str, age: int, relation: Relation | None, is_hardship: bool
) -> None:
    """Refuse to pay for what the scheme does not offer, or for whom it does not (rule 70).

    ``age`` is the beneficiary's; ``relation`` what she is to the payer, None for oneself.
    Raises ItemNotPayable, TooYoungToRedeem, NotARelative.
    """
    if scheme.items and item_code not in scheme.items:
        raise errors.ItemNotPayable
    if relation is None:
        least = redeem_age(scheme, is_hardship=is_hardship)
        if age < least:
            raise errors.TooYoungToRedeem(age=least)
    elif relation not in scheme.relatives or age < scheme.relative_age_min:
        raise errors.NotARelative(age=scheme.relative_age_min)


def require_min_redeem(scheme: Scheme, *, balance: int, has_grant: bool) -> None:
    """Refuse spending below the balance from which a scheme allows it. Raises BelowMinRedeem."""
    if balance < scheme.min_redeem_minutes and not has_grant:
        raise errors.BelowMinRedeem(units=scheme.min_redeem_minutes // scheme.minutes_per_unit)


def redeem_age(scheme: Scheme, *, is_hardship: bool) -> int:
    """Return the age from which one pays for oneself."""
    if is_hardship and scheme.redeem_age_min_hardship is not None:
        return min(scheme.redeem_age_min, scheme.redeem_age_min_hardship)
    return scheme.redeem_age_min


def require_payable(state: NeedState) -> None:
    """Refuse to choose or take back a payment once somebody is there. Raises TooLateToPay."""
    if state not in PAYABLE:
        raise errors.TooLateToPay


def allocate(
    each: int, places: Sequence[int], *, grant_free: int, own_free: int
) -> tuple[Share, ...]:
    """Divide what helpers cost between the month's grant, which is spent first, and one's savings.

    Raises NotEnoughSaved; nothing is paid in part, for the need is served in any case.
    """
    needed = each * len(places)
    if needed > grant_free + own_free:
        raise errors.NotEnoughSaved
    shares = []
    for place in places:
        of_grant = min(each, grant_free)
        grant_free -= of_grant
        if of_grant:
            shares.append(Share(place, True, of_grant))
        if each > of_grant:
            shares.append(Share(place, False, each - of_grant))
    return tuple(shares)


def has_departed(starts_at: datetime, now: datetime) -> bool:
    """Tell whether the helper of a visit is taken to be on the way (rule 69)."""
    return now >= starts_at - DEPARTURE


def departure_share(minutes: int, *, percent: int) -> int:
    """Return the helper's part of what was promised when the asker calls it off on the way."""
    return minutes * percent // 100


def paid_from(parts: Sequence[int], due: int) -> list[int]:
    """Return what each promise pays of what is due, the first one first."""
    paid = []
    for part in parts:
        paid.append(min(part, due))
        due -= paid[-1]
    return paid


def gift_kind(scheme: Scheme, *, relation: Relation | None, age: int) -> GiftReceiver | None:
    """Tell as what somebody may be given saved time; None if the scheme does not allow it."""
    allowed = scheme.gift_receivers
    if relation is not None and age >= scheme.relative_age_min:
        if relation in scheme.relatives and GiftReceiver.DIRECT_RELATIVE in allowed:
            return GiftReceiver.DIRECT_RELATIVE
        if GiftReceiver.RELATIVE in allowed:
            return GiftReceiver.RELATIVE
    return GiftReceiver.FRIEND if GiftReceiver.FRIEND in allowed else None


def require_gift(*, note: str, offered_today: int) -> None:
    """Refuse gifts that speak of money (rule 67), or too many on a day.

    Raises UnitsAreNotMoney, TooManyGifts.
    """
    require_no_money(note)
    if offered_today >= GIFTS_A_DAY_MAX:
        raise errors.TooManyGifts(count=GIFTS_A_DAY_MAX)


def require_no_money(note: str) -> None:
    """Refuse words that offer or ask for money. Raises UnitsAreNotMoney."""
    if speaks_of_money(note):
        raise errors.UnitsAreNotMoney(field="note")


def speaks_of_money(text: str) -> bool:
    """Tell whether a note offers or asks for money: an amount, or a word of paying."""
    return _MONEY_WORDS.search(text) is not None


def require_room(balance: int, minutes: int, *, most: int) -> None:
    """Refuse what would lift a balance above the scheme's limit (rule 66). Raises ReceiverFull."""
    if balance + minutes > most:
        raise errors.ReceiverFull
