"""Why a step of a record was refused, and what to do instead."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import NotAllowed, Refused


class VisitNotOver(Refused):
    """A record is drafted from a visit with check-in and check-out."""

    code = "visit_not_over"
    message = _("这次上门还没有签退，签退以后才会生成服务记录。")


class OwnRecord(Refused):
    """Nobody confirms, verifies or corrects what they gain from (rule 39)."""

    code = "own_record"
    status = 403
    message = _("不能确认或审核自己的服务记录，请由另一位工作人员或居民办理。")


class SecondPersonNeeded(Refused):
    """Entered hours are approved by somebody else than who entered them (rule 39)."""

    code = "second_person_needed"
    status = 403
    message = _("这段时长由您登记，需要另一位工作人员审核。")


class AlreadyConfirmed(Refused):
    """The record has the resident's word already, and it was another one."""

    code = "already_confirmed"
    message = _("这次服务已经确认过了。结果有变化请联系社区服务站。")


class NotConfirmedYet(Refused):
    """Without confirmation there are no coins (rule 64)."""

    code = "not_confirmed_yet"
    message = _("居民还没有确认，请先请居民确认或电话回访。")


class NotVerifiedYet(Refused):
    """Only what counts already is corrected."""

    code = "not_verified_yet"
    message = _("这条记录还没有生效，请在审核时直接填写应计的时长。")


class HigherApprovalNeeded(Refused):
    """More than twelve hours a day need the level above (rule 37)."""

    code = "higher_approval_needed"
    status = 403
    message = _("志愿者当天的时长超过 12 小时，需要社区负责人或上级审核。")


class DayIsFull(Refused):
    """A day has 24 hours (rule 37)."""

    code = "day_is_full"
    message = _("志愿者当天的时长加起来超过了 24 小时，请核对后再填。")


class NoteMissing(Refused):
    """Station calls, settled disputes and changed minutes say why."""

    code = "note_missing"
    status = 422
    message = _("请写一句说明，例如回访时居民怎么说。")


class FlagUndecided(Refused):
    """Flagged hours count only once a person cleared them (rule 45)."""

    code = "flag_undecided"
    message = _("这段时长正在核查，请先在“诚信核查”里处理，再审核。")


class FlagDecided(Refused):
    """A doubt is decided once."""

    code = "flag_decided"
    message = _("这条提醒已经有人处理过了，请刷新页面。")


class RecordIsVoid(Refused):
    """A void record neither counts nor changes; an appeal may restore it (rule 55)."""

    code = "record_is_void"
    message = _("这段时长已经作废，不能再审核或更正。有异议请走申诉。")


class VoidOpen(Refused):
    """A record is voided once at a time."""

    code = "void_open"
    message = _("这段时长已经提出作废，请到“作废待决定”里查看。")


class VoidDecided(Refused):
    """A proposal to void is decided once."""

    code = "void_decided"
    message = _("这件作废已经有决定了，请刷新页面。")


class VoidNeedsSecond(Refused):
    """Two officers void a record: one proposes, another decides (rule 55)."""

    code = "void_needs_second"
    status = 403
    message = _("作废由您提出，要请另一位干部决定。")


class AppealOpen(Refused):
    """A voiding is appealed against once."""

    code = "appeal_open"
    message = _("这次作废已经申诉过了，请等待答复。")


class AppealTooLate(Refused):
    """The time to appeal is fifteen working days."""

    code = "appeal_too_late"
    message = _("申诉期限已过。有新的材料请联系街道。")


class AppealAnswered(Refused):
    """An appeal is answered once."""

    code = "appeal_answered"
    message = _("这件申诉已经答复过了。")


class AppealNeedsThird(Refused):
    """An appeal is decided by somebody else than both who voided."""

    code = "appeal_needs_third"
    status = 403
    message = _("您参与了这次作废，申诉要请另外一位干部答复。")


class BarYearsWrong(Refused):
    """A bar lasts one to three years (rule 55)."""

    code = "bar_years_wrong"
    status = 422
    message = _("期限只能是一年、两年或三年。")


class SampleEmpty(Refused):
    """Nothing counts in that region and time."""

    code = "sample_empty"
    status = 422
    message = _("这个范围里没有可以抽查的时长，请换个地区或日期。")


class SampleTooLarge(Refused):
    """A sample nobody could check."""

    code = "sample_too_large"
    status = 422
    message = _("一次最多抽查 %(most)s 条，请减少数量或比例。")


class SpotChecked(Refused):
    """A spot check has one outcome."""

    code = "spot_checked"
    message = _("这一条已经有人抽查过了。")


class ClaimAnswered(Refused):
    """A claim is answered once."""

    code = "claim_answered"
    message = _("这条异议已经答复过了。还有疑问可以再提一次。")


class NoticeOver(Refused):
    """Anybody may object while the hours are on notice (rule 44)."""

    code = "notice_over"
    message = _("公示已经结束。有疑问请联系社区服务站。")


class MinutesOutOfRange(Refused):
    """Credited minutes lie between nothing and what the visit can be worth."""

    code = "minutes_out_of_range"
    status = 422
    message = _("时长要在 0 到 %(most)s 分钟之间。")


class PolicyUnknown(Refused):
    """Only a policy that is offered now is adopted."""

    code = "policy_unknown"
    status = 422
    message = _("没有这套计时规则，请从列表里选择。")


