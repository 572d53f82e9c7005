"""Why a plan is refused."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class ActivityNotReady(Refused):
    """Gates stand between the plan and its publication; all of them are told at once."""

    code = "activity_not_ready"
    status = 422
    message = _("还有 %(count)s 处需要补充或修改，改好后就能发布。")

    def __init__(self, gates: Sequence[Any]) -> None:
        self.gates = tuple(gates)
        super().__init__(count=len(self.gates))

    @property
    def problems(self) -> list[dict[str, str]]:
        """Every reason with the field to mend."""
        return [
            {"field": gate.field, "code": str(gate.code), "detail": gate.words}
            for gate in self.gates
        ]


class ActivityStateNotNext(Refused):
    """The activity is not in a state from which this can follow."""

    code = "activity_state_not_next"
    message = _("这个活动已经是“%(state)s”，不能再这样处理，请刷新页面查看最新情况。")


class EditedMeanwhile(Refused):
    """Somebody saved the activity since the page was opened."""

    code = "activity_edited_meanwhile"
    message = _("在您填写期间，有人改过这个活动。请另开一页查看最新内容，再把您的修改加上。")


class OwnReview(Refused):
    """An activity is reviewed by somebody else than who made or submitted it."""

    code = "own_review"
    status = 403
    message = _("自己策划或提交的活动要请另一位负责人审核。")


class ReasonMissing(Refused):
    """Cancelling and sending back need a reason those concerned can read."""

    code = "activity_reason_missing"
    status = 422
    message = _("请写明原因，大家会看到这段话。")


class FlaggedWordsAdded(Refused):
    """A published activity may not take on words that would have sent it to review."""

    code = "flagged_words_added"
    status = 422
    message = _("已发布的活动不能再加上“%(words)s”这样的内容，请改写，或另建一个活动送审。")


class ActivityNameMissing(Refused):
    """Even a draft has a name."""

    code = "activity_name_missing"
    status = 422
    message = _("请填写活动名称。")


class SignUpWindowImpossible(Refused):
    """Recruiting closes before it opens."""

    code = "sign_up_window_impossible"
    status = 422
    message = _("报名截止要晚于报名开始，请修改其中一个时间。")


class OrganiserOutOfReach(Refused):
    """The actor does not plan for this organisation, or not in this region."""

    code = "organiser_out_of_reach"
    status = 403
    message = _("您不能以这个组织的名义在这里办活动，请改选组织或区域，或联系所在社区。")


class ProgrammeMismatch(Refused):
    """Brand, campaign and project do not belong together."""

    code = "programme_mismatch"
    status = 422
    message = _("所选的品牌、主题行动和项目不属于同一条线，请重新选择。")


class PostNameMissing(Refused):
    """A post has a name."""

    code = "post_name_missing"
    status = 422
    message = _("请填写岗位名称。")


class PostNameTaken(Refused):
    """Two posts of an activity have one name."""

    code = "post_name_taken"
    status = 422
    message = _("岗位“%(post)s”重名了，请换个名称。")


class PostPlacesImpossible(Refused):
    """A post or shift has between 1 and 5,000 places, and its minimum is not above them."""

    code = "post_places_impossible"
    status = 422
    message = _("每班人数要在 1 到 5000 之间，最少到岗人数不能超过它。")


class PostAgesImpossible(Refused):
    """The lowest age of a post is above its highest."""

    code = "post_ages_impossible"
    status = 422
    message = _("岗位“%(post)s”的最低年龄高于最高年龄，请修改。")


class PostUnknown(Refused):
    """A post named by its id, or a shift's post by its place, is not the activity's."""

    code = "post_unknown"
    status = 422
    message = _("有一个岗位已不存在，请刷新页面后重新填写。")


class PostHasShifts(Refused):
    """A post of a published activity goes only after its shifts are cancelled."""

    code = "post_has_shifts"
    message = _("岗位“%(post)s”还有没开始的班次，请先取消这些班次，再删去岗位。")


class QualificationUnknown(Refused):
    """A post asks for a qualification that is not on the list."""

    code = "qualification_unknown"
    status = 422
    message = _("有一项资格不在清单里，请重新勾选。")


class DeskNumberTaken(Refused):
    """Two desks of an event have one number."""

    code = "desk_number_taken"
    status = 422
    message = _("%(number)s 号咨询台重复了，请换个编号。")


class WindowImpossible(Refused):
    """A shift lasts at least 15 minutes and ends on the day it begins (rule 34)."""

    code = "shift_window_impossible"
    status = 422
    message = _("每班至少 15 分钟，并在当天结束；要跨过零点请分成两班。")


class WindowPast(Refused):
    """A shift is planned, or moved, to a time that has passed."""

    code = "shift_window_past"
    status = 422
    message = _("班次的开始时间已经过了，请选以后的时间。")


class ShiftStarted(Refused):
    """What has begun is neither moved nor cancelled."""

    code = "shift_started"
    message = _("这个班次已经开始或结束，不能再改。")


class ShiftNotPlanned(Refused):
    """The shift was cancelled already."""

    code = "shift_not_planned"
    message = _("这个班次已经取消，请刷新页面查看。")


class ShiftsBeyondPolicy(Refused):
    """A high-risk shift would lie outside the policy's period (rule 17)."""

    code = "shifts_beyond_policy"
    message = _("保险单只保到 %(ends_at)s，这样安排有 %(count)s 个班次不在保险期内，请先续保。")


