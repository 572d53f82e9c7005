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
}
