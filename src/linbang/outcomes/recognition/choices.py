"""The words of stars, ratings and honours."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STAR_MAX = 5


class SchemeCode(TextChoices):
    """The level tables a region may choose from (domain handbook §3.4)."""

    NATIONAL = "national", _("全国通用标准")
    BEIJING = "beijing", _("北京早期标准")
    STREET = "street", _("街道社区按年标准")
    ZHANGJIAGANG = "zhangjiagang", _("张家港标准")


class ApplicationState(TextChoices):
    WAITING = "waiting", _("等社区审核")
    ON_NOTICE = "on_notice", _("公示中")
    OBJECTED = "objected", _("有异议，正在核实")
    GRANTED = "granted", _("已授予")
    REFUSED = "refused", _("未通过")
    STOPPED = "stopped", _("异议属实，未授予")
    WITHDRAWN = "withdrawn", _("本人撤回")
    LAPSED = "lapsed", _("时长更正，不再达到")


# How an application ends; its state says it in the same words.
APPLICATION_ENDS = (
    ApplicationState.GRANTED,
    ApplicationState.REFUSED,
    ApplicationState.STOPPED,
    ApplicationState.WITHDRAWN,
    ApplicationState.LAPSED,
)


class StarTab(TextChoices):
    """The heaps of applications on the station's desk."""

    WAITING = "waiting", _("待审核")
    OBJECTED = "objected", _("异议待答复")
    ON_NOTICE = "on_notice", _("公示中")
    ENDED = "ended", _("已办结")

    @classmethod
    def named(cls, name: str | None) -> "StarTab":
        return cls(name) if name in cls.values else cls.WAITING


class ChangeKind(TextChoices):
    GRANTED = "granted", _("授予")
    LOWERED = "lowered", _("更正")


class ObjectionOutcome(TextChoices):
    UPHELD = "upheld", _("属实，不授予")
    REJECTED = "rejected", _("不属实，继续公示")


class Hindrance(TextChoices):
    """Why a star can't be asked for now."""

    NOT_VOLUNTEER = "not_volunteer", _("还不是志愿者")
    NOT_HIGHER = "not_higher", _("只能申请比现在高的星级")
    NOT_REACHED = "not_reached", _("服务时长还没有达到")
    TOO_NEW = "too_new", _("成为志愿者的时间还不够长")
    RATED_TOO_LOW = "rated_too_low", _("平均评价不到 3 分")
    BARRED = "barred", _("虚假时长处理期内，暂不能申请")
    ALREADY_OPEN = "already_open", _("已有一份申请正在办理")


class Side(TextChoices):
    """Whom a rating is about."""

    VOLUNTEER = "volunteer", _("评价志愿者")
    SERVICE = "service", _("评价服务组织")


class RatedBy(TextChoices):
    """In what part somebody rated."""

    VOLUNTEER = "volunteer", _("志愿者")
    RESIDENT = "resident", _("居民本人")
    RELATIVE = "relative", _("亲属")
    LEADER = "leader", _("活动负责人")
    STATION = "station", _("站点电话回访")


# The three points of each side, as the national system asks for them (domain handbook §3.2).
POINTS: Mapping[Side, tuple[str | Promise, str | Promise, str | Promise]] = {
    Side.VOLUNTEER: (_("守时"), _("态度"), _("服务水平")),
    Side.SERVICE: (_("培训和说明"), _("组织协作"), _("执行落实")),
}
# From the best down: a thumb finds the usual answer first.
MARKS: tuple[tuple[int, str | Promise], ...] = (
    (5, _("很好")),
    (4, _("好")),
    (3, _("一般")),
    (2, _("较差")),
    (1, _("很差")),
)


class HonourLevel(TextChoices):
    NATION = "nation", _("国家级")
    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")
    COUNTY = "county", _("区县级")
    STREET = "street", _("街道乡镇级")
    COMMUNITY = "community", _("社区（村）级")
    ORGANISATION = "organisation", _("单位或组织")


# Honours of the county and above are entered on presenting proof (Order 67, article 9).
PROVED_LEVELS = (
    HonourLevel.NATION,
    HonourLevel.PROVINCE,
    HonourLevel.CITY,
    HonourLevel.COUNTY,
)


class HonourTarget(TextChoices):
    PERSON = "person", _("个人")
    TEAM = "team", _("队伍或单位")
    ACTIVITY = "activity", _("活动")
    PROJECT = "project", _("项目")


class HonourState(TextChoices):
    WAITING = "waiting", _("待核实")
    REGISTERED = "registered", _("已登记")
    REFUSED = "refused", _("未通过")
    STRUCK = "struck", _("已撤销")


class HonourVerdict(TextChoices):
    REGISTERED = "registered", _("核实无误，登记")
    REFUSED = "refused", _("不予登记")