class ActivityTooLong(Refused):
    """An activity lasts a year at most (rule 22)."""

    code = "activity_too_long"
    status = 422
    message = _("从第一个到最后一个班次不能超过一年，请分成几个活动。")


class NothingAhead(Refused):
    """No shift is left that has not begun."""

    code = "nothing_ahead"
    message = _("没有还没开始的班次可以改了。")


class RhythmUnreadable(Refused):
    """The recurrence rule cannot be read, or uses parts that are not supported."""

    code = "rhythm_unreadable"
    status = 422
    message = _("看不懂这条重复规则，请改用上面的选项。")


class RhythmEndsEarly(Refused):
    """A series ends before it begins."""

    code = "rhythm_ends_early"
    status = 422
    message = _("结束日期早于开始日期，请修改。")


class RhythmTooLong(Refused):
    """A series spans a year at most."""

    code = "rhythm_too_long"
    status = 422
    message = _("一次最多排一年，请把结束日期提前。")


class RhythmTooDense(Refused):
    """A series has 400 dates at most."""

    code = "rhythm_too_dense"
    status = 422
    message = _("一次最多排 %(count)s 天，请缩短期间或减少次数。")


class RhythmEmpty(Refused):
    """Not one day fits the rhythm."""

    code = "rhythm_empty"
    status = 422
    message = _("按这个规律一天也排不出来，请检查日期和选项。")


class RosterTooLarge(Refused):
    """A roster made in one go has a bounded number of shifts."""

    code = "roster_too_large"
    status = 422
    message = _("一次最多生成 %(count)s 个班次，请分几次生成。")


class RosterEmpty(Refused):
    """No point, no time, or no day was chosen."""

    code = "roster_empty"
    status = 422
    message = _("请至少选一个值勤点、一个时段和一天。")


class ActivityHasPeople(Refused):
    """Somebody signed up or served: such a plan is cancelled, never deleted (rule 29)."""

    code = "activity_has_people"
    message = _("已经有人报名或服务过，不能删除；请改为取消，并写明原因。")


class ExtensionTooLate(Refused):
    """A closed activity is extended within 30 days of its end (rule 29)."""

    code = "extension_too_late"
    message = _("活动结束超过 30 天，不能再延期，请复制成一个新活动。")


class ExtendedAlready(Refused):
    """A closed activity is extended once (rule 29)."""

    code = "extended_already"
    message = _("这个活动已经延期过一次，请复制成一个新活动。")


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
