"""The words of the savings."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Purpose(TextChoices):
    """Why units moved, as the statement says it."""

    EARNED = "earned", _("服务所得")
    OVERFLOW = "overflow", _("转入公共池")
    CORRECTED = "corrected", _("时长更正")
    VOIDED = "voided", _("记录作废")
    RESTORED = "restored", _("恢复记录")
    REVERSED = "reversed", _("冲正")
    SETTLED = "settled", _("补扣此前应退")
    GRANTED = "granted", _("每月赠时")
    EXPIRED = "expired", _("赠时到期收回")
    REDEEMED = "redeemed", _("支付服务")
    REFUNDED = "refunded", _("支付退回")
    DEPARTURE = "departure", _("临时取消的补偿")
    GIFT = "gift", _("赠送")
    DONATED = "donated", _("捐给公共池")
    PASSED_ON = "passed_on", _("储蓄移交")


class PoolCause(TextChoices):
    """Why what was earned went to the pool instead of to the person."""

    DAY_LIMIT = "day", _("当天存入已到上限")
    BALANCE_LIMIT = "balance", _("余额已到上限")
    MINOR = "minor", _("未满18周岁的服务计入公共池")
    GROUP = "group", _("集体服务计入公共池")
    AGE = "age", _("不在本办法的存时年龄内")


class GiftReceiver(TextChoices):
    """Who may be given saved time."""

    DIRECT_RELATIVE = "direct", _("已登记的直系亲属")
    RELATIVE = "relative", _("已登记的亲属")
    FRIEND = "friend", _("朋友")
    POOL = "pool", _("公共池")
    NEEDY_ELDER = "elder", _("困难老人")
    CARE_BODY = "care_body", _("非营利养老机构")


class GrantSource(TextChoices):
    """Where monthly grants come from."""

    POOL = "pool", _("公共池，用完为止")
    ISSUE = "issue", _("公共基金增发")


class SchemeCode(TextChoices):
    """The schemes there are presets of (domain handbook §4)."""

    XINZHU = "xinzhu", _("新竹")
    NANJING = "nanjing", _("南京")
    BEIJING = "beijing", _("北京")
    SHANGHAI = "shanghai", _("上海")
    CHANGNING = "changning", _("上海长宁")
    GUANGZHOU = "guangzhou", _("广州")


class SchemeName(TextChoices):
    """What a scheme calls itself."""

    LOVE_SAVINGS = "love_savings", _("爱心储蓄所")
    MUTUAL_HELP = "mutual_help", _("互助时间平台")
    TIME_BANK = "time_bank", _("时间银行")
    TIMES_TOGETHER = "times_together", _("沪助养老时光汇")
    PUBLIC_TIME_BANK = "public_time_bank", _("公益时间银行")


class UnitName(TextChoices):
    """What a scheme calls its unit."""

    LOVE_HOUR = "love_hour", _("爱心时")
    TIME_COIN = "time_coin", _("时间币")


class GiftOutcome(TextChoices):
    """How a gift that was offered ended."""

    ACCEPTED = "accepted", _("已收下")
    DECLINED = "declined", _("谢绝了")
    EXPIRED = "expired", _("过期退回")


class DisputeState(TextChoices):
    """Where a dispute stands."""

    OPEN = "open", _("等服务站处理")
    PROPOSED = "proposed", _("等第二人确认")
    STANDS = "stands", _("维持原样")
    REVERSED = "reversed", _("已退回")


class RulingDecision(TextChoices):
    """What two members of staff decide about a movement."""

    STAND = "stand", _("维持原样")
    REVERSE = "reverse", _("退回这一笔")


class EstateCause(TextChoices):
    """Why savings are passed on."""

    CLOSED = "closed", _("已注销登记")
    DIED = "died", _("已去世")
    LEFT = "left", _("已迁离")


class StatementKind(TextChoices):
    """What a statement may be narrowed to."""

    EARNED = "earned", _("存入")
    SPENT = "spent", _("支付")
    GIVEN = "given", _("赠送与捐出")
    OTHER = "other", _("更正与退回")


PURPOSES_OF_KIND: dict[str, frozenset[str]] = {
    StatementKind.EARNED: frozenset({Purpose.EARNED, Purpose.GRANTED, Purpose.DEPARTURE}),
    StatementKind.SPENT: frozenset({Purpose.REDEEMED}),
    StatementKind.GIVEN: frozenset({Purpose.GIFT, Purpose.DONATED, Purpose.PASSED_ON}),
    StatementKind.OTHER: frozenset(
        {
            Purpose.OVERFLOW,
            Purpose.CORRECTED,
            Purpose.VOIDED,
            Purpose.RESTORED,
            Purpose.REVERSED,
            Purpose.SETTLED,
            Purpose.EXPIRED,
            Purpose.REFUNDED,
        }
    ),
}


# Purposes by which a record moves a saver's book; anything else is received, spent or given.
EARNING = (
    Purpose.EARNED,
    Purpose.CORRECTED,
    Purpose.VOIDED,
    Purpose.RESTORED,
    Purpose.REVERSED,
    Purpose.SETTLED,
)


class Span(TextChoices):
    """How far back a page of figures looks."""

    MONTH = "month", _("本月")
    YEAR = "year", _("近十二个月")
    ALL = "all", _("开办以来")


# What each rule of a scheme is called on its page.
FIELD_LABELS: Mapping[str, Words] = {
    "name": _("名称"),
    "unit": _("单位名称"),
    "minutes_per_unit": _("一个单位合"),
    "step_minutes": _("最小计量"),
    "earn_age_min": _("存时年龄"),
    "earn_age_min_women": _("女性存时年龄"),
    "earn_age_max": _("存时年龄至"),
    "earn_day_minutes_max": _("每天最多存入"),
    "balance_minutes_max": _("余额上限"),
    "groups_earn_to_pool": _("集体服务"),
    "minors_earn_to_pool": _("未成年人服务"),
    "redeem_age_min": _("本人使用年龄"),
    "redeem_age_min_hardship": _("困难老人使用年龄"),
    "relative_age_min": _("亲属使用年龄"),
    "relatives": _("可用的亲属"),
    "gift_receivers": _("可以送给"),
    "items": _("可换服务"),
    "min_redeem_minutes": _("满多少才能用"),
    "departure_share_percent": _("出发后取消补给志愿者"),
    "dispute_days": _("可提异议"),
    "dispute_answer_workdays": _("异议答复"),
    "grant_minutes": _("每月赠时"),
    "grant_categories": _("赠时对象"),
    "grant_age_min": _("赠时年龄"),
    "grant_source": _("赠时来源"),
    "grant_expires_month_end": _("赠时月底到期"),
}
