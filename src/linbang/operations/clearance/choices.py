from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Cause(TextChoices):
    """Why a person may not take a post now: the codes of ``clearance_against_v1``, in its order.

    A qualification's cause comes as ``code:qualification``.
    """

    NOT_CONFIRMED = "not_confirmed", _("登记还没有经本人确认")
    CLOSED = "closed", _("登记已注销")
    NOT_VOLUNTEER = "not_volunteer", _("还不是注册志愿者")
    PAUSED = "paused", _("志愿服务暂停中")
    SUSPENDED = "suspended", _("报名暂停中")
    NOT_MEMBER = "not_member", _("只招募本组织成员")
    UNDER_SIX = "under_six", _("6 岁以下不能参加")
    NEEDS_ADULT = "needs_adult", _("6–9 岁须由监护人一同报名同一班次")
    MINOR_HIGH_RISK = "minor_high_risk", _("高风险活动不招募未成年人")
    TOO_YOUNG = "too_young", _("未到岗位年龄")
    TOO_OLD = "too_old", _("超过岗位年龄")
    GUARDIAN_CONSENT = "guardian_consent", _("需要监护人同意参加这项活动")
    QUALIFICATION_MISSING = "qualification_missing", _("缺少所需资格")
    QUALIFICATION_EXPIRED = "qualification_expired", _("所需资格在该班次前到期")
    VETTING_MISSING = "vetting_missing", _("与未成年人接触，需要先通过背景核查")
    RISK_NOT_ACCEPTED = "risk_not_accepted", _("还没有阅读并接受风险告知")
    AGREEMENT_MISSING = "agreement_missing", _("还没有签署志愿服务协议")
    NOT_INSURED = "not_insured", _("不在保险名单内")


# What the person can settle alone and at once, beside the sign-up button.
SETTLED_BY_ACCEPTING = frozenset({Cause.RISK_NOT_ACCEPTED, Cause.AGREEMENT_MISSING})


class NextStep(NamedTuple):
    """What to do about a cause: a sentence, and the words of the link that leads there."""

    text: str | Promise
    label: str | Promise = ""


# Where a sentence speaks of a day, a name or an organiser, ``queries.clearance_of`` fills it in.
NEXT_STEPS: Mapping[Cause, NextStep] = {
    Cause.NOT_CONFIRMED: NextStep(
        _("请本人登录后确认；未成年人由监护人确认，也可以到社区服务站办理。"), _("去确认")
    ),
    Cause.CLOSED: NextStep(_("想恢复参加，请联系社区服务站重新登记。"), _("找服务站")),
    Cause.NOT_VOLUNTEER: NextStep(_("先登记为志愿者，几分钟就好。"), _("成为志愿者")),
    Cause.PAUSED: NextStep(_("您自己暂停了服务，想去的话现在就可以恢复。"), _("去恢复")),
    Cause.SUSPENDED: NextStep(_("到 %(day)s 自动恢复；觉得不对，可以申诉。"), _("去申诉")),
    Cause.NOT_MEMBER: NextStep(_("申请加入%(organiser)s，批准后就能报名。"), _("去申请加入")),
    Cause.UNDER_SIX: NextStep(_("满 6 岁以后由家人陪着来，欢迎到时再报名。")),
    Cause.NEEDS_ADULT: NextStep(_("请监护人先报同一班次，再为孩子报名。"), _("看这项活动")),
    Cause.MINOR_HIGH_RISK: NextStep(_("可以看看其他适合的活动。"), _("看其他活动")),
    Cause.TOO_YOUNG: NextStep(_("换一个岗位，或者看看其他活动。"), _("看其他岗位")),
    Cause.TOO_OLD: NextStep(_("换一个岗位，或者看看其他活动。"), _("看其他岗位")),
    Cause.GUARDIAN_CONSENT: NextStep(
        _("请监护人在手机上同意，或带签字的同意书到社区服务站。"), _("请监护人同意")
    ),
    Cause.QUALIFICATION_MISSING: NextStep(_("请带证书原件到社区服务站核验登记。"), _("找服务站")),
    Cause.QUALIFICATION_EXPIRED: NextStep(_("请带换新的证书到社区服务站核验登记。"), _("找服务站")),
    Cause.VETTING_MISSING: NextStep(_("请联系社区服务站办理背景核查，每年一次。"), _("找服务站")),
    Cause.RISK_NOT_ACCEPTED: NextStep(_("看完风险告知，点一下“接受”。"), _("看风险告知")),
    Cause.AGREEMENT_MISSING: NextStep(_("看完协议，点一下“签署”。"), _("看协议")),
    Cause.NOT_INSURED: NextStep(
        _("请联系活动负责人把您加进保险名单；班次开始后名单不再改动。"), _("看联系方式")
    ),
}
# A qualification that comes from a training leads to its next session.
TRAINING_STEPS: Mapping[str, NextStep] = {
    "open": NextStep(_("%(day)s有%(training)s，合格后就能报名。"), _("报名培训")),
    "enrolled": NextStep(_("您已报了%(day)s的%(training)s，合格后就能报名。"), _("看培训")),
    "none": NextStep(_("近期没有安排这项培训，可以问问社区服务站。"), _("看培训")),
}
GUARDIAN_WAITS = NextStep(_("已经问了监护人，等对方同意。"), _("看进展"))


