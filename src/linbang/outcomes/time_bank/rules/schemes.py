"""Schemes of saving time: what each place's rules say, and where the sources are silent.

Source: domain handbook §4 (Nanjing 2019, Beijing 2022, Shanghai 2026, Changning, Guangzhou,
Xinzhu); what they do not tell is the programme's default (rules 66–74) and named in ``unknown``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from linbang.foundation.people.choices import Relation
from linbang.intake.care.choices import CareCategory
from linbang.outcomes.time_bank.choices import (
    GiftReceiver,
    GrantSource,
    SchemeCode,
    SchemeName,
    UnitName,
    Words,
)
from linbang.outcomes.time_bank.errors import (
    LimitNotAdjustable,
    LimitOutOfBounds,
    SchemeUnknown,
)

# Rule 74 is fixed: below this age nothing is saved for oneself.
ADULT_AGE = 18
HOUR = 60
_DIRECT = frozenset(
    {
        Relation.SPOUSE,
        Relation.PARENT,
        Relation.CHILD,
        Relation.GRANDPARENT,
        Relation.GRANDCHILD,
    }
)
_NEEDY = frozenset(
    {
        CareCategory.DIBAO,
        CareCategory.DISABLED,
        CareCategory.EMPTY_NEST,
        CareCategory.DESTITUTE,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scheme:
    """The rules of saving and spending time in a place. Books keep minutes; ages are full years.

    ``step_minutes`` is the smallest part spoken of and spent. ``items`` are the service items
    that can be paid with saved time; none means every one. ``region_code`` is where the scheme was
    adopted, "" for a preset. ``unknown`` names the fields the sources do not tell.
    """

    code: SchemeCode
    version: int = 1
    name: Words
    unit: Words
    minutes_per_unit: int = HOUR
    step_minutes: int = HOUR // 2
    # Who earns (rules 66, 74).
    earn_age_min: int = ADULT_AGE
    earn_age_min_women: int | None = None
    earn_age_max: int | None = None
    earn_day_minutes_max: int = 8 * HOUR
    balance_minutes_max: int = 1500 * HOUR
    groups_earn_to_pool: bool = True
    minors_earn_to_pool: bool = True
    # Who spends, on what (rules 69, 70, 73).
    redeem_age_min: int = 60
    redeem_age_min_hardship: int | None = None
    relative_age_min: int = 60
    relatives: frozenset[Relation] = _DIRECT
    gift_receivers: frozenset[GiftReceiver] = frozenset(
        {GiftReceiver.DIRECT_RELATIVE, GiftReceiver.POOL}
    )
    items: frozenset[str] = frozenset()
    min_redeem_minutes: int = 0
    departure_share_percent: int = 50
    dispute_days: int = 7
    dispute_answer_workdays: int = 10
    # What is granted to needy elders (rule 71).
    grant_minutes: int = 10 * HOUR
    grant_categories: frozenset[CareCategory] = _NEEDY
    grant_age_min: int = 60
    grant_source: GrantSource = GrantSource.POOL
    grant_expires_month_end: bool = True
    region_code: str = ""
    unknown: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def is_adopted(self) -> bool:
        """Somebody decided for it; else it is the default."""
        return bool(self.region_code)


_IDENTITY = frozenset({"code", "version", "region_code", "unknown"})
RULE_FIELDS: tuple[str, ...] = tuple(
    one.name for one in fields(Scheme) if one.name not in _IDENTITY
)


def _preset(base: Scheme | None = None, **told: Any) -> Scheme:
    """Return a scheme that knows what it was told, and what it took from the programme."""
    unknown = (base.unknown if base else frozenset(RULE_FIELDS)) - told.keys()
    return replace(base, unknown=unknown, **told) if base else Scheme(unknown=unknown, **told)


def _preset_without(names: frozenset[str], base: Scheme) -> Scheme:
    return replace(base, unknown=base.unknown | names)


XINZHU = _preset(
    code=SchemeCode.XINZHU,
    name=SchemeName.LOVE_SAVINGS.label,
    unit=UnitName.LOVE_HOUR.label,
)
NANJING = _preset_without(
    frozenset({"unit"}),
    _preset(
        code=SchemeCode.NANJING,
        name=SchemeName.MUTUAL_HELP.label,
        unit=UnitName.LOVE_HOUR.label,
        minutes_per_unit=HOUR,
        earn_age_min=ADULT_AGE,
        balance_minutes_max=1500 * HOUR,
        groups_earn_to_pool=True,
        redeem_age_min=60,
        relative_age_min=60,
        gift_receivers=frozenset({GiftReceiver.POOL, GiftReceiver.NEEDY_ELDER}),
        # 五助: meals, bathing, cleaning, emergency, medical errands.
        items=frozenset({"meal", "bathing", "cleaning", "safety", "clinic", "medicine"}),
        grant_categories=_NEEDY,
        grant_age_min=60,
        grant_source=GrantSource.ISSUE,
    ),
)
BEIJING = _preset(
    code=SchemeCode.BEIJING,
    name=SchemeName.TIME_BANK.label,
    unit=UnitName.TIME_COIN.label,
    minutes_per_unit=HOUR,
    earn_age_min=ADULT_AGE,
    redeem_age_min=60,
    relatives=frozenset({Relation.PARENT, Relation.GRANDPARENT}),
    gift_receivers=frozenset({GiftReceiver.DIRECT_RELATIVE}),
    # Eight kinds: comfort, assistance, going out, culture and sport, health, law, lectures, fraud.
    items=frozenset(
        {
            "company", "counselling", "errands", "shopping", "outing", "wheelchair", "reading",
            "blood-pressure", "check-up", "legal", "phone-lesson",
        }
    ),
)  # fmt: skip
SHANGHAI = _preset_without(
    frozenset({"unit"}),
    _preset(
        code=SchemeCode.SHANGHAI,
        name=SchemeName.TIMES_TOGETHER.label,
        unit=UnitName.LOVE_HOUR.label,
        minutes_per_unit=HOUR,
        earn_age_min=ADULT_AGE,
        groups_earn_to_pool=True,
        minors_earn_to_pool=True,
        redeem_age_min=65,
        redeem_age_min_hardship=60,
        gift_receivers=frozenset(
            {
                GiftReceiver.RELATIVE,
                GiftReceiver.FRIEND,
                GiftReceiver.POOL,
                GiftReceiver.NEEDY_ELDER,
                GiftReceiver.CARE_BODY,
            }
        ),
        # Low-risk and not professional.
        items=frozenset({"cleaning", "laundry", "company", "reading", "phone-lesson", "errands"}),
    ),
)
CHANGNING = _preset_without(
    frozenset({"name"}),
    _preset(
        SHANGHAI,
        code=SchemeCode.CHANGNING,
        name=SchemeName.TIME_BANK.label,
        earn_age_min=60,
        earn_age_min_women=50,
        earn_age_max=70,
        earn_day_minutes_max=2 * HOUR,
        balance_minutes_max=600 * HOUR,
    ),
)
GUANGZHOU = _preset_without(
    frozenset({"unit"}),
    _preset(
        code=SchemeCode.GUANGZHOU,
        name=SchemeName.PUBLIC_TIME_BANK.label,
        unit=UnitName.LOVE_HOUR.label,
        step_minutes=HOUR,
        balance_minutes_max=1500 * HOUR,
        min_redeem_minutes=100 * HOUR,
    ),
)

DEFAULT = XINZHU
PRESETS: tuple[Scheme, ...] = (XINZHU, NANJING, BEIJING, SHANGHAI, CHANGNING, GUANGZHOU)
_BY_CODE: Mapping[tuple[str, int], Scheme] = {(one.code, one.version): one for one in PRESETS}


def preset(code: str, version: int = 1) -> Scheme:
    """Return a preset as it was in a version; an adoption keeps the one it decided for.

    Raises SchemeUnknown.
    """
    found = _BY_CODE.get((code, version))
    if found is None:
        raise SchemeUnknown(field="scheme")
    return found


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which values a place may set a limit of its own, and in what steps."""

    least: int
    most: int
    step: int = 1


