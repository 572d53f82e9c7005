"""Why no certificate, no file and no answer were given, and what to do instead."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class NothingToCertify(Refused):
    """No certificate of zero hours (rule 47)."""

    code = "nothing_to_certify"
    status = 422
    message = _("这段时间里没有已生效的服务时长，请换一段时间，或等记录审核以后再来。")


class PeriodUpsideDown(Refused):
    """A period ends on or after its first day, and not in the future."""

    code = "period_upside_down"
    status = 422
    message = _("请把开始日期填在结束日期以前，结束日期最晚是今天。")


class TooMuchToCertify(Refused):
    """One certificate has a readable number of lines."""

    code = "too_much_to_certify"
    status = 422
    message = _("这段时间有 %(count)s 条记录，一张证明最多 %(most)s 条，请分成几段开具。")


class CharacterMissing(Refused):
    """A name is printed right or not at all: never as a blank box."""

    code = "character_missing"
    status = 422
    message = _(
        "系统字库里没有“%(characters)s”这个字，证明上会印成空白，所以先不开具。"
        "请联系社区服务站，请管理员装上全字库（Noto CJK）后再开。"
    )


class CertificateEnded(Refused):
    """What is superseded or revoked is not printed, downloaded or handed out any more."""

    code = "certificate_ended"
    message = _("这张证明已经不再有效，请按现在的记录重新开一张。")


class OwnCertificate(Refused):
    """Nobody takes back or seals a certificate of their own."""

    code = "own_certificate"
    status = 403
    message = _("不能办理自己的证明，请另一位工作人员办理。")


class ReasonUnknown(Refused):
    """A certificate is taken back for one of the reasons that strangers may read."""

    code = "revocation_reason_unknown"
    status = 422
    message = _("请选择撤销的原因。")


class PaperNotWanted(Refused):
    """A sealed copy is handed out once, to who asked for it (rule 51)."""

    code = "paper_not_wanted"
    message = _("这张证明没有要盖章的纸质件，或已经交给本人了。")


class TooManyChecks(Refused):
    """Numbers are not to be tried out (rule 49)."""

    code = "too_many_checks"
    status = 429
    retry_after_seconds = 600
    message = _("查得太频繁了，请十分钟后再试。也可以扫证明上的二维码离线验证。")


class PurposeMissing(Refused):
    """Names of pupils leave the house for a told reason (rule 99)."""

    code = "purpose_missing"
    status = 422
    message = _("请写明导出的用途，例如“2026 年秋季学期社会实践学分认定”。")


class NoCards(Refused):
    """A sheet without cards is no sheet."""

    code = "no_cards"
    message = _("这支队伍里还没有可以打印证卡的志愿者。请先请队员登记为志愿者。")
