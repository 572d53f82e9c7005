from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ActivityState(TextChoices):
    """Where an activity stands; ``ActivityStep`` keeps who brought it there and why."""

    DRAFT = "draft", _("草稿")
    IN_REVIEW = "in_review", _("待审核")
    PUBLISHED = "published", _("已发布")
    CANCELLED = "cancelled", _("已取消")
    CLOSED = "closed", _("已结束")


STATE_TONES: Mapping[str, str] = {
    ActivityState.DRAFT: "grey",
    ActivityState.IN_REVIEW: "gold",
    ActivityState.PUBLISHED: "jade",
    ActivityState.CANCELLED: "grey",
    ActivityState.CLOSED: "blue",
}


class ActivityKind(TextChoices):
    """What sort of gathering it is; a consult event has desks, duty has points and rosters."""

    GATHERING = "gathering", _("集体活动")
    CONSULT = "consult", _("咨询台活动")
    DUTY = "duty", _("值勤岗")
    CLASSES = "classes", _("课堂")


class Hazard(TextChoices):
    """What makes an activity high-risk (rule 16; VSR 17, CQ 18, Huli)."""

    RESCUE = "rescue", _("应急救援")
    TRAFFIC = "traffic", _("交通路口")
    FIRE = "fire", _("消防")
    LARGE_EVENT = "large_event", _("大型活动")
    ABROAD = "abroad", _("境外")
    OTHER = "other", _("其他人身危险")


class Audience(TextChoices):
    """Whom recruiting addresses."""

    EVERYONE = "everyone", _("公开招募")
    MEMBERS = "members", _("仅限本组织成员")


class SignUpMode(TextChoices):
    """How a place is given."""

    INSTANT = "instant", _("报名即录取")
    APPROVAL = "approval", _("需负责人审核")


class Beneficiary(TextChoices):
    """National codes 服务对象 (domain handbook §6.4)."""

    CHILDREN = "01", _("儿童")
    WOMEN = "02", _("妇女")
    ELDERS = "03", _("老年人")
    DISABLED = "04", _("残障人士")
    VETERANS = "05", _("优抚对象")
    POOR = "06", _("贫困家庭")
    SPECIAL = "07", _("特殊群体")
    PATIENTS = "08", _("病患者")
    VILLAGERS = "09", _("农村居民")
    TOWNSPEOPLE = "10", _("城镇居民")
    PUBLIC = "11", _("社会公众")
    OTHER = "99", _("其他对象")


class Guarantee(TextChoices):
    """National codes 志愿者保障 (domain handbook §6.4)."""

    INSURANCE = "01", _("保险")
    TRANSPORT = "02", _("集中乘车")
    FARES = "03", _("交通补贴")
    MEALS = "04", _("餐饮")
    WATER = "05", _("饮水")
    LODGING = "06", _("住宿")
    CLOTHING = "07", _("服装")
    TOOLS = "08", _("工具")
    CHECK_UP = "09", _("体检")
    TRAINING = "10", _("专项培训")
    CERTIFICATE = "11", _("服务证书")
    OTHER = "99", _("其他保障")


class QualificationKind(TextChoices):
    """What sort of proof a post may ask for (rule 20; MPL 62)."""

    TRAINING = "training", _("培训")
    LICENCE = "licence", _("执业资格")
    VETTING = "vetting", _("背景核查")


class PolicyScope(TextChoices):
    """Whom an insurance policy covers."""

    NAMED = "named", _("仅名单内人员")
    SIGNED_UP = "signed_up", _("活动全部报名人员")


class PointKind(TextChoices):
    """What sort of place is staffed all year."""

    CROSSING = "crossing", _("文明路口")
    SERVICE_POINT = "service_point", _("志愿服务点")
    PATROL = "patrol", _("巡逻段")
    FIRE_POST = "fire_post", _("志愿消防站")


class ShiftState(TextChoices):
    """Whether a shift takes place."""

    PLANNED = "planned", _("如期")
    CANCELLED = "cancelled", _("已取消")


class DayRule(TextChoices):
    """Which days of a rhythm count, by the State Council's calendar."""

    ANY = "any", _("不论节假日")
    WORKDAYS = "workdays", _("只在工作日（含调休上班日）")
    NOT_HOLIDAYS = "not_holidays", _("法定节假日停办")
    ONLY_HOLIDAYS = "only_holidays", _("只在法定节假日")


class EditScope(TextChoices):
    """How much of a series a change reaches."""

    ONE = "one", _("仅这一次")
    FOLLOWING = "following", _("这次及以后")
    ALL = "all", _("全部（尚未开始的）")
