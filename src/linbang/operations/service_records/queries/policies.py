"""Policies in plain words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import local_date
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import regions_under
from linbang.operations.service_records import rules
from linbang.operations.service_records.choices import Midnight, Rounding
from linbang.operations.service_records.queries.adoptions import (
    AdoptionRow,
    adoption_history,
    adoptions_above,
    policy_label,
    regions_with_policy,
)
from linbang.operations.service_records.queries.previews import Preview, preview_policy
from linbang.operations.service_records.rules import Adoption, CreditPolicy

_STREET_DIGITS = 9
_STREETS_MAX = 100


@dataclass(frozen=True)
class PolicyLine:
    """One rule, and what each policy says of it."""

    label: str | Promise
    names: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """All of them say the same."""
        return len(set(self.words)) == 1

    @property
    def cells(self) -> list[tuple[str, str]]:
        """Each policy's name with what it says."""
        return list(zip(self.names, self.words, strict=True))


def rounding_words(code: str, version: int) -> str:
    """Return how a version of a policy rounds, empty for one that is not known."""
    policy = rules.POLICIES.get((code, version))
    return str(Rounding(policy.rounding).label) if policy else ""


def policy_lines(policies: Sequence[CreditPolicy]) -> list[PolicyLine]:
    """Return every rule in plain words, side by side."""
    names = tuple(policy_label(policy.code, policy.version) for policy in policies)
    return [
        PolicyLine(label, names, tuple(words(policy) for policy in policies))
        for label, words in _LINES
    ]


def _rounding(policy: CreditPolicy) -> str:
    return str(Rounding(policy.rounding).label)


def _display(policy: CreditPolicy) -> str:
    return _("小时，两位小数") if policy.shows_decimals else _("小时和分钟")


def _margin(policy: CreditPolicy) -> str:
    if not policy.margin_minutes:
        return _("只计约定的时间")
    return _("约定时间前后各 %(minutes)s 分钟以内也计") % {"minutes": policy.margin_minutes}


def _travel(policy: CreditPolicy) -> str:
    if not policy.travel_minutes:
        return _("不计")
    return _("从集合起计，最多 %(minutes)s 分钟") % {"minutes": policy.travel_minutes}


def _at_once(policy: CreditPolicy) -> str:
    return _("%(hours)s 小时以内") % {"hours": policy.day_minutes_at_once // 60}


def _by_station(policy: CreditPolicy) -> str:
    return _("超过 %(low)s 小时，%(high)s 小时以内") % {
        "low": policy.day_minutes_at_once // 60,
        "high": policy.day_minutes_by_station // 60,
    }


def _by_officer(policy: CreditPolicy) -> str:
    return _("超过 %(low)s 小时；满 %(high)s 小时为止") % {
        "low": policy.day_minutes_by_station // 60,
        "high": policy.day_minutes_max // 60,
    }


def _pairs(policy: CreditPolicy) -> str:
    return _("%(count)s 次，多出的不计") % {"count": policy.pairs_max}


def _midnight(policy: CreditPolicy) -> str:
    return str(Midnight(policy.midnight).label)


def _location(policy: CreditPolicy) -> str:
    return (
        _("等站点审核（只限 100 人以上的活动）") if policy.reviews_location else _("和扫码一样生效")
    )


_LINES: Sequence[tuple[str | Promise, Callable[[CreditPolicy], str]]] = (
    (gettext_lazy("取整"), _rounding),
    (gettext_lazy("显示"), _display),
    (gettext_lazy("早到和晚走"), _margin),
    (gettext_lazy("路上的时间"), _travel),
    (gettext_lazy("跨零点"), _midnight),
    (gettext_lazy("一天在一个活动签到"), _pairs),
    (gettext_lazy("只凭定位签到"), _location),
    (gettext_lazy("每天自动生效"), _at_once),
    (gettext_lazy("由站点审核"), _by_station),
    (gettext_lazy("由上级审核"), _by_officer),
)


@dataclass(frozen=True)
class PolicyHead:
    """A policy at the head of its column."""

    key: str
    label: str
    is_in_force: bool


@dataclass(frozen=True)
class PolicyPage:
    """The presets side by side, which one holds in a region, and what was decided."""

    region: Region
    regions: tuple[Region, ...]
    in_force: str
    since: Adoption | None
    heads: tuple[PolicyHead, ...]
    lines: tuple[PolicyLine, ...]
    history: tuple[AdoptionRow, ...]
    may_adopt: bool


def policy_page(actor: Actor, region: Region, now: datetime) -> PolicyPage:
    """Return the page of a region's policies; a fixed number of queries."""
    decided = adoptions_above([region.code])
    today = local_date(now)
    since = rules.adoption_in_force(decided, region=region.code, day=today)
    policy = since.policy if since else rules.DEFAULT_POLICY
    heads = tuple(
        PolicyHead(f"{one.code}-{one.version}", policy_label(one.code, one.version), one == policy)
        for one in rules.PRESETS
    )
    own = regions_with_policy(actor)
    below = [
        one
        for wide in own
        if len(wide.code) < _STREET_DIGITS
        for one in regions_under(wide.code, level=RegionLevel.STREET)[:_STREETS_MAX]
    ]
    return PolicyPage(
        region=region,
        regions=(*own, *below),
        in_force=policy_label(policy.code, policy.version),
        since=since,
        heads=heads,
        lines=tuple(policy_lines(rules.PRESETS)),
        history=tuple(adoption_history(region.code)),
        may_adopt=rules.may_adopt(actor, region=region.code),
    )


def preview_of(region: str, named: tuple[str, int], now: datetime) -> Preview:
    """Return what one of the presets would change. Raises PolicyUnknown."""
    return preview_policy(region, rules.preset_named(*named), now)
