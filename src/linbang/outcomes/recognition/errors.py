"""Why a step of a star, a rating or an honour was refused, and what to do instead."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class NotAVolunteer(Refused):
    """Stars are for registered volunteers who serve."""

    code = "star_not_a_volunteer"
    message = _("先成为志愿者，服务时长会慢慢积累起来。")


class StarNotHigher(Refused):
    """Only a star higher than the present one can be asked for (rule 54)."""

    code = "star_not_higher"
    message = _("只能申请比现在高的星级。")


class StarNotReached(Refused):
    """The verified hours do not reach the star (rule 54)."""

    code = "star_not_reached"
    message = _("已审核的服务时长还没有达到这一星级，达到以后再申请。")


class StarTooEarly(Refused):
    """The scheme asks for a time of membership first."""

    code = "star_too_early"
    message = _("按本地标准，成为志愿者满 %(months)s 个月以后才能申请。")


class RatedTooLow(Refused):
    """The average rating is below three (rule 54)."""

    code = "star_rated_too_low"
    message = _("平均评价不到 3 分，暂时不能申请。有疑问请联系社区服务站。")


class StarBarred(Refused):
    """False hours bar for one to three years (rule 55)."""

    code = "star_barred"
    message = _("因虚假时长处理，暂时不能申请星级。有疑问请联系社区服务站。")


class AlreadyApplied(Refused):
    """One application at a time."""

    code = "star_already_applied"
    message = _("您已有一份申请正在办理，请等它办完。")


class ApplicationDecided(Refused):
    """An application is decided once."""

    code = "star_application_decided"
    message = _("这份申请已经处理过了，请刷新页面查看。")


class OwnStar(Refused):
    """Nobody decides for oneself, about one's own objection, or on one's own approval."""

    code = "own_star"
    status = 403
    message = _("这件事与您本人有关，请另一位工作人员处理。")


class StarReasonMissing(Refused):
    """Refusals, objections and answers say why."""

    code = "star_reason_missing"
    status = 422
    message = _("请写明原因，对方会看到。")


class StarNoticeOver(Refused):
    """Anybody may object during the public notice (rule 54)."""

    code = "star_notice_over"
    message = _("公示已经结束。有疑问请联系社区服务站。")


class StarObjectionAnswered(Refused):
    """An objection is answered once."""

    code = "star_objection_answered"
    message = _("这条异议已经答复过了。")


class SchemeUnknown(Refused):
    """Only the tables of the product can be adopted."""

    code = "star_scheme_unknown"
    status = 422
    message = _("没有这套星级标准，请从列表里选择。")


class SchemeInForce(Refused):
    """What is in force already is not adopted again."""

    code = "star_scheme_in_force"
    message = _("现在用的就是这套标准，不需要再采用。")


class OwnRating(Refused):
    """Nobody rates oneself (rule 53)."""

    code = "own_rating"
    status = 403
    message = _("不能评价自己。")


class RatingClosed(Refused):
    """Ratings are given within ten working days (rule 53)."""

    code = "rating_closed"
    message = _("评价时间已过（服务后 10 个工作日内）。有意见请联系社区服务站。")


class AlreadyRated(Refused):
    """A rating is given once and stays."""

    code = "already_rated"
    message = _("这次服务已经评价过了，谢谢。")


class PointsOutOfRange(Refused):
    """Three points, each from one to five (rule 53)."""

    code = "points_out_of_range"
    status = 422
    message = _("请给三项各打 1 到 5 分。")


class HonourDateAhead(Refused):
    """An honour was granted before it is entered."""

    code = "honour_date_ahead"
    status = 422
    message = _("授予日期不能晚于今天。")


class ProofMissing(Refused):
    """County level and above are entered on presenting proof (Order 67, article 9)."""

    code = "honour_proof_missing"
    status = 422
    message = _("区县级及以上的表彰要附证书或文件的照片，请上传。")


class ProofUnreadable(Refused):
    """Proof is a picture or a PDF."""

    code = "honour_proof_unreadable"
    status = 422
    message = _("只能上传 JPEG、PNG、WebP 图片或 PDF，请换一个文件。")


class ProofTooLarge(Refused):
    """A picture of a document fits into a few megabytes."""

    code = "honour_proof_too_large"
    status = 422
    message = _("文件超过 %(megabytes)s MB，请压缩或重拍后再上传。")


class HonourTargetMissing(Refused):
    """An honour was granted to one person, team, activity or project."""

    code = "honour_target_missing"
    status = 422
    message = _("请选择受表彰的个人、队伍、活动或项目。")


class HonourDecided(Refused):
    """An honour is checked once."""

    code = "honour_decided"
    message = _("这条表彰已经处理过了，请刷新页面查看。")


class OwnHonour(Refused):
    """Nobody confirms an honour of one's own, or one that one entered and that waits."""

    code = "own_honour"
    status = 403
    message = _("不能核实自己的表彰，请另一位工作人员处理。")
