from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Outcome(TextChoices):
    DONE = "done", _("完成")
    SEEN = "seen", _("查看")
    EXPORTED = "exported", _("导出")
    REFUSED = "refused", _("被拒绝")


# Words for the actions of the trail. They live here, below their apps, because the trail must be
# readable even where an app is gone; an action without words shows its code.
ACTIONS = {
    "access.open_account": _("开通账号"),
    "access.sign_in": _("登录"),
    "access.sign_out": _("退出登录"),
    "access.sign_out_everywhere": _("退出全部设备"),
    "access.set_password": _("设置密码"),
    "access.begin_factor": _("开始设置动态口令"),
    "access.confirm_factor": _("启用动态口令"),
    "access.remove_factor": _("停用动态口令"),
    "access.renew_recovery_codes": _("更换恢复码"),
    "access.grant_role": _("授予角色"),
    "access.end_grant": _("结束角色"),
    "people.register_person": _("登记人员"),
    "people.confirm_person": _("确认本人资料"),
    "people.update_person": _("修改人员资料"),
    "people.set_household": _("登记家庭户"),
    "people.close_person": _("注销人员"),
    "people.adopt_record": _("认领资料"),
    "people.claim_identity": _("申请认领身份"),
    "people.decide_claim": _("处理认领申请"),
    "people.unmask": _("查看完整资料"),
    "people.open_minor_file": _("打开未成年人资料"),
    "people.give_consent": _("同意授权"),
    "people.withdraw_consent": _("撤回授权"),
    "people.register_volunteer": _("登记为志愿者"),
    "people.update_volunteer": _("修改志愿者资料"),
    "people.pause_volunteer": _("暂停志愿服务"),
    "people.end_volunteer": _("退出志愿者"),
    "people.declare_kinship": _("登记亲属关系"),
    "people.confirm_kinship": _("确认亲属关系"),
    "people.end_kinship": _("结束亲属关系"),
    "places.open_station": _("开设服务站"),
    "care.list_person": _("列为关爱对象"),
    "care.end_listing": _("结束关爱"),
    "care.see_categories": _("查看关爱类别"),
    "care.see_register": _("查看关爱名册"),
    "needs.open_need": _("登记求助"),
    "needs.verify_need": _("核实求助"),
    "needs.decline_need": _("不予受理"),
    "needs.withdraw_need": _("撤回求助"),
    "needs.advance_need": _("更新求助进度"),
    "needs.see_contact": _("查看求助人电话住址"),
    "dispatch.find_helpers": _("推荐志愿者"),
    "dispatch.offer_to": _("派单"),
    "dispatch.accept_offer": _("接单"),
    "dispatch.refuse_offer": _("婉拒派单"),
    "dispatch.see_contact": _("查看求助人电话住址"),
    "dispatch.end_assignment": _("结束接单"),
    "dispatch.take_escalation": _("受理转派"),
    "dispatch.block_pair": _("设置不再搭配"),
    "service.check_in": _("签到"),
    "service.check_out": _("签退"),
    "service_records.confirm_record": _("确认服务记录"),
    "service_records.verify_record": _("审核服务记录"),
    "service_records.correct_record": _("更正服务记录"),
    "time_bank.credit_minutes": _("存入时间"),
    "time_bank.correct_credit": _("更正时间"),
    "time_bank.see_statement": _("查看时间账户"),
}
