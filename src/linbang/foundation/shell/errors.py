"""What the frame refuses."""

from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused


class NotSignedIn(Refused):
    """What this device sends belongs to an account, and nobody is signed in here any more."""

    code = "not_signed_in"
    status = 401
    message = _("登录已过期，请重新登录。没发出去的都还在，登录后会自动发送。")


class AnotherAccount(Refused):
    """What this device sends belongs to another account than the one signed in here now."""

    code = "another_account"
    status = 401
    message = _("这些内容是用另一个账号保存的，请用那个账号登录后再发送。")
