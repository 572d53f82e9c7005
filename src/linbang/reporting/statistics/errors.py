"""Why a figure is not given."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class PeriodUnknown(Refused):
    """The text names no month, quarter or year that statistics cover."""

    code = "period_unknown"
    status = 422
    message = _("没有这样的统计期。请写年（2026）、季度（2026-Q4）或月（2026-11）。")
