from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class RegionLevel(IntegerChoices):
    """The value is the length of the code (GB/T 2260, GB/T 10114; grid and building are local)."""

    PROVINCE = 2, _("省级")
    CITY = 4, _("市级")
    COUNTY = 6, _("区县")
    STREET = 9, _("街道（乡镇）")
    COMMUNITY = 12, _("社区（村）")
    GRID = 15, _("网格")
    BUILDING = 18, _("楼栋")


class Weekday(IntegerChoices):
    MONDAY = 0, _("周一")
    TUESDAY = 1, _("周二")
    WEDNESDAY = 2, _("周三")
    THURSDAY = 3, _("周四")
    FRIDAY = 4, _("周五")
    SATURDAY = 5, _("周六")
    SUNDAY = 6, _("周日")


class StationFeature(TextChoices):
    """The "six haves" of a service station (OP24; rule 14)."""

    VENUE = "venue", _("有场所")
    TEAM = "team", _("有队伍")
    PROJECTS = "projects", _("有项目")
    EQUIPMENT = "equipment", _("有设施")
    RULES = "rules", _("有制度")
    SIGN = "sign", _("有标识")
