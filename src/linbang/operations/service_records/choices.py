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


class RecordState(TextChoices):
    UNCONFIRMED = "unconfirmed", _("待确认")
    DISPUTED = "disputed", _("有异议")
    UNVERIFIED = "unverified", _("待审核")
    VERIFIED = "verified", _("已生效")


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
