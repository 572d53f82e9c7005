"""Why a plan cannot be made, changed or published as asked."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class PlanNotFound(Refused):
    """There is no such plan, or it is of somebody else's place."""

    code = "plan_not_found"
    status = 404
    message = _("没有找到这份上门安排，请回到列表看看。")


class PlanAreaWrong(Refused):
    """A plan is made for a community, street, district or city."""

    code = "plan_area_wrong"
    status = 422
    message = _("请选择一个社区、街道、城区或城市来做安排。")


class PlanDaysWrong(Refused):
    """A plan covers one to seven days from today on."""

    code = "plan_days_wrong"
    status = 422
    message = _("请选择从今天起、最多七天的日期。")


class PlanUnderWay(Refused):
    """A plan of this place is being made already."""

    code = "plan_under_way"
    message = _("这里已有一份安排正在计算，请等它算好再看。")


class PlanNotReady(Refused):
    """The plan is not made yet, or has been published or put away."""

    code = "plan_not_ready"
    message = _("这份安排还没有算好，或已经发布、作废。请刷新页面看最新进展。")


class PlannedVisitGone(Refused):
    """This visit is promised or asked already, or somebody else is planned in its place."""

    code = "planned_visit_gone"
    message = _("这次上门已邀请了人，或刚刚换过人，请刷新页面再看。")


class PlannedVolunteerTwice(Refused):
    """The volunteer is planned for this need already."""

    code = "planned_volunteer_twice"
    message = _("这位志愿者已安排在这次上门里，请另选一位。")


class PlanOutOfReach(Refused):
    """The choice would move visits of places where the worker does not dispatch."""

    code = "plan_out_of_reach"
    message = _("这位志愿者已安排去别的社区，换过来会动到那边的安排。请与街道商量，或另选一位。")
