from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    name = "linbang.operations.dispatch"
    verbose_name = _("派单")
