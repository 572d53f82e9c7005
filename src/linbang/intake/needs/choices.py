from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NeedChannel(TextChoices):
    SELF = "self", _("本人提出")
    RELATIVE = "relative", _("亲属代提")
    PHONE = "phone", _("电话登记")
    VISIT = "visit", _("走访登记")


class NeedState(TextChoices):
    """Where a need stands; ``NeedStep`` keeps who brought it there and when."""

    OPENED = "opened", _("待核实")
    VERIFIED = "verified", _("待派单")
    OFFERED = "offered", _("正在找人")
    ESCALATED = "escalated", _("站点接手")
    ASSIGNED = "assigned", _("已有人接单")
    UNDER_WAY = "under_way", _("服务中")
    SERVED = "served", _("待确认")
    FULFILLED = "fulfilled", _("已办结")
    DECLINED = "declined", _("未受理")
    WITHDRAWN = "withdrawn", _("已撤回")
    LAPSED = "lapsed", _("未能办成")


class Risk(TextChoices):
    LOW = "low", _("一般")
    MEDIUM = "medium", _("需留意")
    HIGH = "high", _("较高")


class Urgency(TextChoices):
    NORMAL = "normal", _("普通")
    URGENT = "urgent", _("紧急")
