from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


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


@dataclass(frozen=True)
class SmsText:
    """One text message: its words, and for how long sending it still makes sense.

    Chinese carriers approve texts one by one: ``code`` of the gateway is the template's name.
    """

    body: str | Promise
    minutes_valid: int = 24 * 60


@dataclass(frozen=True)
class NoticeText:
    """One kind of line in the inbox, in the words of whoever reads it."""

    title: str | Promise
    body: str | Promise


@dataclass(frozen=True)
class NoticeLook:
    """Icon and tone of a kind of notice."""

    icon: str
    tone: str


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
}

# Params: ``*_at`` are instants, ``minutes`` and ``balance`` are minutes, ``role`` is a role; the
# rest are plain words. A word with a translation comes with ``…_en``, such as ``item_en``.
# Other people's names come masked.
NOTICE_TEXTS: Mapping[str, NoticeText] = {
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
    "minutes_credited": NoticeText(
        _("爱心储蓄入账"), _("存入 %(minutes)s，现有 %(balance)s。谢谢您的付出。")
    ),
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
    # To station workers.
    "need_to_verify": NoticeText(
        _("有求助待核实"), _("“%(item)s”（%(starts_at)s）等待核实，请在 1 个工作日内答复。")
    ),
    "need_escalated": NoticeText(
        _("求助需要人工派单"), _("“%(item)s”（%(starts_at)s）暂时无人接单，请人工安排。")
    ),
    "record_to_call": NoticeText(_("请电话回访"), _("“%(item)s”还没有确认，请致电居民核实结果。")),
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
}
