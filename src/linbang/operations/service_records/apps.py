from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServiceRecordsConfig(AppConfig):
    name = "linbang.operations.service_records"
    verbose_name = _("服务记录")