# Minutes in whole steps, ages in years; what is not here cannot be changed by a place.
ADJUSTABLE: Mapping[str, Bounds] = {
    "earn_day_minutes_max": Bounds(HOUR, 12 * HOUR, HOUR // 2),
    "balance_minutes_max": Bounds(10 * HOUR, 5000 * HOUR, HOUR),
    "earn_age_min": Bounds(ADULT_AGE, 70),
    "redeem_age_min": Bounds(50, 80),
    "relative_age_min": Bounds(50, 80),
    "min_redeem_minutes": Bounds(0, 200 * HOUR, HOUR // 2),
    "departure_share_percent": Bounds(0, 100, 5),
    "dispute_days": Bounds(1, 30),
    "dispute_answer_workdays": Bounds(1, 20),
    "grant_minutes": Bounds(0, 40 * HOUR, HOUR // 2),
    "grant_age_min": Bounds(50, 90),
}


def adopted(
    base: Scheme,
    *,
    region_code: str,
    name: Words = "",
    unit: Words = "",
    limits: Mapping[str, int] | None = None,
) -> Scheme:
    """Return a preset as a place adopted it: what it decided itself is no longer unknown."""
    own: dict[str, Any] = dict(limits or {})
    if name:
        own["name"] = name
    if unit:
        own["unit"] = unit
    return replace(base, region_code=region_code, unknown=base.unknown - own.keys(), **own)


def require_limits(limits: Mapping[str, int]) -> None:
    """Refuse limits of a place beyond sane bounds. Raises LimitNotAdjustable, LimitOutOfBounds."""
    for name, value in limits.items():
        bounds = ADJUSTABLE.get(name)
        if bounds is None:
            raise LimitNotAdjustable(field=name)
        if not bounds.least <= value <= bounds.most or (value - bounds.least) % bounds.step:
            raise LimitOutOfBounds(
                field=name, least=bounds.least, most=bounds.most, step=bounds.step
            )


def own_limits(base: Scheme, limits: Mapping[str, int | None]) -> dict[str, int]:
    """Return which limits a place sets otherwise than the preset; what is left empty is its own."""
    return {
        name: value
        for name, value in limits.items()
        if value is not None and value != getattr(base, name)
    }


def is_same(one: Scheme, other: Scheme) -> bool:
    """Tell whether two schemes say the same to everybody, lazily translated names included."""
    return all(
        str(getattr(one, name)) == str(getattr(other, name))
        if name in {"name", "unit"}
        else getattr(one, name) == getattr(other, name)
        for name in (*RULE_FIELDS, "code", "version", "region_code")
    )
