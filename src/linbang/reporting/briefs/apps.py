from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BriefsConfig(AppConfig):
    name = "linbang.reporting.briefs"
    verbose_name = _("工作简报")
