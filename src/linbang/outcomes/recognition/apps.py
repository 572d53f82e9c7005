from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecognitionConfig(AppConfig):
    name = "linbang.outcomes.recognition"
    verbose_name = _("星级与荣誉")
