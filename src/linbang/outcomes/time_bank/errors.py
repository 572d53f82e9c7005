"""Why something was not banked."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class RecordNotVerified(Refused):
    """Only verified records are banked (rule 64: no confirmation, no coins)."""

    code = "record_not_verified"
    message = _("这条服务记录还没有审核，审核通过后自动入账。")


class AlreadySpent(Refused):
    """The minutes a correction would take back have been spent."""

    code = "credit_already_spent"
    message = _("要减少的时间已被使用，余额不足。请先与本人商定，再由服务站处理。")
