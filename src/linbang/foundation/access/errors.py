"""What access refuses."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class SignInNeeded(Refused):
    """Nobody is signed in, or the second factor is still missing."""

    code = "sign_in_needed"
    status = 401
    message = _("请先登录。")


class PassRefused(Refused):
    """The pass is forged, expired or revoked; says nothing of which."""

    code = "pass_refused"
    status = 401
    message = _("页面打开太久了，请刷新页面后再试。")


class NotAPhone(Refused):
    """The text is no mainland mobile number."""

    code = "not_a_phone"
    status = 422
    message = _("手机号应是 1 开头的 11 位数字，请检查后重填。")


class CodeTooSoon(Refused):
    """A code was sent less than a minute ago."""

    code = "code_too_soon"
    status = 429
    retry_after_seconds = 60
    message = _("验证码刚刚发出，请等一分钟再试。")


class CodesUsedUp(Refused):
    """The number got its codes of the day (rule 103)."""

    code = "codes_used_up"
    status = 429
    message = _("这个号码今天的验证码已用完，请明天再试，或用密码登录。")


class CodeWrong(Refused):
    """The code is wrong, used, too old, or was tried too often."""

    code = "code_wrong"
    status = 422
    message = _("验证码不对或已失效，请核对短信，或重新获取一条。")


class TooManyTries(Refused):
    """Too many tries from one address."""

    code = "too_many_tries"
    status = 429
    retry_after_seconds = 600
    message = _("尝试太频繁了，请十分钟后再试，或请社区工作人员帮忙。")


class PasswordWrong(Refused):
    """Number and password do not fit; says nothing of which."""

    code = "password_wrong"
    status = 422
    message = _("手机号或密码不对，请重新输入，或改用短信验证码登录。")


class PasswordLocked(Refused):
    """Five wrong passwords lock the number for ten minutes (rule 96)."""

    code = "password_locked"
    status = 429
    retry_after_seconds = 600
    message = _("密码连续输错五次，已暂停十分钟。您可以改用短信验证码登录。")


class PasswordWeak(Refused):
    """The password breaks rule 96."""

    code = "password_weak"
    status = 422
    message = _(
        "密码要 8 到 20 位，同时有大写字母、小写字母和数字，"
        "不能有四个连续或相同的字符（如 1234、aaaa）。"
    )


class FactorWrong(Refused):
    """The one-time code is wrong or was used before."""

    code = "factor_wrong"
    status = 422
    message = _("动态口令不对或已经用过，请等下一个口令出现再输入。")


class FactorLocked(Refused):
    """Five wrong one-time codes lock the second factor for ten minutes."""

    code = "factor_locked"
    status = 429
    retry_after_seconds = 600
    message = _("动态口令连续输错五次，已暂停十分钟，请稍后再试。")


class FactorSetAlready(Refused):
    """A confirmed second factor is replaced by its owner after taking it off, never over it."""

    code = "factor_set_already"
    message = _("这个账号已经设置了动态口令，要更换请先停用。")


class FactorRequired(Refused):
    """Officers and administrators keep their second factor."""

    code = "factor_required"
    message = _("您的岗位必须使用动态口令，不能停用。")


class PhoneTaken(Refused):
    """Another account signs in with this number."""

    code = "phone_taken"
    message = _("这个手机号已经有账号了，请直接登录。")


class AlreadyClaimed(Refused):
    """The directory knows this value under another owner."""

    code = "already_claimed"
    message = _("这项信息已经登记过，请核对；如果是本人，请申请认领。")


class GrantBeyondScope(Refused):
    """The granter does not answer for that place or organisation."""

    code = "grant_beyond_scope"
    status = 403
    message = _("您只能在自己负责的范围内授予或结束角色。")


class GrantTooHigh(Refused):
    """The role is not below the granter's own."""

    code = "grant_too_high"
    status = 403
    message = _("您只能授予比自己岗位低的角色，请由安全管理员办理。")


class GrantToSelf(Refused):
    """Nobody grants to, or ends a role of, oneself."""

    code = "grant_to_self"
    status = 403
    message = _("不能给自己授予或结束角色，请由另一位负责人办理。")


class RolesKeptApart(Refused):
    """System, security and audit administrator are three accounts with no other role (rule 97)."""

    code = "roles_kept_apart"
    message = _("系统、安全、审计管理员必须是三个不同的账号，并且不能兼任其他角色。")


class RoleHeldAlready(Refused):
    """The account holds the role in this scope."""

    code = "role_held_already"
    message = _("对方在这个范围内已经有这个角色。")


class ScopeUnclear(Refused):
    """A role has exactly one scope: a known region or an organisation."""

    code = "scope_unclear"
    status = 422
    message = _("请选择一个有效的区域或组织，作为角色的范围。")


class NoSuchAccount(Refused):
    """No open account signs in with this number."""

    code = "no_such_account"
    status = 422
    message = _("没有用这个手机号登录的账号，请先请对方登记。")


class GrantEndedAlready(Refused):
    """The grant was ended before."""

    code = "grant_ended_already"
    message = _("这个角色已经结束。")