class AcceptanceKind(TextChoices):
    """What a person agrees to for one activity (rules 19 and 21)."""

    RISK = "risk", _("风险告知")
    AGREEMENT = "agreement", _("志愿服务协议")


class AgreementCause(TextChoices):
    """Why an agreement is asked for (rule 21; BJ 18)."""

    HIGH_RISK = "high_risk", _("有人身危险")
    LONG = "long", _("为期 30 天及以上")
    LARGE_EVENT = "large_event", _("大型活动")
    OUTSIDE_CITY = "outside_city", _("在本市以外")
    FOREIGNER = "foreigner", _("有外国人参加")
    ASKED_FOR = "asked_for", _("一方要求")


class Clause(TextChoices):
    """The items of a notice and of an agreement, in their order (VSR 14, CQ 22)."""

    PARTIES = "parties", pgettext_lazy("clause", "双方")
    CONTENT = "content", pgettext_lazy("clause", "服务内容")
    WAY = "way", pgettext_lazy("clause", "服务方式")
    TIME = "time", pgettext_lazy("clause", "服务时间")
    PLACE = "place", pgettext_lazy("clause", "服务地点")
    CONDITIONS = "conditions", pgettext_lazy("clause", "参加条件与工作保障")
    SAFETY = "safety", pgettext_lazy("clause", "风险与安全保障")
    TRAINING = "training", pgettext_lazy("clause", "培训与资格")
    COSTS = "costs", pgettext_lazy("clause", "费用")
    RIGHTS = "rights", pgettext_lazy("clause", "权利义务、变更与争议")


# A risk notice tells what is done where and when, and what may happen (VSR 12).
RISK_CLAUSES = (Clause.CONTENT, Clause.TIME, Clause.PLACE, Clause.CONDITIONS, Clause.SAFETY)


class CredentialSource(TextChoices):
    """What a credential rests on."""

    TRAINING = "training", _("培训合格")
    DOCUMENT = "document", _("证书核验")
    VETTING = "vetting", _("背景核查")
    IMPORT = "import", _("批量导入")


class TrainingMode(TextChoices):
    """National modes of training (domain handbook §3.2)."""

    FACE_TO_FACE = "face", _("面授")
    REMOTE = "remote", _("线上")


class TrainingKind(TextChoices):
    """National kinds of training (domain handbook §3.2)."""

    GENERAL = "general", _("通用培训")
    POST = "post", _("岗位培训")
    PROFESSIONAL = "professional", _("专业培训")


class SittingTab(TextChoices):
    """Which sittings the console's list shows."""

    AHEAD = "ahead", _("将要举办")
    UNSETTLED = "unsettled", _("待登记结果")
    PAST = "past", _("已经结束")


class TrainingResult(TextChoices):
    """How somebody did at a training."""

    PASSED = "passed", _("合格")
    FAILED = "failed", _("不合格")
    ABSENT = "absent", pgettext_lazy("training", "未到")


class SuspensionCause(TextChoices):
    """Why sign-ups are paused (rule 28)."""

    NO_SHOWS = "no_shows", _("90 天内三次未到")
    BY_STAFF = "by_staff", _("工作人员暂停")


class AppealState(TextChoices):
    """Where an appeal stands."""

    OPEN = "open", _("待处理")
    GRANTED = "granted", _("已恢复报名")
    REFUSED = "refused", _("维持暂停")


# Why a line of a pasted list cannot be taken.
LINE_FLAWS: Mapping[str, str | Promise] = {
    "malformed": _("不是志愿者编号"),
    "repeated": _("重复了"),
    "unknown": _("没有这个编号的志愿者"),
}
RESULT_TONES: Mapping[str, str] = {
    TrainingResult.PASSED: "jade",
    TrainingResult.FAILED: "red",
    TrainingResult.ABSENT: "grey",
}
APPEAL_TONES: Mapping[str, str] = {
    AppealState.OPEN: "gold",
    AppealState.GRANTED: "jade",
    AppealState.REFUSED: "grey",
}
