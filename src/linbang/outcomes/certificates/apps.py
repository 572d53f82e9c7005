from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "linbang.outcomes.certificates"
    verbose_name = _("服务证明")
