from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    SMS = "sms", _("短信")


class NoticeKind(TextChoices):
    OFFER = "offer", _("派单邀请")
    NEED = "need", _("求助进展")
    VISIT = "visit", _("上门服务")
    RECORD = "record", _("服务记录")
    TASK = "task", _("待办")
    ACCOUNT = "account", _("账号")
