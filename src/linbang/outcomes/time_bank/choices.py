from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Purpose(TextChoices):
    """Why units moved, as the statement says it."""

    EARNED = "earned", _("服务所得")
    CORRECTED = "corrected", _("时长更正")
    REVERSED = "reversed", _("冲正")
