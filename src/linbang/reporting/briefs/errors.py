"""Why a brief is not issued."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class PersonalDataInBrief(Refused):
    """The text names a beneficiary, or holds a phone, an ID number or a door (rule 92)."""

    code = "personal_data_in_brief"
    status = 422
    message = _("“%(found)s”像是受益人的姓名、电话、证件号码或住址。简报不能写这些，请删去或改写。")


class PeriodNotBegun(Refused):
    """There is nothing to report of a period that lies ahead."""

    code = "period_not_begun"
    status = 422
    message = _("这个统计期还没有开始，没有数字可写。请选择已经开始的统计期。")


class TextMissing(Refused):
    """A brief has a title, a unit and a body."""

    code = "brief_text_missing"
    status = 422
    message = _("标题、编发单位和正文都要写。")
