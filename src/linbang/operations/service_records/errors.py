"""Why a step of a record was refused, and what to do instead."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class VisitNotOver(Refused):
    """A record is drafted from a visit with check-in and check-out."""

    code = "visit_not_over"
    message = _("这次上门还没有签退，签退以后才会生成服务记录。")


class OwnRecord(Refused):
    """Nobody confirms, verifies or corrects what they gain from (rule 39)."""

    code = "own_record"
    status = 403
    message = _("不能确认或审核自己的服务记录，请由另一位工作人员或居民办理。")


class SecondPersonNeeded(Refused):
    """Entered hours are approved by somebody else than who entered them (rule 39)."""

    code = "second_person_needed"
    status = 403
    message = _("这段时长由您登记，需要另一位工作人员审核。")


class AlreadyConfirmed(Refused):
    """The record has the resident's word already, and it was another one."""

    code = "already_confirmed"
    message = _("这次服务已经确认过了。结果有变化请联系社区服务站。")


class NotConfirmedYet(Refused):
    """Without confirmation there are no coins (rule 64)."""

    code = "not_confirmed_yet"
    message = _("居民还没有确认，请先请居民确认或电话回访。")


class NotVerifiedYet(Refused):
    """Only what counts already is corrected."""

    code = "not_verified_yet"
    message = _("这条记录还没有生效，请在审核时直接填写应计的时长。")


class HigherApprovalNeeded(Refused):
    """More than twelve hours a day need the level above (rule 37)."""

    code = "higher_approval_needed"
    status = 403
    message = _("志愿者当天的时长超过 12 小时，需要社区负责人或上级审核。")


class DayIsFull(Refused):
    """A day has 24 hours (rule 37)."""

    code = "day_is_full"
    message = _("志愿者当天的时长加起来超过了 24 小时，请核对后再填。")


class NoteMissing(Refused):
    """Station calls, settled disputes and changed minutes say why."""

    code = "note_missing"
    status = 422
    message = _("请写一句说明，例如回访时居民怎么说。")


class ClaimAnswered(Refused):
    """A claim is answered once."""

    code = "claim_answered"
    message = _("这条异议已经答复过了。还有疑问可以再提一次。")


class NoticeOver(Refused):
    """Anybody may object while the hours are on notice (rule 44)."""

    code = "notice_over"
    message = _("公示已经结束。有疑问请联系社区服务站。")


class MinutesOutOfRange(Refused):
    """Credited minutes lie between nothing and what the visit can be worth."""

    code = "minutes_out_of_range"
    status = 422
    message = _("时长要在 0 到 %(most)s 分钟之间。")


class PolicyUnknown(Refused):
    """Only a policy that is offered now is adopted."""

    code = "policy_unknown"
    status = 422
    message = _("没有这套计时规则，请从列表里选择。")


class AdoptionTooEarly(Refused):
    """A policy holds from a day ahead; what was served is credited by the one before."""

    code = "adoption_too_early"
    status = 422
    message = _("新规则最早从明天起用，已经发生的服务仍按原来的规则。请换一个日期。")


class PolicyInForce(Refused):
    """What holds already is not adopted again."""

    code = "policy_in_force"
    message = _("这一天起用的已经是这套规则，不用再改。")


class ReasonMissing(Refused):
    """A change of rules says why."""

    code = "adoption_reason_missing"
    status = 422
    message = _("请写一句原因，例如“按省里 2026 年的通知”。")
