"""What a pairing may be and say."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Rhythm(TextChoices):
    """How often the helper of a pairing comes round."""

    WEEKLY = "weekly", _("每周一次")
    FORTNIGHTLY = "fortnightly", _("每两周一次")
    MONTHLY = "monthly", _("每月一次")


class PairingEnd(TextChoices):
    """Why a pairing is over."""

    NO_NEED = "no_need", _("不再需要")
    HELPER_STOPS = "helper_stops", _("志愿者不能继续")
    MOVED = "moved", _("有一方搬走了")
    UNSUITED = "unsuited", _("双方不合适")
    PASSED_AWAY = "passed_away", _("居民去世或注销登记")
    OTHER = "other", _("其他原因")


class PairingProposalState(TextChoices):
    """Whether all pairs of a proposal are settled."""

    OPEN = "open", _("进行中")
    DONE = "done", _("已办完")
    DISCARDED = "discarded", _("已作废")


class PairingWhy(TextChoices):
    """What speaks for a pairing; the values are ``matching.PairingReason``, in its order."""

    SAME_BUILDING = "same_building", _("同一栋楼")
    SAME_GRID = "same_grid", _("同一网格")
    SAME_COMMUNITY = "same_community", _("同一社区")
    SAME_STREET = "same_street", _("同一街道")
    KNOWS = "knows", _("以前帮助过这位居民")
    HAS_SKILL = "has_skill", _("会%(skill)s")
    SPEAKS = "speaks", _("会说老人的话")
    HAS_TIME = "has_time", _("手头服务不多")


# A volunteer who could, but carries as many as one may; told beside the causes of ``Unfit``.
FULL = "full"
FULL_LABEL = _("结对已满")
OWN_OR_PAIRED = _("本人、亲属或已结对")