class AdoptionTooEarly(Refused):
    """A policy holds from a day ahead; what was served is credited by the one before."""

    code = "adoption_too_early"
    status = 422
    message = _("新规则最早从明天起用，已经发生的服务仍按原来的规则。请换一个日期。")


class PolicyInForce(Refused):
    """What holds already is not adopted again."""

    code = "policy_in_force"
    message = _("这一天起用的已经是这套规则，不用再改。")


class ReasonMissing(Refused):
    """A change of rules says why."""

    code = "adoption_reason_missing"
    status = 422
    message = _("请写一句原因，例如“按省里 2026 年的通知”。")


class LineUnreadable(Refused):
    """A line of a pasted list has another shape."""

    code = "line_unreadable"
    status = 422
    message = _(
        "第 %(number)s 行没有看懂。请写成：编号或姓名，日期，开始，结束，"
        "例如“V0000000012 2026-11-20 9:00 11:30”。"
    )


class EntryWithoutLines(Refused):
    """There is nobody on the list."""

    code = "entry_without_lines"
    status = 422
    message = _("请至少填一个人的服务时间。")


class EntryTooLong(Refused):
    """Up to 50 people and 10 segments each in one go (rule 46)."""

    code = "entry_too_long"
    status = 422
    message = _("一次最多补录 50 人、每人 10 段。请分几次提交。")


class EntryNameMissing(Refused):
    """An activity that never was in the system has a name and a kind of work."""

    code = "entry_name_missing"
    status = 422
    message = _("请填写活动名称和服务类别。")


class EntryReasonMissing(Refused):
    """Entered hours say why they were entered (rule 39)."""

    code = "entry_reason_missing"
    status = 422
    message = _("请写清楚为什么事后补录。")


class DeclarationMissing(Refused):
    """Who enters afterwards declares that it is true (rule 42)."""

    code = "declaration_missing"
    status = 422
    message = _("请先勾选真实性声明。")


class EvidenceMissing(Refused):
    """Entered hours have evidence (rules 39 and 42)."""

    code = "evidence_missing"
    status = 422
    message = _("请上传证明材料，例如签到表的照片。")


class EvidenceTooLarge(Refused):
    """A proof is a file of a few megabytes."""

    code = "evidence_too_large"
    status = 422
    message = _("文件太大，请上传 %(megabytes)s MB 以内的。")


class EvidenceUnreadable(Refused):
    """A proof is a PDF or a picture."""

    code = "evidence_unreadable"
    status = 422
    message = _("证明材料要是 PDF 或 JPG、PNG 图片，请换一个文件。")


class EntryEmpty(Refused):
    """A segment is longer than nothing (rule 34)."""

    code = "entry_empty"
    status = 422
    message = _("开始和结束是同一个时间，请核对。")


class EntryOverMidnight(Refused):
    """A segment does not cross midnight (rule 34)."""

    code = "entry_over_midnight"
    status = 422
    message = _("结束比开始早。跨零点的请分成两行填。")


class EntryInFuture(Refused):
    """A segment lies in the past (rule 34)."""

    code = "entry_in_future"
    status = 422
    message = _("这段服务还没有结束，不能补录。")


class EntryOverlaps(Refused):
    """A segment overlaps no other of the same person, anywhere (rule 34)."""

    code = "entry_overlaps"
    message = _("这段时间已有服务或到岗记录，请核对时间。")


class EntryOutsideShift(Refused):
    """Hours come only from a shift (rule 40)."""

    code = "entry_outside_shift"
    message = _("活动在这段时间没有班次，请核对日期和时间。")


class EntryPairsUsed(Refused):
    """At most three comings a person, activity and day (rule 32)."""

    code = "entry_pairs_used"
    message = _("这个人当天在这个活动的次数已满，不能再补录。")


class EntryPersonUnknown(Refused):
    """Nobody of the team, the activity or the region has this number or name."""

    code = "entry_person_unknown"
    status = 404
    message = _("没有找到这个人。请核对编号或姓名；只能补录本辖区、本队伍或报过名的人。")


class EntryPersonAmbiguous(Refused):
    """Several people have this name."""

    code = "entry_person_ambiguous"
    message = _("有几个人同名，请改填志愿者编号。")


class EntryWithoutConsent(Refused):
    """Only of who agreed to be a volunteer hours are recorded (Order 67, article 6)."""

    code = "entry_without_consent"
    message = _("这个人不是在册志愿者，没有同意记录时长。请先请本人登记成为志愿者。")


class EntryMinorAtRisk(Refused):
    """Nobody under 18 serves where it is dangerous (rule 18)."""

    code = "entry_minor_at_risk"
    message = _("未满 18 岁的人不能参加高风险活动，不能补录。请向街道说明情况。")


class EntryForOneself(Refused):
    """Nobody enters hours for oneself (rule 39)."""

    code = "entry_for_oneself"
    status = 403
    message = _("不能给自己补录时长，请另一位负责人或工作人员补录。")


class LateEntryAbove(Refused):
    """What was entered after ten working days needs the level above (rule 42)."""

    code = "late_entry_above"
    status = 403
    message = _("超过十个工作日才补录的时长，需要社区负责人或上级审核。")


class EntererBarred(NotAllowed):
    """Whoever entered false hours enters none while the bar holds (rule 55)."""

    code = "enterer_barred"
    message = _("您登记的时长正在核查期内，暂时不能补录。请由同事登记。")
