from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ShellConfig(AppConfig):
    name = "linbang.foundation.shell"
    label = "shell"
    verbose_name = _("页面框架")
