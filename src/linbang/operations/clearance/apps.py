from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClearanceConfig(AppConfig):
    name = "linbang.operations.clearance"
    verbose_name = _("上岗资格")
