from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TimeBankConfig(AppConfig):
    name = "linbang.outcomes.time_bank"
    verbose_name = _("爱心储蓄")
