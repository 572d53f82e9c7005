from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RecordKind(TextChoices):
    """How the time was proved; the two kinds stay apart for ever (rule 38)."""

    PROVED = "proved", _("信用时长")
    ENTERED = "entered", _("荣誉时长")


class Verdict(TextChoices):
    CONFIRMED = "confirmed", _("属实")
    DISPUTED = "disputed", _("有异议")


class ConfirmedBy(TextChoices):
    RESIDENT = "resident", _("居民本人")
    RELATIVE = "relative", _("亲属")
    STATION = "station", _("站点电话回访")
    CARD = "card", _("居民出示红卡")


class Cut(TextChoices):
    """Why part of the presence was not counted."""

    BEFORE = "before", _("早到的时间不计")
    AFTER = "after", _("超出约定的时间不计")
    MIDNIGHT = "midnight", _("零点以后的时间不计")
    OVERLAP = "overlap", _("与另一段服务重叠的时间不计")
    PAIRS = "pairs", _("当天在这个活动的签到次数已满，多出的不计")


class PolicyCode(TextChoices):
    """The crediting policies, each with versions of its own."""

    XINZHU = "xinzhu", _("新竹")
    NATIONAL = "national", _("全国系统")
    GUANGDONG = "guangdong", _("广东")
    CHONGQING = "chongqing", _("重庆")
    MINUTES = "minutes", _("按分钟")


class Rounding(TextChoices):
    """What the minutes of a service are rounded to."""

    HALF_HOURS = (
        "half_hours",
        _("按半小时：不满的部分 15 分钟以内不计，16 到 45 分钟计半小时，更多计一小时"),
    )
    MINUTES = "minutes", _("按分钟，不取整")


class Midnight(TextChoices):
    """What becomes of a service planned over midnight."""

    CUT = "cut", _("只计到零点，零点以后不计")
    SPLIT = "split", _("零点前后各计各的日子，合起来是一次服务")


class Approval(TextChoices):
    """Who may let a record count."""

    POLICY = "policy", _("自动生效")
    STATION = "station", _("站点审核")
    OFFICER = "officer", _("上级审核")


class Wait(TextChoices):
    """Why a record does not count yet."""

    UNCONFIRMED = "unconfirmed", _("等居民确认")
    DISPUTED = "disputed", _("居民有异议，等站点核实")
    ENTERED = "entered", _("人工登记的时长，等第二人审核")
    BACK_ENTERED = "back_entered", _("事后补录，等第二人审核")
    LATE = "late", _("超过十个工作日才补录，等上级审核")
    LOCATION = "location", _("只凭定位签到，等站点审核")
    OVER_8_HOURS = "over_8_hours", _("当天超过 8 小时，等站点审核")
    OVER_12_HOURS = "over_12_hours", _("当天超过 12 小时，等上级审核")
    FLAGGED = "flagged", _("正在核查，查清以后再生效")
    BARRED = "barred", _("在须先核查的期限内，等上级审核")


class RecordState(TextChoices):
    UNCONFIRMED = "unconfirmed", _("待确认")
    DISPUTED = "disputed", _("有异议")
    UNVERIFIED = "unverified", _("待审核")
    VERIFIED = "verified", _("已生效")
    VOIDED = "voided", _("已作废")


class FlagKind(TextChoices):
    """Why hours are doubted (rule 45, and what else the data shows)."""

    CREDITED_AT_ONCE = "at_once", _("刚建就计时长")
    ENTERED_BY_HAND = "by_hand", _("人工登记过多")
    ONE_DEVICE = "device", _("一台设备多人签到")
    TOO_FAR_APART = "far_apart", _("两地相距太远")
    IDENTICAL_TIMES = "same_times", _("多人时间完全相同")
    IDENTICAL_DAYS = "same_days", _("天天时间完全相同")
    NEVER_MISSES = "never_miss", _("次次满员满时")
    WITHOUT_CONTACT = "stranger", _("与队伍没有来往")


# In plain words, for whoever earned the hours too; the figures are the flag's facts.
FLAG_REASONS = {
    FlagKind.CREDITED_AT_ONCE: _("活动建立 %(minutes)s 分钟就计了时长（不到 %(limit)s 分钟）"),
    FlagKind.ENTERED_BY_HAND: _(
        "这次活动有 %(percent)s%% 的时长是人工登记的，涉及 %(people)s 人（超过 %(limit)s%%）"
    ),
    FlagKind.ONE_DEVICE: _("同一台手机或电脑给 %(people)s 个人签到"),
    FlagKind.TOO_FAR_APART: _("两次服务相距 %(kilometres)s 公里，中间只隔 %(minutes)s 分钟"),
    FlagKind.IDENTICAL_TIMES: _("同一个人登记了 %(people)s 人，时间完全相同"),
    FlagKind.IDENTICAL_DAYS: _("一个月里有 %(days)s 天登记的时间完全相同"),
    FlagKind.NEVER_MISSES: _(
        "这位负责人半年里 %(shifts)s 个班次、%(attendances)s 人次，全部按计划一分不差"
    ),
    FlagKind.WITHOUT_CONTACT: _("不是队伍成员，没有自己报过名，也没有在这里签过到"),
}


class FlagOutcome(TextChoices):
    """What a person found out about a doubt."""

    CLEARED = "cleared", _("没有问题，可以计入")
    UPHELD = "upheld", _("有问题，不予计入")


class IntegrityTab(TextChoices):
    """The heaps of looking into hours, the most pressing first."""

    FLAGGED = "flagged", _("待核查")
    COUNTED = "counted", _("已生效待复查")
    UPHELD = "upheld", _("有问题待作废")
    VOIDS = "voids", _("作废待决定")
    APPEALS = "appeals", _("申诉待答复")
    DECIDED = "decided", _("已处理")

    @classmethod
    def named(cls, name: str | None) -> "IntegrityTab":
        return cls(name) if name in cls.values else cls.FLAGGED


class VoidState(TextChoices):
    PROPOSED = "proposed", _("拟作废，待决定")
    REFUSED = "refused", _("不予作废")
    VOIDED = "voided", _("已作废")
    LIFTED = "lifted", _("作废已撤销")


class VoidOutcome(TextChoices):
    VOIDED = "voided", _("作废这段时长")
    REFUSED = "refused", _("不作废，恢复正常")


class AppealOutcome(TextChoices):
    UPHELD = "upheld", _("申诉成立，撤销作废")
    REJECTED = "rejected", _("申诉不成立，维持作废")


class SpotOutcome(TextChoices):
    """What a spot check of one record found."""

    CONFIRMED = "confirmed", _("属实")
    DOUBTFUL = "doubtful", _("存疑")
    FALSE = "false", _("不实")


class SpotMethod(TextChoices):
    PHONE = "phone", _("电话")
    VISIT = "visit", _("上门")
    PAPERS = "papers", _("查看材料")


class ClaimKind(TextChoices):
    """Who says that a record is not right."""

    OWN = "own", _("本人提出")
    NOTICE = "notice", _("公示期间有人提出")


class ClaimOutcome(TextChoices):
    UPHELD = "upheld", _("属实，予以更正")
    REJECTED = "rejected", _("核实无误，维持原记录")


class RecordTab(TextChoices):
    """The heaps on the station's desk."""

    CALL = "call", _("待电话回访")
    VERIFY = "verify", _("待审核")
    DISPUTED = "disputed", _("有异议")
    CLAIMED = "claimed", _("异议待答复")
    VERIFIED = "verified", _("已生效")

    @classmethod
    def named(cls, name: str | None) -> "RecordTab":
        return cls(name) if name in cls.values else cls.CALL
