from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Cause(TextChoices):
    """Why a person may not take a post now: the codes of ``clearance_against_v1``, in its order.

    A qualification's cause comes as ``code:qualification``.
    """

    NOT_CONFIRMED = "not_confirmed", _("登记还没有经本人确认")
    CLOSED = "closed", _("登记已注销")
    NOT_VOLUNTEER = "not_volunteer", _("还不是注册志愿者")
    PAUSED = "paused", _("志愿服务暂停中")
    SUSPENDED = "suspended", _("多次未到，报名暂停中")
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


class CredentialSource(TextChoices):
    """What a credential rests on."""

    TRAINING = "training", _("培训合格")
    DOCUMENT = "document", _("证书核验")
    VETTING = "vetting", _("背景核查")
    IMPORT = "import", _("批量导入")


class TrainingMode(TextChoices):
    FACE_TO_FACE = "face", _("面授")
    REMOTE = "remote", _("线上")


class TrainingKind(TextChoices):
    """National kinds of training (domain handbook §3.2)."""

    GENERAL = "general", _("通用培训")
    POST = "post", _("岗位培训")
    PROFESSIONAL = "professional", _("专业培训")


class TrainingResult(TextChoices):
    PASSED = "passed", _("合格")
    FAILED = "failed", _("不合格")
    ABSENT = "absent", _("未到")


class SuspensionCause(TextChoices):
    NO_SHOWS = "no_shows", _("90 天内三次未到")
    BY_STAFF = "by_staff", _("工作人员暂停")


class AppealState(TextChoices):
    OPEN = "open", _("待处理")
    GRANTED = "granted", _("已恢复报名")
    REFUSED = "refused", _("维持暂停")


CAUSE_TONES: Mapping[str, str] = {Cause.SUSPENDED: "red", Cause.CLOSED: "red"}
