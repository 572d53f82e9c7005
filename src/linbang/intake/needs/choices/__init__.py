"""The words of a need: how it came, where it stands, what it must beware of."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NeedChannel(TextChoices):
    """How a need reached us."""

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


# Dispatch looks at these again every minute.
LOOKING_FOR_SOMEBODY = (NeedState.ESCALATED, NeedState.OFFERED, NeedState.VERIFIED)
# A need that ended without a visit leaves its day free for another of the same kind (rule 65).
ENDED_UNSERVED = (NeedState.DECLINED, NeedState.WITHDRAWN, NeedState.LAPSED)


class Risk(TextChoices):
    """How much care a service item asks of its helpers."""

    LOW = "low", _("一般")
    MEDIUM = "medium", _("需留意")
    HIGH = "high", _("较高")


class KnownRisk(TextChoices):
    """What a helper has to know before going (rule 57)."""

    FALL = "fall", _("行动不便，容易跌倒")
    DOG = "dog", _("家里有狗或其他动物")
    ALLERGY = "allergy", _("有过敏")
    INFECTIOUS = "infectious", _("有传染性疾病")
    CONFUSED = "confused", _("记性不好或认不清人")
    CHILD_ALONE = "child_alone", _("家里只有孩子")
    STAIRS = "stairs", _("没有电梯，要爬楼")
    CONFLICT = "conflict", _("家里有矛盾纠纷")


class Urgency(TextChoices):
    """How soon an answer is wished for; offers of urgent needs expire sooner (rule 60)."""

    NORMAL = "normal", _("普通")
    URGENT = "urgent", _("紧急")


# What may be wished of a helper, in words. Translators: "knows" also holds for sign language.
WISHED_SEX = {"f": _("女性志愿者"), "m": _("男性志愿者")}
WISHED_LANGUAGES = _("会%(languages)s")
WISHED_OR = _("或")


class HelpersReason(TextChoices):
    """Why more than one helper goes (rule 63)."""

    ITEM = "item", _("该项目需要多人")
    FIRST_VISIT = "first_visit", _("第一次上门")
    MINOR = "minor", _("服务未成年人")
    NIGHT = "night", _("夜间服务")
    STATION = "station", _("站点要求")


class Emergency(TextChoices):
    """What is not ours to dispatch (rule 58); the value is the number to call."""

    FIRE = "119", _("着火、有人被困")
    CRIME = "110", _("抢劫、盗窃、打人")
    ILLNESS = "120", _("突发急病、受伤")


STATE_TONES: dict[str, str] = {
    NeedState.OPENED: "gold",
    NeedState.VERIFIED: "blue",
    NeedState.OFFERED: "blue",
    NeedState.ESCALATED: "red",
    NeedState.ASSIGNED: "jade",
    NeedState.UNDER_WAY: "jade",
    NeedState.SERVED: "gold",
    NeedState.FULFILLED: "grey",
    NeedState.DECLINED: "grey",
    NeedState.WITHDRAWN: "grey",
    NeedState.LAPSED: "grey",
}

# What a step of the timeline is called, once done.
STEP_TITLES = {
    NeedState.OPENED: _("已提交求助"),
    NeedState.VERIFIED: _("服务站已核实"),
    NeedState.OFFERED: _("正在邀请志愿者"),
    NeedState.ESCALATED: _("服务站接手寻找"),
    NeedState.ASSIGNED: _("志愿者答应上门"),
    NeedState.UNDER_WAY: _("志愿者到达，开始服务"),
    NeedState.SERVED: _("服务完成"),
    NeedState.FULFILLED: _("已确认，办结"),
    NeedState.DECLINED: _("服务站未受理"),
    NeedState.WITHDRAWN: _("已撤回"),
    NeedState.LAPSED: _("未能办成"),
}

# What a step still ahead is called.
STEP_HOPES = {
    NeedState.VERIFIED: _("服务站核实"),
    NeedState.ASSIGNED: _("志愿者接单"),
    NeedState.SERVED: _("上门服务"),
    NeedState.FULFILLED: _("确认结果"),
}

# The current state in plain words, to the person who asked.
STATE_WORDS = {
    NeedState.OPENED: _("服务站已经收到，会尽快打电话或在这里答复您。"),
    NeedState.VERIFIED: _("服务站已核实，正在为您找合适的志愿者。"),
    NeedState.OFFERED: _("已经邀请附近的志愿者，正等对方答应。"),
    NeedState.ESCALATED: _("暂时没有志愿者有空，服务站的工作人员正在亲自联系，请您放心。"),
    NeedState.ASSIGNED: _("已有志愿者答应，会按约定的时间上门。"),
    NeedState.UNDER_WAY: _("志愿者正在为您服务。"),
    NeedState.SERVED: _("服务做完了，请您确认一下做得怎么样。"),
    NeedState.FULFILLED: _("这次求助已经办完，谢谢您的信任。"),
    NeedState.DECLINED: _("很抱歉，服务站这次没能受理，原因见下方进展。"),
    NeedState.WITHDRAWN: _("这次求助已经撤回，不会有人上门。"),
    NeedState.LAPSED: _("很抱歉，这次没能办成。您可以重新求助，或给服务站打电话。"),
}

DAY_PARTS = {"morning": _("上午"), "afternoon": _("下午"), "evening": _("晚上")}
