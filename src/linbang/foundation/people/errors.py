"""What people refuses."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class NameMissing(Refused):
    """The name has no letter in it (rule 1)."""

    code = "name_missing"
    status = 422
    message = _("请填写证件上的姓名。")


class PhoneMalformed(Refused):
    """The text is neither a mobile number nor a landline with area code."""

    code = "phone_malformed"
    status = 422
    message = _("电话号码不对：手机号是 11 位数字，座机请加区号。")


class DocumentMalformed(Refused):
    """The number does not look like this kind of document."""

    code = "document_malformed"
    status = 422
    message = _("证件号码的格式不对，请对照证件逐位核对，并检查证件类型。")


class CheckDigitWrong(Refused):
    """The last character does not fit the others (GB 11643)."""

    code = "check_digit_wrong"
    status = 422
    message = _("证件号码有一位填错了，请对照证件逐位核对。")


class BirthDateImpossible(Refused):
    """No such day, a day to come, or more than 120 years ago."""

    code = "birth_date_impossible"
    status = 422
    message = _("出生日期不可能是这一天，请核对证件号码和出生日期。")


class BirthDateDiffers(Refused):
    """The birth date entered is missing or not the document's (rule 2)."""

    code = "birth_date_differs"
    status = 422
    message = _("出生日期没有填写，或与证件号码不一致，请核对。")


class SexDiffers(Refused):
    """The sex entered is missing or not the document's (rule 2)."""

    code = "sex_differs"
    status = 422
    message = _("性别没有填写，或与证件号码不一致，请核对。")


class TooYoungToVolunteer(Refused):
    """Children below six cannot be volunteers (rule 8)."""

    code = "too_young_to_volunteer"
    status = 422
    message = _("未满 6 周岁还不能登记为志愿者，欢迎满 6 周岁后由家长陪同参加。")


class GuardianNeeded(Refused):
    """A minor registers through a guardian, who consents (rule 7)."""

    code = "guardian_needed"
    status = 422
    message = _(
        "未满 18 周岁需要监护人同意：请监护人先登记，再在“我的家人”里为孩子登记，"
        "或到社区服务站办理。"
    )


class DuplicateIdentity(Refused):
    """Somebody is registered under this document (rule 3); leads to the claim page."""

    code = "duplicate_identity"
    message = _("这个证件已经登记过。如果是您本人，请认领原来的记录，不必再登记。")


class AlreadyRegistered(Refused):
    """The account has a person."""

    code = "already_registered"
    message = _("您已经登记过，可以在“我的”里查看和修改资料。")


class PersonClosed(Refused):
    """The record was closed by its person."""

    code = "person_closed"
    message = _("这份登记已经注销，需要时请重新联系社区服务站。")


class PersonUnconfirmed(Refused):
    """Registered by somebody else and not yet confirmed by the person (rule 4)."""

    code = "person_unconfirmed"
    message = _("这份登记还没有得到本人确认，请先请本人短信确认，或保存本人签字的登记表。")


class DocumentDiffers(Refused):
    """What was entered is not the document of the record."""

    code = "document_differs"
    status = 422
    message = _("证件号码与登记的不一致，请核对；仍不一致时请联系社区服务站。")


class IdentityUnknown(Refused):
    """Nobody is registered under this document."""

    code = "identity_unknown"
    status = 422
    message = _("没有用这个证件登记的记录，请核对号码，或直接新登记。")


class ClaimOpen(Refused):
    """The same claim waits for its decision."""

    code = "claim_open"
    message = _("您的认领申请已经提交，社区工作人员正在核对，请等待通知。")


class ClaimDecided(Refused):
    """Somebody decided the claim."""

    code = "claim_decided"
    message = _("这个认领申请已经处理过了。")


class AccountElsewhere(Refused):
    """The account of that phone belongs to another person or another county."""

    code = "account_elsewhere"
    message = _("这个手机号已在别处使用，请换一个手机号，或请社区工作人员协助。")


