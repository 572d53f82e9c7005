"""Why something was not banked."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class RecordNotVerified(Refused):
    """Only verified records are banked (rule 64: no confirmation, no coins)."""

    code = "record_not_verified"
    message = _("这条服务记录还没有审核，审核通过后自动入账。")
