"""Why somebody may not be cleared, taught, insured, paused or heard as asked."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class WhyMissing(Refused):
    """What touches a person's standing is done only with a reason the person can read."""

    code = "why_missing"
    status = 422
    message = _("请写明原因，对方会看到这段话。")


class TextChanged(Refused):
    """The notice or agreement was changed while it was being read."""

    code = "text_changed"
    message = _("内容刚刚有更新，请看过新的内容再确认。")


class GuardianAccepts(Refused):
    """A minor's notices and agreements are accepted by the guardian."""

    code = "guardian_accepts"
    status = 403
    message = _("未满 18 周岁，请监护人用自己的手机登录后确认，或到社区服务站办理。")


class NotAMinor(Refused):
    """Grown-ups decide for themselves."""

    code = "not_a_minor"
    message = _("已满 18 周岁，不需要监护人同意，可以直接报名。")


class NoGuardian(Refused):
    """Nobody is entered and confirmed as the minor's guardian."""

    code = "no_guardian"
    message = _("还没有登记并核实监护人，请监护人带证件到社区服务站办理。")


class NotTheGuardian(Refused):
    """Somebody consents who is not entered and confirmed as a guardian."""

    code = "not_the_guardian"
    status = 403
    message = _("只有登记并核实过的监护人才能同意，请到社区服务站核对监护关系。")


class MinorKeptFromDanger(Refused):
    """No consent opens a high-risk activity to a minor (rule 18)."""

    code = "minor_kept_from_danger"
    message = _("这项活动有人身危险，不招募未成年人，请看看其他活动。")


class TrainingNameTaken(Refused):
    """Another open training of the region has this name."""

    code = "training_name_taken"
    status = 422
    message = _("这里已经有同名的培训，直接在它下面加一场就行。")


class LearningTimeWrong(Refused):
    """A training takes a minute to eighty hours."""

    code = "learning_time_wrong"
    status = 422
    message = _("请填写学习时长，1 分钟到 80 小时之间。")


class QualificationNotTaught(Refused):
    """A licence is verified and a vetting done: no training leads to them."""

    code = "qualification_not_taught"
    status = 422
    message = _("这项资格要核验证书或办理核查，不能由培训取得，请另选一项。")


class TrainingEnded(Refused):
    """The training is not offered any more."""

    code = "training_ended"
    message = _("这项培训已经停办，请看看其他培训。")


class SessionWindowWrong(Refused):
    """A sitting lies ahead and ends after it starts."""

    code = "session_window_wrong"
    status = 422
    message = _("请选择将来的时间，结束时间要晚于开始时间。")


class SessionPlacesWrong(Refused):
    """A sitting has one to a thousand places."""

    code = "session_places_wrong"
    status = 422
    message = _("名额请填 1 到 %(most)s 之间的数。")


class SessionCancelled(Refused):
    """The sitting does not take place."""

    code = "session_cancelled"
    message = _("这一场已经取消，请看看其他场次。")


class SessionFull(Refused):
    """Every place of the sitting is taken."""

    code = "session_full"
    message = _("这一场名额已满，请报其他场次，或过些时候再来看看有没有人退出。")


class SessionBegun(Refused):
    """The sitting has begun: nobody enrols or leaves by herself any more."""

    code = "session_begun"
    message = _("这一场已经开始，要补报或退出请找现场工作人员。")


class SessionNotBegun(Refused):
    """Results are known once the sitting has begun."""

    code = "session_not_begun"
    message = _("这一场还没有开始，开始以后才能登记结果。")


class ResultKnown(Refused):
    """A result stands; a correction needs a reason."""

    code = "result_known"
    message = _("已经登记为“%(result)s”，要更正请写明原因。")


class EnrolmentEnded(Refused):
    """The person has left the sitting, or has a result of it."""

    code = "enrolment_ended"
    message = _("这份报名已经退出或有了结果，请刷新页面查看。")


class QualificationUnknown(Refused):
    """No qualification has this code."""

    code = "qualification_unknown"
    status = 422
    message = _("没有这项资格，请从清单里选一项。")


class CredentialDatesWrong(Refused):
    """A credential begins today or before, and ends after it begins."""

    code = "credential_dates_wrong"
    status = 422
    message = _("请核对日期：生效日不能晚于今天，到期日不能早于生效日。")


class CredentialNumberMissing(Refused):
    """A licence is verified by its number."""

    code = "credential_number_missing"
    status = 422
    message = _("请填写证书编号，照原件逐位核对。")


class PolicyEnded(Refused):
    """The policy covers nobody any more."""

    code = "policy_ended"
    message = _("这份保险已经结束，名单不再改动，请换一份有效的保险。")


class PolicyNeedsNoList(Refused):
    """The policy covers everybody who signs up."""

    code = "policy_needs_no_list"
    message = _("这份保险覆盖全部报名人员，不用登记名单。")


class LinesRefused(Refused):
    """Some lines of a pasted list cannot be taken, so none is; ``lines`` says which and why."""

    code = "lines_refused"
    status = 422
    message = _("有 %(count)s 行不能登记，名单没有改动：%(report)s。请改好后再提交。")


class ListEmpty(Refused):
    """There is no number in what was pasted."""

    code = "list_empty"
    status = 422
    message = _("请粘贴志愿者编号，一行一个。")


class SuspensionDaysWrong(Refused):
    """A pause lasts a day to a year."""

    code = "suspension_days_wrong"
    status = 422
    message = _("暂停天数请填 1 到 %(most)s 之间的数。")


class SuspensionOver(Refused):
    """The pause has ended or was lifted."""

    code = "suspension_over"
    message = _("暂停已经结束，现在可以正常报名，不用再处理。")


class AppealOpenedAlready(Refused):
    """A pause is appealed against once."""

    code = "appeal_opened_already"
    message = _("您已经申诉过了，请等工作人员答复；还有疑问可以打服务站电话。")


class AppealTextMissing(Refused):
    """An appeal says what was wrong."""

    code = "appeal_text_missing"
    status = 422
    message = _("请写几句情况，工作人员好核实。")


class AppealDecided(Refused):
    """Somebody has decided the appeal."""

    code = "appeal_decided"
    message = _("这份申诉已经有人答复了，请刷新页面查看。")


class AppealByImposer(Refused):
    """Who imposed a pause, or is paused, does not decide about it."""

    code = "appeal_by_imposer"
    status = 403
    message = _("作出暂停的人和本人都不能处理这份申诉，请另一位工作人员处理。")
