"""The channels, the kinds of notices, and the words of each."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from linbang.foundation.messaging.choices.certificates import CERTIFICATE_NOTICES
from linbang.foundation.messaging.choices.hours import HOURS_NOTICES
from linbang.foundation.messaging.choices.integrity import INTEGRITY_NOTICES, INTEGRITY_SMS
from linbang.foundation.messaging.choices.pairings import PAIRING_NOTICES
from linbang.foundation.messaging.choices.recognition import RECOGNITION_NOTICES
from linbang.foundation.messaging.choices.savings import SAVINGS_NOTICES
from linbang.foundation.messaging.choices.shapes import NoticeLook, NoticeText, SmsText
from linbang.foundation.messaging.choices.spending import SPENDING_NOTICES


class Channel(TextChoices):
    SMS = "sms", _("短信")


class NoticeKind(TextChoices):
    OFFER = "offer", _("派单邀请")
    NEED = "need", _("求助进展")
    VISIT = "visit", _("上门服务")
    RECORD = "record", _("服务记录")
    SHIFT = "shift", _("活动班次")
    CLEARANCE = "clearance", _("培训与资格")
    TASK = "task", _("待办")
    ACCOUNT = "account", _("账号")


NOTICE_LOOKS: Mapping[NoticeKind, NoticeLook] = {
    NoticeKind.OFFER: NoticeLook("heart-handshake", "red"),
    NoticeKind.NEED: NoticeLook("clipboard-list", "jade"),
    NoticeKind.VISIT: NoticeLook("walk", "blue"),
    NoticeKind.RECORD: NoticeLook("coin", "gold"),
    NoticeKind.SHIFT: NoticeLook("calendar-event", "jade"),
    NoticeKind.CLEARANCE: NoticeLook("certificate", "blue"),
    NoticeKind.TASK: NoticeLook("list-check", "red"),
    NoticeKind.ACCOUNT: NoticeLook("user-check", "blue"),
}

# Written for phones without the app: short, no link, nothing about third persons.
SMS_TEXTS: Mapping[str, SmsText] = {
    "sign_in_code": SmsText(
        _("【邻帮】您的验证码是 %(code)s，5 分钟内有效。工作人员不会向您索要，请勿告诉他人。"),
        minutes_valid=5,
    ),
    "register_code": SmsText(
        _("【邻帮】您正在注册，验证码是 %(code)s，5 分钟内有效。请勿告诉他人。"),
        minutes_valid=5,
    ),
    "reset_password_code": SmsText(
        _("【邻帮】您正在重设密码，验证码是 %(code)s，5 分钟内有效。非本人操作请忽略。"),
        minutes_valid=5,
    ),
    "offer_made": SmsText(
        _(
            "【邻帮】有邻居需要帮忙：%(item)s，%(starts_at)s。方便的话请打开邻帮答复，不接也没有关系。"
        ),
        minutes_valid=30,
    ),
    "need_assigned": SmsText(
        _(
            "【邻帮】您的求助“%(item)s”已有志愿者接单，%(starts_at)s上门。请核对上门码，不收任何费用。"
        )
    ),
    "record_to_confirm": SmsText(
        _("【邻帮】“%(item)s”已经完成，请打开邻帮确认结果；不方便的话，服务站会给您打电话。")
    ),
    "place_offered": SmsText(
        _("【邻帮】您候补的“%(item)s”（%(starts_at)s）有空位了，保留 30 分钟，请打开邻帮确认。"),
        minutes_valid=30,
    ),
    "shift_day_before": SmsText(
        _("【邻帮】提醒您：%(starts_at)s“%(item)s”（%(post)s）。来不了请尽早在邻帮里退出。"),
        minutes_valid=12 * 60,
    ),
    "incident_alarm": SmsText(
        _("【邻帮】“%(item)s”现场报告了意外情况，请马上打开邻帮查看，并与现场联系。"),
        minutes_valid=6 * 60,
    ),
    "registered_on_site": SmsText(
        _("【邻帮】您已在“%(item)s”现场登记为志愿者。不是您本人办理的，请致电社区服务站。")
    ),
    "consent_asked": SmsText(
        _("【邻帮】孩子想参加活动“%(activity)s”，需要您同意，请打开邻帮看一看。")
    ),
    "training_cancelled": SmsText(
        _("【邻帮】培训“%(training)s”（%(starts_at)s）已取消，您不用去了。")
    ),
    "credential_expiring": SmsText(
        _("【邻帮】您的“%(qualification)s”到 %(day)s 到期，请打开邻帮报名培训，或联系服务站续办。")
    ),
    **INTEGRITY_SMS,
    "sign_ups_paused": SmsText(
        _("【邻帮】您的活动报名暂停到 %(ends_at)s。有不同意见请打开邻帮申诉，或致电服务站。")
    ),
}

# Params: ``*_at`` are instants, ``*minutes`` and ``balance`` are minutes, ``role`` is a role; the
# rest are plain words. A word with a translation comes with ``…_en``, such as ``item_en``.
# Other people's names come masked.
NOTICE_TEXTS: Mapping[str, NoticeText] = {
    **HOURS_NOTICES,
    # To volunteers.
    "offer_made": NoticeText(
        _("有邻居需要帮忙"),
        _("%(item)s，%(starts_at)s。请看看是否方便；不接没有关系，不影响您的任何记录。"),
    ),
    "offer_expired": NoticeText(
        _("邀请已过期"), _("“%(item)s”的邀请已过答复时间，我们会请其他邻居帮忙。没有关系。")
    ),
    "offer_withdrawn": NoticeText(_("邀请已取消"), _("“%(item)s”不再需要帮忙了，谢谢您的关注。")),
    "visit_planned": NoticeText(
        _("上门安排好了"), _("%(item)s，%(starts_at)s。出发前可查看地址和联系电话。")
    ),
    "visit_cancelled": NoticeText(
        _("上门已取消"), _("%(starts_at)s的“%(item)s”已取消，您不用去了。")
    ),
    "visit_forgotten": NoticeText(
        _("请补上签退"), _("“%(item)s”还没有签退。请补上，时长才能入账。")
    ),
    "record_verified": NoticeText(
        _("服务时长已审核"), _("%(item)s：%(minutes)s，已计入您的服务记录。")
    ),
    "record_corrected": NoticeText(
        _("服务时长已更正"), _("%(item)s：更正为 %(minutes)s。如有疑问请联系服务站。")
    ),
    "record_disputed": NoticeText(
        _("服务结果有异议"), _("居民对“%(item)s”的结果有不同意见，服务站会与您联系。")
    ),
    "record_claimed": NoticeText(_("公示的时长有异议"), _("%(item)s：服务站会核实。")),
    "claim_answered": NoticeText(_("您提的异议有答复了"), _("%(item)s：%(answer)s")),
    **INTEGRITY_NOTICES,
    **SAVINGS_NOTICES,
    **SPENDING_NOTICES,
    "minutes_credited": NoticeText(
        _("爱心储蓄入账"), _("存入 %(minutes)s，现有 %(balance)s。谢谢您的付出。")
    ),
    **PAIRING_NOTICES,
    **RECOGNITION_NOTICES,
    # To residents and their relatives.
    "need_opened": NoticeText(
        _("求助已收到"), _("“%(item)s”（%(starts_at)s）已收到，服务站会尽快与您核实。")
    ),
    "need_verified": NoticeText(
        _("求助已核实"), _("“%(item)s”（%(starts_at)s）已核实，正在为您找志愿者。")
    ),
    "need_declined": NoticeText(
        _("求助未能受理"), _("“%(item)s”未能受理：%(reason)s。如有疑问请致电服务站。")
    ),
    "need_withdrawn": NoticeText(_("求助已撤回"), _("“%(item)s”已撤回。需要时随时可以再提。")),
    "need_assigned": NoticeText(
        _("有志愿者接单了"), _("“%(item)s”已有志愿者接单，%(starts_at)s上门。")
    ),
    "need_searching": NoticeText(
        _("正在另找志愿者"), _("原来的志愿者来不了，正在为“%(item)s”另找人，请您放心。")
    ),
    "need_lapsed": NoticeText(
        _("这次没能办成"), _("很抱歉，没有及时为“%(item)s”找到志愿者。请换个时间，或致电服务站。")
    ),
    "visit_started": NoticeText(_("志愿者已到"), _("“%(item)s”的志愿者已签到，服务开始。")),
    "visit_ended": NoticeText(_("服务已结束"), _("“%(item)s”的志愿者已签退，服务结束。")),
    "record_to_confirm": NoticeText(
        _("请确认服务结果"), _("“%(item)s”已经完成，请您确认是否属实、是否满意。")
    ),
    "record_reminder": NoticeText(
        _("还有一次服务等您确认"), _("“%(item)s”还没有确认。不方便的话，服务站会给您打电话。")
    ),
    # To people with a place on a shift, or who wait for one.
    "signed_up_for": NoticeText(
        _("已为您报名"),
        _("%(starts_at)s“%(item)s”（%(post)s）。不方便随时可以退出，开始前 24 小时内才会留记录。"),
    ),
    "shift_rostered": NoticeText(
        _("给您排了班"),
        _("%(starts_at)s“%(item)s”（%(post)s）。不方便请在一天内退出，不影响您的任何记录。"),
    ),
    "shifts_rostered": NoticeText(
        _("给您排了班"),
        _(
            "“%(item)s”等 %(count)s 个班次，最早 %(starts_at)s。"
            "不方便请在一天内退出，不影响您的任何记录。"
        ),
    ),
    "place_offered": NoticeText(
        _("有名额空出来了"),
        _("您候补的“%(item)s”（%(starts_at)s）空出一个名额，为您保留到 %(until_at)s，请尽快确认。"),
    ),
    "place_lapsed": NoticeText(
        _("保留的时间已过"),
        _("“%(item)s”（%(starts_at)s）的名额已给下一位。没有关系，还想参加可以重新候补。"),
    ),
    "waiting_skipped": NoticeText(
        _("候补没能轮上"), _("“%(item)s”（%(starts_at)s）有了名额，但现在不能给您：%(reason)s。")
    ),
    "waiting_over": NoticeText(
        _("候补已结束"),
        _("“%(item)s”（%(starts_at)s）没有空出名额，谢谢您愿意来，欢迎看看别的活动。"),
    ),
    "sign_up_approved": NoticeText(
        _("报名通过了"), _("%(starts_at)s“%(item)s”（%(post)s），请准时参加。")
    ),
    "sign_up_declined": NoticeText(
        _("报名未通过"), _("“%(item)s”（%(starts_at)s）未能录取：%(reason)s。谢谢您的热心。")
    ),
    "sign_up_left_for": NoticeText(
        _("已为您退出"),
        _("“%(item)s”（%(starts_at)s）的报名已代您退出。如不是您的意思，请联系负责人。"),
    ),
    "sign_up_released": NoticeText(
        _("报名已解除"),
        _("“%(item)s”（%(starts_at)s）的报名已解除：%(reason)s。不影响您的任何记录。"),
    ),
    "shift_moved": NoticeText(
        _("活动时间有变"),
        _("“%(item)s”（%(post)s）改到 %(starts_at)s。不方便请在一天内退出，不影响您的任何记录。"),
    ),
    "shifts_moved": NoticeText(
        _("活动时间有变"),
        _(
            "“%(item)s”等 %(count)s 个班次改了时间，最早 %(starts_at)s。"
            "不方便请在一天内退出，不影响您的任何记录。"
        ),
    ),
    "shift_moved_clash": NoticeText(
        _("班次改了时间，已为您解除"),
        _("“%(item)s”改到 %(starts_at)s，与您别的安排冲突，已为您解除，不影响您的任何记录。"),
    ),
    "shift_cancelled": NoticeText(
        _("活动班次已取消"),
        _("“%(item)s”（%(starts_at)s）取消了：%(reason)s。您不用去了，不影响您的任何记录。"),
    ),
    "shifts_cancelled": NoticeText(
        _("活动班次已取消"),
        _("“%(item)s”等 %(count)s 个班次取消了：%(reason)s。您不用去了，不影响您的任何记录。"),
    ),
    "activity_changed": NoticeText(
        _("活动内容有变"),
        _("“%(item)s”的地点或风险告知有变，请看一看。不方便请在一天内退出，不影响您的任何记录。"),
    ),
    "shift_day_before": NoticeText(
        _("明天有活动"),
        _("%(starts_at)s“%(item)s”（%(post)s），地点：%(place)s。来不了请尽早退出，让别人顶上。"),
    ),
    "shift_soon": NoticeText(
        _("活动快开始了"), _("%(starts_at)s“%(item)s”（%(post)s），地点：%(place)s。路上注意安全。")
    ),
    "swap_asked": NoticeText(
        _("有人想和您换班"),
        _("您的“%(item)s”（%(starts_at)s）有人想换。%(note)s 愿不愿意都没有关系。"),
    ),
    "swap_off": NoticeText(
        _("换班没有换成"), _("“%(item)s”（%(starts_at)s）没有换成，这个班还是您的。请另想办法。")
    ),
    "swap_done": NoticeText(
        _("换班成功"), _("您现在的班次是 %(starts_at)s“%(item)s”（%(post)s）。")
    ),
    "stand_in_taken": NoticeText(
        _("有人替您了"), _("“%(item)s”（%(starts_at)s）已有人替班，您不用去了。")
    ),
    "stand_in_yours": NoticeText(
        _("替班成功"), _("谢谢您！%(starts_at)s“%(item)s”（%(post)s），请准时到。")
    ),
    "shift_message": NoticeText(_("活动负责人的消息"), _("“%(item)s”：%(text)s")),
    # To whoever leads a shift, a team or a unit.
    "sign_up_left": NoticeText(
        _("有人不能来了"), _("%(name)s 不能来“%(item)s”（%(starts_at)s，%(post)s）。%(reason)s")
    ),
    "sign_ups_to_decide": NoticeText(_("有报名待审核"), _("“%(item)s”有人报名，请看看是否录取。")),
    "stand_in_sought": NoticeText(
        _("有人在找替班"), _("%(name)s 在找人替“%(item)s”（%(starts_at)s，%(post)s）。")
    ),
    "stand_in_done": NoticeText(
        _("替班已落实"), _("“%(item)s”（%(starts_at)s，%(post)s）改由 %(name)s 来。")
    ),
    "places_reserved": NoticeText(
        _("为您单位留了名额"),
        _("“%(item)s”（%(starts_at)s，%(post)s）为%(name)s预留 %(count)s 个名额，请填上人员。"),
    ),
    # To station workers.
    "need_to_verify": NoticeText(
        _("有求助待核实"), _("“%(item)s”（%(starts_at)s）等待核实，请在 1 个工作日内答复。")
    ),
    "need_escalated": NoticeText(
        _("求助需要人工派单"), _("“%(item)s”（%(starts_at)s）暂时无人接单，请人工安排。")
    ),
    "record_to_call": NoticeText(_("请电话回访"), _("“%(item)s”还没有确认，请致电居民核实结果。")),
    "activity_to_review": NoticeText(
        _("有活动待审核"), _("“%(activity)s”里有需要留意的内容，请审核后决定能否发布。")
    ),
    # To those who plan activities.
    "activity_approved": NoticeText(
        _("活动审核通过"), _("“%(activity)s”已经通过审核并发布，大家可以报名了。")
    ),
    "activity_returned": NoticeText(
        _("活动退回修改"), _("“%(activity)s”没有通过审核：%(reason)s。修改后可以再次提交。")
    ),
    "claim_opened": NoticeText(
        _("有人申请认领身份"), _("有人认领一份已登记的身份，请核对证件后处理。")
    ),
    # About one's account and family.
    "claim_decided": NoticeText(_("认领结果"), _("您的身份认领已处理，请查看结果。")),
    "role_granted": NoticeText(_("您有了新的身份"), _("您现在是%(role)s，请查看新的功能。")),
    "role_ended": NoticeText(_("身份已变更"), _("您不再担任%(role)s。如有疑问请联系授予人。")),
    "guardian_consent": NoticeText(
        _("需要监护人同意"), _("%(name)s想参加志愿服务，需要您作为监护人同意。")
    ),
    "kinship_declared": NoticeText(
        _("请确认亲属关系"), _("%(name)s登记为您的亲属，可以替您求助。请确认是否属实。")
    ),
    "kinship_confirmed": NoticeText(
        _("亲属关系已确认"), _("%(name)s已确认亲属关系，您可以替对方求助。")
    ),
    "person_confirmed": NoticeText(
        _("身份已核实"), _("您的登记信息已经核实，现在可以使用全部功能。")
    ),
    "person_closed": NoticeText(_("登记已注销"), _("您的登记已按您的要求注销。")),
    # About presence on shifts.
    "shift_forgotten": NoticeText(
        _("请补上签退"), _("“%(item)s”（%(post)s）还没有签退。请补上，或请负责人代为签退。")
    ),
    "absence_counted": NoticeText(
        _("记了一次未到"),
        _("“%(item)s”（%(starts_at)s）没有您的到岗记录。您去了，或有特殊原因，请点开说明。"),
    ),
    "absence_excused": NoticeText(
        _("未到记录已取消"), _("“%(item)s”（%(starts_at)s）不再算未到：%(answer)s。")
    ),
    "absence_upheld": NoticeText(
        _("未到记录有了答复"), _("“%(item)s”（%(starts_at)s）维持未到：%(answer)s。")
    ),
    "absence_objected": NoticeText(
        _("有人对未到有异议"), _("%(name)s 对“%(item)s”（%(starts_at)s）的未到记录有说明，请答复。")
    ),
    "roll_to_close": NoticeText(
        _("请结束点名"), _("“%(item)s”（%(starts_at)s）已经结束，请核对未签退和未到的人。")
    ),
    "incident_alarm": NoticeText(
        _("现场有意外情况"), _("“%(item)s”现场报告了意外情况，请马上查看并与现场联系。")
    ),
    "incident_due": NoticeText(
        _("意外情况报告快到期"), _("“%(item)s”的情况报告请在 %(due_at)s 前填报完整，否则影响保险。")
    ),
    "incident_overdue": NoticeText(
        _("意外情况报告已超时"), _("“%(item)s”的情况报告已超过 48 小时，请马上补全。")
    ),
    # About who may go: trainings, credentials, consents, pauses.
    "consent_asked": NoticeText(
        _("需要您同意"), _("%(name)s想参加“%(activity)s”，需要您作为监护人同意。")
    ),
    "consent_given": NoticeText(_("监护人同意了"), _("监护人同意您参加“%(activity)s”，去报名吧。")),
    "consent_refused": NoticeText(
        _("监护人没有同意"), _("监护人这次没有同意您参加“%(activity)s”，可以和家里人商量。")
    ),
    "consent_withdrawn": NoticeText(
        _("监护人收回了同意"), _("监护人收回了您参加“%(activity)s”的同意。")
    ),
    "training_enrolled": NoticeText(
        _("已为您报名培训"), _("“%(training)s”，%(starts_at)s，%(place)s。去不了请提前退出。")
    ),
    "training_cancelled": NoticeText(
        _("培训取消了"), _("“%(training)s”（%(starts_at)s）已取消：%(reason)s。")
    ),
    "training_passed": NoticeText(_("培训合格"), _("“%(training)s”合格，已记入您的培训记录。")),
    "training_failed": NoticeText(
        _("这次培训没有合格"), _("“%(training)s”这次没有合格，可以再报一场。")
    ),
    "credential_entered": NoticeText(
        _("资格已登记"), _("“%(qualification)s”已核验登记，需要它的岗位可以报名了。")
    ),
    "credential_expiring": NoticeText(
        _("资格快到期了"), _("“%(qualification)s”到 %(day)s 到期，请及时续办，以免影响报名。")
    ),
    "credential_revoked": NoticeText(
        _("资格已撤销"), _("“%(qualification)s”已撤销：%(reason)s。如有疑问请联系服务站。")
    ),
    "sign_ups_paused": NoticeText(
        _("报名暂停"), _("活动报名暂停到 %(ends_at)s，到期自动恢复。有不同意见可以申诉。")
    ),
    "sign_ups_resumed": NoticeText(_("报名已恢复"), _("活动报名已经恢复：%(reason)s。")),
    "appeal_opened": NoticeText(_("有申诉待处理"), _("%(name)s对报名暂停提出申诉，请核实后答复。")),
    "appeal_refused": NoticeText(
        _("申诉有了答复"), _("报名暂停维持不变：%(reason)s。到期会自动恢复。")
    ),
    **CERTIFICATE_NOTICES,
}

__all__ = [
    "NOTICE_LOOKS",
    "NOTICE_TEXTS",
    "SMS_TEXTS",
    "Channel",
    "NoticeKind",
    "NoticeLook",
    "NoticeText",
    "SmsText",
]
