"""The shape of sign-in, second factor, password and role forms."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.access.choices import Role
from linbang.foundation.shell.forms import RefusingFormMixin


def _digits(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric", **attrs})


class PhoneForm(RefusingFormMixin, forms.Form):
    phone = forms.CharField(
        label=_("手机号"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "class": "big-input"}
        ),
    )


class CodeForm(PhoneForm):
    code = forms.CharField(
        label=_("短信验证码"),
        max_length=6,
        widget=_digits(autocomplete="one-time-code", **{"class": "code-input"}),
    )


class PasswordForm(PhoneForm):
    password = forms.CharField(
        label=_("密码"),
        max_length=64,
        strip=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "current-password", "class": "big-input"}
        ),
    )


def _new_password() -> forms.CharField:
    return forms.CharField(
        label=_("新密码"),
        max_length=64,
        strip=False,
        help_text=_("8 到 20 位，要有大写字母、小写字母和数字，不要四个连续或相同的字符。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ResetForm(CodeForm):
    password = _new_password()


class ChangePasswordForm(RefusingFormMixin, forms.Form):
    current = forms.CharField(
        label=_("现在的密码"),
        max_length=64,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = _new_password()

    def __init__(self, *args: Any, has_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_password:
            del self.fields["current"]


class FactorForm(RefusingFormMixin, forms.Form):
    code = forms.CharField(
        label=_("动态口令"),
        max_length=16,
        widget=_digits(autocomplete="one-time-code", **{"class": "code-input"}),
    )


class GrantForm(RefusingFormMixin, forms.Form):
    phone = forms.CharField(
        label=_("对方的登录手机号"),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("角色"))
    region_code = forms.CharField(
        label=_("负责的区域"),
        max_length=18,
        help_text=_("填区划代码，可从列表中选择。"),
        widget=_digits(list="regions", autocomplete="off"),
    )

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]  # a ChoiceField
