from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CareCategory(TextChoices):
    """Groups of the care register (domain handbook §9.2; Xinzhu's published four come first)."""

    DIBAO = "dibao", _("低保家庭")
    DISABLED = "disabled", _("残疾人")
    EMPTY_NEST = "empty_nest", _("空巢孤寡老人")
    AGED = "aged", _("高龄老人")
    DESTITUTE = "destitute", _("特困人员")
    CHILD_IN_NEED = "child_in_need", _("困境儿童")
    LEFT_BEHIND_CHILD = "left_behind_child", _("留守儿童")
    MILITARY_FAMILY = "military_family", _("军烈属")
