from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Outcome(TextChoices):
    DONE = "done", _("完成")
    SEEN = "seen", _("查看")
    EXPORTED = "exported", _("导出")
    REFUSED = "refused", _("被拒绝")
