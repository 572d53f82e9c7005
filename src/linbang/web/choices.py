"""The rooms of the product, as the navigation names them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linbang.foundation.access.choices import Permission


@dataclass(frozen=True)
class Room:
    """A place one can go: its label, its address by name, its icon, and who may enter."""

    label: str | Promise
    url_name: str
    icon: str
    permission: Permission | None = None
    section: str | Promise = ""
    # Pages under these paths light up the same entry.
    also: tuple[str, ...] = ()


# The phone's tab bar: five at most, the one in the middle is what most people come for.
RESIDENT_TABS = (
    Room(_("首页"), "web:home", "home"),
    Room(_("我的求助"), "needs:list", "clipboard-list"),
    Room(_("我要求助"), "needs:new", "heart-handshake"),
    Room(_("爱心储蓄"), "time_bank:statement", "coin"),
    Room(_("我的"), "people:profile", "user"),
)
VOLUNTEER_TABS = (
    Room(_("首页"), "web:home", "home"),
    Room(
        pgettext_lazy("tab", "活动"),
        "dispatch:activities",
        "calendar-event",
        also=("/sign-ups/", "/stand-ins/", "/reservations/"),
    ),
    Room(_("我要求助"), "needs:new", "heart-handshake"),
    Room(
        _("安排"),
        "service:shifts",
        "list-check",
        also=("/visits/", "/lead/", "/check-in/", "/card/", "/calendar/", "/desks/", "/incidents/"),
    ),
    Room(
        _("我的"),
        "people:profile",
        "user",
        also=("/clearance/", "/certificates/", "/cards/", "/stars/", "/ratings/", "/honours/"),
    ),
)

_SERVICE = _("服务")
_ACTIVITIES = _("活动与值勤")
_COMMUNITY = _("社区")
_CLEARING = _("上岗")
_RESULTS = _("成效")
_SAFETY = _("安全")

CONSOLE = (
    Room(_("工作台"), "web:console", "home", None, _SERVICE),
    Room(_("电话登记"), "needs:intake", "phone-call", Permission.TAKE_NEEDS, _SERVICE),
    Room(_("居民求助"), "needs:console", "heart-handshake", Permission.SEE_NEEDS, _SERVICE),
    Room(
        _("派单"),
        "dispatch:board",
        "send",
        Permission.DISPATCH,
        _SERVICE,
        ("/console/plans/",),
    ),
    Room(
        _("报名与排班"),
        "dispatch:staff_activities",
        "calendar-check",
        Permission.LEAD_SHIFTS,
        _SERVICE,
        ("/console/rosters/", "/console/stand-ins/"),
    ),
    Room(_("上门服务"), "service:console", "walk", Permission.HANDLE_VISITS, _SERVICE),
    Room(_("活动到岗"), "service:days", "list-check", Permission.LEAD_SHIFTS, _SERVICE),
    Room(_("意外情况"), "service:incidents", "first-aid-kit", Permission.LEAD_SHIFTS, _SERVICE),
    Room(
        _("服务记录"),
        "service_records:console",
        "clipboard-check",
        Permission.VERIFY_RECORDS,
        _SERVICE,
    ),
    Room(
        _("计时规则"), "service_records:policies", "clock", Permission.REVIEW_ACTIVITIES, _SERVICE
    ),
    Room(
        _("服务证明"),
        "certificates:console",
        "certificate-2",
        Permission.VERIFY_RECORDS,
        _SERVICE,
    ),
    Room(
        _("储蓄办理"),
        "time_bank:desk",
        "coin",
        Permission.VERIFY_RECORDS,
        _SERVICE,
        ("/love-savings/disputes/",),
    ),
    Room(
        _("诚信核查"),
        "service_records:integrity",
        "shield-check",
        Permission.CHECK_RECORDS,
        _SERVICE,
        ("/console/spot-checks/",),
    ),
    Room(
        pgettext_lazy("room", "活动"),
        "activities:list",
        "calendar-event",
        Permission.EDIT_ACTIVITIES,
        _ACTIVITIES,
    ),
    Room(_("项目与品牌"), "activities:programmes", "star", Permission.EDIT_ACTIVITIES, _ACTIVITIES),
    Room(
        pgettext_lazy("room", "值勤点"),
        "activities:points",
        "map-pin",
        Permission.EDIT_ACTIVITIES,
        _ACTIVITIES,
    ),
    Room(
        _("人员"),
        "people:list",
        "users",
        Permission.SEE_PEOPLE,
        _COMMUNITY,
        ("/console/claims/", "/console/disputes/"),
    ),
    Room(_("关爱名册"), "care:list", "heart", Permission.SEE_CARE, _COMMUNITY),
    Room(
        pgettext_lazy("pairing", "结对"),
        "dispatch:pairings",
        "home-heart",
        Permission.DISPATCH,
        _COMMUNITY,
    ),
    Room(
        _("队伍与单位"),
        "organisations:list",
        "users-group",
        Permission.EDIT_ORGANISATIONS,
        _COMMUNITY,
    ),
    Room(_("网格与站点"), "places:list", "map-2", Permission.EDIT_PLACES, _COMMUNITY),
    Room(
        _("培训"), "clearance:console_trainings", "school", Permission.CLEAR_VOLUNTEERS, _CLEARING
    ),
    Room(
        _("资格"),
        "clearance:console_credentials",
        "certificate",
        Permission.CLEAR_VOLUNTEERS,
        _CLEARING,
    ),
    Room(
        _("保险名单"),
        "clearance:console_insurance",
        "shield-check",
        Permission.CLEAR_VOLUNTEERS,
        _CLEARING,
    ),
    Room(
        _("暂停与申诉"),
        "clearance:console_suspensions",
        "hand-stop",
        Permission.CLEAR_VOLUNTEERS,
        _CLEARING,
    ),
    Room(_("星级申请"), "recognition:console", "medal", Permission.VERIFY_RECORDS, _RESULTS),
    Room(_("星级标准"), "recognition:scheme", "settings", Permission.SET_STARS, _RESULTS),
    Room(_("表彰名册"), "recognition:register", "award", Permission.SEE_PEOPLE, _RESULTS),
    Room(
        pgettext_lazy("room", "爱心储蓄"),
        "time_bank:branches",
        "coin",
        Permission.SEE_SAVINGS,
        _RESULTS,
    ),
    Room(_("缺什么人"), "dispatch:recruiting", "user-search", Permission.SEE_REPORTS, _RESULTS),
    Room(_("统计"), "statistics:overview", "chart-bar", Permission.SEE_REPORTS, _RESULTS),
    Room(_("工作简报"), "briefs:list", "report-analytics", Permission.SEE_REPORTS, _RESULTS),
    Room(_("角色"), "access:roles", "key", Permission.GRANT_ROLES, _SAFETY),
    Room(_("审计"), "audit:trail", "shield-check", Permission.SEE_AUDIT, _SAFETY),
)
