"""The words of the figures: each with the one explanation of what it counts."""

from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class PeriodKind(TextChoices):
    MONTH = "month", _("月度")
    QUARTER = "quarter", _("季度")
    YEAR = "year", _("年度")
    TWELVE_MONTHS = "twelve_months", _("近十二个月")


class Measure(TextChoices):
    """Every figure there is; the value names the field of ``rules.Tally``."""

    VOLUNTEERS = "volunteers", _("在册志愿者")
    ACTIVE_VOLUNTEERS = "active_volunteers", _("活跃志愿者")
    ACTIVITY_RATE = "activity_rate", _("活跃率")
    REQUESTS = "requests", _("求助")
    VERIFIED = "verified", _("已核实求助")
    FULFILLED = "fulfilled", _("已办结求助")
    FULFILMENT_RATE = "fulfilment_rate", _("办结率")
    DECLINED = "declined", _("未受理求助")
    WITHDRAWN = "withdrawn", _("已撤回求助")
    LAPSED = "lapsed", _("未能办成的求助")
    RESPONSE_MEDIAN = "response_minutes_median", _("答复用时（中位数）")
    RESPONSE_MEAN = "response_minutes_mean", _("答复用时（平均）")
    IN_TIME_RATE = "in_time_rate", _("按时答复率")
    VISITS = "visits", _("上门服务")
    PERSON_TIMES = "person_times", _("服务人次")
    MINUTES = "minutes", _("服务总时长")
    PROVED_MINUTES = "proved_minutes", _("其中信用时长")
    ENTERED_MINUTES = "entered_minutes", _("其中荣誉时长")
    BENEFICIARIES = "beneficiaries", _("受益人")


# How a figure is written: as a share, as worth in hours, as a time one waited; else as a count.
RATES = frozenset({Measure.ACTIVITY_RATE, Measure.FULFILMENT_RATE, Measure.IN_TIME_RATE})
WORTHS = frozenset({Measure.MINUTES, Measure.PROVED_MINUTES, Measure.ENTERED_MINUTES})
WAITS = frozenset({Measure.RESPONSE_MEDIAN, Measure.RESPONSE_MEAN})

# What each figure counts (rules 89 and 90). The SQL in sql/ does what is said here.
DEFINITIONS: dict[Measure, str | Promise] = {
    Measure.VOLUNTEERS: _(
        "期末在册的志愿者人数：本人已确认登记，期末前没有注销或退出。按志愿者所在区划计，每人一次。"
    ),
    Measure.ACTIVE_VOLUNTEERS: _("本期有有效服务时长的志愿者人数，按服务所在区划计，每人一次。"),
    Measure.ACTIVITY_RATE: _("活跃志愿者 ÷ 在册志愿者。外来志愿者也在本地服务时，可能超过 100%。"),
    Measure.REQUESTS: _("本期提出的求助件数，按提出时间、服务地点所在区划计。"),
    Measure.VERIFIED: _("本期提出的求助中，服务站已核实受理的件数，包括后来撤回或未办成的。"),
    Measure.FULFILLED: _("本期提出的求助中，到查询时已确认办结的件数。"),
    Measure.FULFILMENT_RATE: _("已办结求助 ÷ 已核实求助。"),
    Measure.DECLINED: _("本期提出的求助中，服务站未受理的件数。"),
    Measure.WITHDRAWN: _("本期提出的求助中，居民自己撤回的件数。"),
    Measure.LAPSED: _("本期提出的求助中，过期仍未办成的件数。"),
    Measure.RESPONSE_MEDIAN: _(
        "从提出求助到服务站第一次答复的时间，取中位数：一半的求助比它快，一半比它慢。"
    ),
    Measure.RESPONSE_MEAN: _("从提出求助到服务站第一次答复的时间，取平均数。"),
    Measure.IN_TIME_RATE: _(
        "在期限内第一次答复的求助 ÷ 已答复和到期未答复的求助。居民自己撤回而未答复的不计。"
    ),
    Measure.VISITS: _("本期约定、已经签退的上门次数，不论记录是否已审核。"),
    Measure.PERSON_TIMES: _("本期审核生效、时长大于零的服务记录条数。两名志愿者去一次，是两人次。"),
    Measure.MINUTES: _("本期审核生效的服务时长，有更正的按最新一次更正计。"),
    Measure.PROVED_MINUTES: _("由动态码或定位证明的服务时长。"),
    Measure.ENTERED_MINUTES: _("由人登记并经第二人审核的服务时长，与信用时长分开计。"),
    Measure.BENEFICIARIES: _("本期接受了有效服务的居民人数，每人一次，不论几次。"),
}

