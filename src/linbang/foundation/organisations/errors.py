"""What organisations refuses."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class OrganisationNameMissing(Refused):
    """An organisation needs a name."""

    code = "organisation_name_missing"
    status = 422
    message = _("请填写组织名称。")


class OrganisationNameTaken(Refused):
    """The region has an organisation of this name."""

    code = "organisation_name_taken"
    message = _("这里已经有同名的单位或队伍，请换一个名称。")


class CreditCodeMissing(Refused):
    """A registered organisation has a unified social credit code (rule 11)."""

    code = "credit_code_missing"
    status = 422
    message = _("登记单位要填写统一社会信用代码；没有代码的请按队伍组建。")


class CreditCodeWrong(Refused):
    """The code is not 18 characters with the right check character (GB 32100)."""

    code = "credit_code_wrong"
    status = 422
    message = _("统一社会信用代码不对，请对照证书逐位核对。")


class CreditCodeTaken(Refused):
    """Another organisation is registered under this code."""

    code = "credit_code_taken"
    message = _("这个统一社会信用代码已经登记过，请在列表中查找。")


class ApproverMissing(Refused):
    """An informal team stands on a community or unit that approved it (rule 11)."""

    code = "approver_missing"
    status = 422
    message = _("请选择批准这支队伍的社区或单位。")


class TeamContactMissing(Refused):
    """An informal team names somebody to reach (rule 11)."""

    code = "team_contact_missing"
    status = 422
    message = _("请填写队伍的联系人和电话。")


class TeamKindMissing(Refused):
    """A team tells what it does and who its members are."""

    code = "team_kind_missing"
    status = 422
    message = _("请选择队伍的级别、服务内容和人员构成。")


class RankOutOfOrder(Refused):
    """支队 stands above 大队, 大队 above 分队."""

    code = "rank_out_of_order"
    status = 422
    message = _("上级队伍的级别要更高：支队下设大队，大队下设分队。")


class OrganisationClosed(Refused):
    """The organisation was closed before."""

    code = "organisation_closed"
    message = _("这个组织已经撤销。")


class OrganisationNotEmpty(Refused):
    """Teams below are closed first."""

    code = "organisation_not_empty"
    message = _("下面还有队伍，请先撤销或调整下级队伍。")


class TooManyTeams(Refused):
    """A volunteer joins at most five teams at once (rule 13)."""

    code = "too_many_teams"
    message = _("同一时间最多参加 5 支队伍（含申请中的），请先退出一支再申请。")


class AlreadyMember(Refused):
    """The person belongs to the organisation, or waits for approval."""

    code = "already_member"
    message = _("已经是成员，或申请正在等待批准。")


class MembershipDecided(Refused):
    """Somebody decided this request, or it was taken back."""

    code = "membership_decided"
    message = _("这个申请已经处理过了。")


class MembershipEnded(Refused):
    """The person left before."""

    code = "membership_ended"
    message = _("已经退出了。")


class NotYetMember(Refused):
    """Leading takes membership first."""

    code = "not_yet_member"
    message = _("请先批准加入，再任命队长。")


class LeaderNotReal(Refused):
    """Leaders are confirmed persons with an account of their own (rule 12)."""

    code = "leader_not_real"
    message = _("队长要由本人实名确认并有登录账号，请先请本人用手机号登录确认。")


class LeaderAlready(Refused):
    """The person leads this team."""

    code = "leader_already"
    message = _("已经是这支队伍的队长。")


class LiaisonNamedAlready(Refused):
    """The person keeps this organisation in touch with this region."""

    code = "liaison_named_already"
    message = _("这位联络员已经派驻在这里。")


class LiaisonEnded(Refused):
    """The liaison ended before."""

    code = "liaison_ended"
    message = _("这项联络已经结束。")


class PersonUnclear(Refused):
    """The words fit nobody one may see, or several."""

    code = "person_unclear"
    status = 422
    message = _("没有找到唯一的人，请填写完整手机号或志愿者编号。")