class KinshipKnown(Refused):
    """The two are joined already, or wait for confirmation."""

    code = "kinship_known"
    message = _("你们的亲属关系已经登记，或正在等待对方确认。")


class KinshipWithOneself(Refused):
    """Nobody is one's own relative."""

    code = "kinship_with_oneself"
    status = 422
    message = _("不能把自己登记为自己的亲属，请填写家人的姓名和电话。")


class RelativeNotFound(Refused):
    """No confirmed person has this name and this phone."""

    code = "relative_not_found"
    status = 422
    message = _("没有找到这位家人，请核对登记时用的姓名和电话，或请社区服务站帮忙。")


class RelationMissing(Refused):
    """The relation was not told, or is none of the list."""

    code = "relation_missing"
    status = 422
    message = _("请选择你们的关系。")


class VolunteerAlready(Refused):
    """The person is a volunteer."""

    code = "volunteer_already"
    message = _("已经登记为志愿者，可以直接修改服务意愿。")


class NotAVolunteer(Refused):
    """The person is no volunteer, or stopped being one."""

    code = "not_a_volunteer"
    message = _("还没有登记为志愿者，请先登记。")


class CategoryMissing(Refused):
    """A volunteer record names at least one service category (rule 1)."""

    code = "category_missing"
    status = 422
    message = _("请至少选择一类愿意参加的服务。")


class FreeTimeMissing(Refused):
    """Nobody can be asked who is never free."""

    code = "free_time_missing"
    status = 422
    message = _("请至少勾选一个有空的时段，以后可以随时修改。")


class VisitLimitImpossible(Refused):
    """A plan asks a volunteer for 1 to 3 visits a day and 1 to 7 a week."""

    code = "visit_limit_impossible"
    status = 422
    message = _("每天最多请几次，请在 1 到 %(day)s 之间选；每周在 1 到 %(week)s 之间选。")


class PauseInThePast(Refused):
    """A pause ends in the future."""

    code = "pause_in_the_past"
    status = 422
    message = _("暂停的结束日期要在今天之后。")


class ReasonMissing(Refused):
    """Seeing the full value needs an approved reason (rules 98 and 99)."""

    code = "reason_missing"
    status = 422
    message = _(
        "请选择查看原因；选“其他”时请说明。未成年人的资料只能因核对身份、监护人要求或紧急情况查看。"
    )


class ConsentMissing(Refused):
    """There is no such consent to withdraw, or the consent was not given."""

    code = "consent_missing"
    status = 422
    message = _("没有这项同意记录，请先阅读并勾选同意。")


class RegionUnknown(Refused):
    """The place is not a current community, grid or building."""

    code = "region_unknown"
    status = 422
    message = _("请选择所在的社区、网格或楼栋。")


class AnswerWrong(Refused):
    """The sum that keeps machines out was not answered."""

    code = "answer_wrong"
    status = 422
    message = _("算式的答案不对，请看新的算式再填一次。")


class QuestionExpired(Refused):
    """The page is from long ago, or was sent before."""

    code = "question_expired"
    status = 422
    message = _("这一页打开太久或已经提交过，请重新查询。")


class LookupsUsedUp(Refused):
    """Asked too often from one address, or about one number (rule 5)."""

    code = "lookups_used_up"
    status = 429
    retry_after_seconds = 600
    message = _("查询太频繁了，请过一会儿再试，或带证件到社区服务站查询。")


class DisputeOpen(Refused):
    """The same dispute waits for its answer."""

    code = "dispute_open"
    message = _("这个电话已经提出过，社区工作人员正在核实，请等待答复。")


class DisputeAnswered(Refused):
    """A dispute is answered once."""

    code = "dispute_answered"
    message = _("这条异议已经答复过了。")


class ReplyMissing(Refused):
    """Whoever disputes a registration is told what was found."""

    code = "reply_missing"
    status = 422
    message = _("请写一句答复，说明核实的结果。")
