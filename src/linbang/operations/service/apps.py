from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServiceConfig(AppConfig):
    name = "linbang.operations.service"
    verbose_name = _("上门服务")
