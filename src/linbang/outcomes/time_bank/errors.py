"""Why something was not banked."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class RecordNotVerified(Refused):
    """Only verified records are banked (rule 64: no confirmation, no coins)."""

    code = "record_not_verified"
    message = _("这条服务记录还没有审核，审核通过后自动入账。")


class LimitOutOfBounds(Refused):
    """A place may set its limits between sane bounds only."""

    code = "limit_out_of_bounds"
    status = 422
    message = _("这一项应在 %(least)s 到 %(most)s 之间，按 %(step)s 递增，请改后再提交。")


class LimitNotAdjustable(Refused):
    """Rules fixed by the programme are no place's to change (rules 67, 74)."""

    code = "limit_not_adjustable"
    status = 422
    message = _("这一项由统一规则规定，本地不能更改。")


class SchemeUnknown(Refused):
    """There is no preset of that name and version."""

    code = "scheme_unknown"
    status = 422
    message = _("没有这个办法，请从列表中选择。")


class SchemeUnchanged(Refused):
    """The scheme in force says the same already."""

    code = "scheme_unchanged"
    message = _("与现行办法相同，没有需要采用的变化。请修改后再提交。")
