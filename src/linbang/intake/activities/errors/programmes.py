"""Why programmes, points and policies are refused."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class ProgrammeNameMissing(Refused):
    """Brands, campaigns, projects, key periods and points have a name."""

    code = "programme_name_missing"
    status = 422
    message = _("请填写名称。")


class BrandNameTaken(Refused):
    """The region has a brand of this name."""

    code = "brand_name_taken"
    message = _("这里已经有同名的品牌，请换个名称，或直接使用它。")


class PeriodImpossible(Refused):
    """A period ends before it begins."""

    code = "period_impossible"
    status = 422
    message = _("结束日期早于开始日期，请修改。")


class ProjectIncomplete(Refused):
    """A project says its field and its goals."""

    code = "project_incomplete"
    status = 422
    message = _("请填写项目的领域和目标。")


class MeasureNameTaken(Refused):
    """Two measures of a project have one name."""

    code = "measure_name_taken"
    status = 422
    message = _("成效指标“%(name)s”重名了，请换个名称。")


class MeasureDayMissing(Refused):
    """A measured result says on which day it was measured."""

    code = "measure_day_missing"
    status = 422
    message = _("填了完成情况，请同时填写测量日期。")


class PointNameTaken(Refused):
    """The region has a duty point of this name."""

    code = "duty_point_name_taken"
    message = _("这里已经有同名的值勤点，请换个名称。")


class PointClosed(Refused):
    """A closed duty point is neither staffed nor paired."""

    code = "duty_point_closed"
    message = _("这个值勤点已经停用，请改选一个。")


class PairingExists(Refused):
    """The unit keeps this point already."""

    code = "point_pairing_exists"
    message = _("这个单位已经结对这个值勤点。")


class PairingEndsEarly(Refused):
    """A pairing ends before it began."""

    code = "point_pairing_ends_early"
    status = 422
    message = _("结束日期早于结对日期，请修改。")


class PolicyNumberTaken(Refused):
    """The insurer's policy of this number is entered already."""

    code = "policy_number_taken"
    message = _("这份保险单已经登记过，请直接使用它。")


class PolicyPeriodImpossible(Refused):
    """Cover ends before it begins, or an extension does not lengthen it."""

    code = "policy_period_impossible"
    status = 422
    message = _("保险止期要晚于起期，续保要晚于现在的止期，请核对保单。")


class PolicyIncomplete(Refused):
    """A policy names its insurer and number."""

    code = "policy_incomplete"
    status = 422
    message = _("请填写保险公司和保险单号。")