PARTS_NOTE = _("同一个人可能接受多个类别、在多个地方的服务，所以各部分人数相加可以大于总数。")
AS_ASKED_NOTE = _("数字以查询时的情况为准：之后审核、更正的记录会使它变化。")


class ActivityMeasure(TextChoices):
    """What is counted of activities; the value names the field of ``rules.ActivityTally``."""

    ACTIVITIES = "activities", _("举办活动")
    SHIFTS = "shifts", _("开展班次")
    PERSON_TIMES = "person_times", _("参加人次")
    PEOPLE = "people", _("参加人数")
    MINUTES = "minutes", _("到岗时长")
    PEOPLE_SERVED = "people_served", _("服务对象人次")
    CONSULTED = "consulted", _("咨询台接待人次")
    PLACES = "places", _("招募名额")
    FILLED = "filled", _("录取人次")
    FILL_RATE = "fill_rate", _("录取率")
    NO_SHOWS = "no_shows", _("未到人次")
    NO_SHOW_RATE = "no_show_rate", _("未到率")
    UNSETTLED = "unsettled", _("未签退人次")


ACTIVITY_RATES = frozenset({ActivityMeasure.FILL_RATE, ActivityMeasure.NO_SHOW_RATE})

# What each counts (rules 33, 89 and 90). The SQL in sql/activity_*.sql does what is said here.
ACTIVITY_DEFINITIONS: dict[ActivityMeasure, str | Promise] = {
    ActivityMeasure.ACTIVITIES: _(
        "本期至少有一个班次有人到岗的活动个数，按活动地点所在区划计；跨期的活动每期各计一次。"
    ),
    ActivityMeasure.SHIFTS: _("本期已经结束、至少有一人到岗的班次个数。"),
    ActivityMeasure.PERSON_TIMES: _(
        "签到又签退的人，每人每班次计一人次；中途离开再回来的仍是一人次。"
    ),
    ActivityMeasure.PEOPLE: _("签到又签退的人数，每人一次，不论参加几次。"),
    ActivityMeasure.MINUTES: _("从签到到签退的时间，不计路上；它还不是审核过的服务时长。"),
    ActivityMeasure.PEOPLE_SERVED: _(
        "活动结束时负责人填报的服务对象人次，计在最后一个班次所在的那一期。"
    ),
    ActivityMeasure.CONSULTED: _("各咨询台按主题划记的接待人次，更正以后的数。"),
    ActivityMeasure.PLACES: _("本期已经结束的班次原定招募的名额，没有人到岗的班次也计。"),
    ActivityMeasure.FILLED: _("这些班次录取的人次，不含候补和已退出的。"),
    ActivityMeasure.FILL_RATE: _("录取人次 ÷ 招募名额。"),
    ActivityMeasure.NO_SHOWS: _("录取了没有到、也没有请假的人次；事后说明并被接受的不计。"),
    ActivityMeasure.NO_SHOW_RATE: _("未到人次 ÷ 录取人次。"),
    ActivityMeasure.UNSETTLED: _("签到了、班次结束后还没有签退的人次，不计入参加人次。"),
}

# March and December are the service months (Sanlitun).
SERVICE_MONTHS = (3, 12)


def period_label(kind: str, year: int, number: int) -> str:
    """Name a period in the reader's language; of twelve months ``number`` is the last day."""
    if kind == PeriodKind.TWELVE_MONTHS:
        last = date(year, 1, 1) + timedelta(days=number - 1)
        words = {"year": last.year, "month": last.month, "day": last.day}
        return gettext("截至%(year)s年%(month)s月%(day)s日的十二个月") % words
    if kind == PeriodKind.YEAR:
        return gettext("%(year)s年") % {"year": year}
    if kind == PeriodKind.QUARTER:
        return gettext("%(year)s年第%(number)s季度") % {"year": year, "number": number}
    return gettext("%(year)s年%(number)s月") % {"year": year, "number": number}


def age_band_label(low: int, high: int | None) -> str:
    """Name an age band: the last has no end."""
    if not low:
        return gettext("不满 %(age)s 岁") % {"age": (high or 0) + 1}
    if high is None:
        return gettext("%(age)s 岁及以上") % {"age": low}
    return gettext("%(low)s–%(high)s 岁") % {"low": low, "high": high}
