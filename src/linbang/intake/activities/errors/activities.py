"""Why an activity, its posts or its publication are refused."""

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


class RadiusImpossible(Refused):
    """The circle of check-in by location is up to 9,999 m wide, 0 for none (rule 30)."""

    code = "radius_impossible"
    status = 422
    message = _("签到范围请填 0 到 9999 米，0 表示不按位置签到。")


class RegionFixed(Refused):
    """An activity stays in the county it was planned in."""

    code = "region_fixed"
    status = 422
    message = _("活动不能移到另一个区县，请复制成一个新活动。")


class ShiftsStillAhead(Refused):
    """An activity closes after its last shift."""

    code = "shifts_still_ahead"
    message = _("还有 %(count)s 个班次没有开始，请先取消它们，再结束活动。")


class DraftWasReviewed(Refused):
    """What was submitted once leaves its history: it is cancelled, not deleted."""

    code = "draft_was_reviewed"
    message = _("送审过的活动要留下记录，不能删除；请改为取消，并写明原因。")
