"""What stands between a plan and its publication, in words that say what to mend."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class GateCode(TextChoices):
    """Why a plan may not be published yet; the label is told with the gate's params."""

    # Who (rule 12).
    ORGANISER_CLOSED = "organiser_closed", _("主办组织“%(organiser)s”已撤销，请改选一个组织。")
    TEAM_NOT_APPROVED = (
        "team_not_approved",
        _("“%(organiser)s”还没有经社区或单位批准，批准后才能发布活动。"),
    )
    LEADER_MISSING = "leader_missing", _("请选定一位负责人。")
    LEADER_NOT_CONFIRMED = (
        "leader_not_confirmed",
        _("负责人%(leader)s还没有实名确认的账号，请其先完成登记，或改选一位。"),
    )
    # What (rules 15, 22, 23).
    NAME_MISSING = "name_missing", _("请填写活动名称。")
    NAME_TOO_LONG = "name_too_long", _("名称最多 50 个字，现在有 %(count)s 个，请缩短。")
    NAME_IS_BACK_ENTRY = (
        "name_is_back_entry",
        _("名称里不能有“补录”：补录时长另有办法，请改名称。"),
    )
    CATEGORIES_COUNT = (
        "categories_count",
        _("服务类别请选 1 到 4 项，现在选了 %(count)s 项。"),
    )
    CONTENT_MISSING = "content_missing", _("请写明活动内容：做什么、怎么做。")
    CONDITIONS_MISSING = (
        "conditions_missing",
        _("请写明参加条件，例如身体状况、要带的东西；没有要求也请写明。"),
    )
    FORBIDDEN_NOT_DECLARED = (
        "forbidden_not_declared",
        _("请确认这不是六类不计志愿服务的活动，并勾选声明。"),
    )
    # Where (rule 15).
    PLACE_MISSING = "place_missing", _("请填写集合地点。")
    # When (rules 15, 22).
    SHIFTS_MISSING = "shifts_missing", _("请至少排一个班次。")
    STARTS_IN_PAST = "starts_in_past", _("第一个班次已经过了开始时间，请改到以后。")
    TOO_LONG = "too_long", _("从第一个到最后一个班次不能超过一年，请分成几个活动。")
    RECRUITING_ENDS_LATE = (
        "recruiting_ends_late",
        _("报名截止不能晚于活动结束，请提前截止时间。"),
    )
    RECRUITING_OPENS_LATE = (
        "recruiting_opens_late",
        _("报名开始不能晚于最后一个班次，请提前开始时间。"),
    )
    RECRUITING_IS_OVER = "recruiting_is_over", _("报名截止时间已经过了，请改到以后。")
    # Whom it needs (rules 15, 18).
    POSTS_MISSING = "posts_missing", _("请至少设一个岗位，写明需要几个人。")
    POST_WITHOUT_SHIFTS = (
        "post_without_shifts",
        _("岗位“%(post)s”还没有班次，请给它排班，或删去这个岗位。"),
    )
    POST_NEEDS_ADULTS = (
        "post_needs_adults",
        _("高风险活动只能招募成年人，请把岗位“%(post)s”的最低年龄设为 18 岁或以上。"),
    )
    POINTS_MISSING = (
        "points_missing",
        _("值勤岗要有值勤点，请为岗位“%(post)s”选一个值勤点。"),
    )
    DESKS_MISSING = "desks_missing", _("咨询台活动要有咨询台，请至少设一个。")
    DESK_WITHOUT_TOPICS = (
        "desk_without_topics",
        _("请写明咨询台“%(desk)s”解答哪些问题。"),
    )
    DESK_UNSTAFFED = (
        "desk_unstaffed",
        _("咨询台“%(desk)s”还没有岗位，请为它设一个岗位。"),
    )
    # Safety (rules 15–17).
    RISK_MISSING = "risk_missing", _("请写明可能的风险和注意事项。")
    GUARANTEE_MISSING = "guarantee_missing", _("请至少勾选一项志愿者保障。")
    GUARANTEE_NOTE_MISSING = (
        "guarantee_note_missing",
        _("勾选了“其他保障”，请写明是什么。"),
    )
    POLICY_MISSING = (
        "policy_missing",
        _("高风险活动要先购买人身意外伤害保险，请选择保险单。"),
    )
    POLICY_ENDED = "policy_ended", _("保险单“%(policy)s”已经终止，请换一份。")
    POLICY_TOO_SHORT = (
        "policy_too_short",
        _("保险单“%(policy)s”没有覆盖 %(count)s 个班次，请先续保，或调整班次。"),
    )
    # Sign-up and money (rules 15, 24).
    CONTACT_MISSING = "contact_missing", _("请填写公开的联系人和电话。")
    ALLOWANCE_REASON_MISSING = (
        "allowance_reason_missing",
        _("每人每天补贴超过 50 元，请说明理由。"),
    )


class ForbiddenKind(TextChoices):
    """The six kinds that are no voluntary service (rule 23; national system)."""

    OWN_JOB = "own_job", _("上班时间做自己的本职工作")
    INSIDE_DUTY = "inside_duty", _("单位或学校内部的值日、勤务")
    SELF_INTEREST = "self_interest", _("为自己的事：内部选举、学习、参观、实习")
    NO_BENEFIT = "no_benefit", _("没有明确公益性：团建、聚餐、祈福、排练")
    PAID = "paid", _("报酬明显高于补贴")
    TRADED = "traded", _("拿时长换钱物、换转发，或当作奖品")


class AgreementCause(TextChoices):
    """Which of rule 21's causes for an agreement are the activity's own."""

    HIGH_RISK = "high_risk", _("有人身危险")
    LONG = "long", _("为期 30 天及以上")
    LARGE_EVENT = "large_event", _("大型活动")
    OUTSIDE_CITY = "outside_city", _("在本市以外")
    ASKED_FOR = "asked_for", _("一方要求")
