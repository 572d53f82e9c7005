"""What is typed or measured at the door."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.shell.forms import RefusingFormMixin
from linbang.operations.service.choices import PROVED_METHODS, PresenceMethod

REPORT_LENGTH_MAX = 500


class CheckInForm(RefusingFormMixin, forms.Form):
    """The volunteer's proof: the code on the resident's screen, or the device's position."""

    method = forms.ChoiceField(
        choices=[
            (method.value, method.label) for method in PresenceMethod if method in PROVED_METHODS
        ],
        widget=forms.HiddenInput,
    )
    code = forms.RegexField(
        r"^\s*\d{6}\s*$",
        label=_("居民手机上的六位数字"),
        required=False,
        error_messages={"required": _("请输入六位数字。"), "invalid": _("请输入六位数字。")},
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "maxlength": 6,
                "class": "code-input",
            }
        ),
    )
    latitude = forms.FloatField(
        required=False, min_value=-90, max_value=90, widget=forms.HiddenInput
    )
    longitude = forms.FloatField(
        required=False, min_value=-180, max_value=180, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].required = self.data.get("method") != PresenceMethod.LOCATION


class CheckOutForm(CheckInForm):
    """The same proof on leaving, with a few words on what was done."""

    report = forms.CharField(
        label=_("做了什么"),
        help_text=_("一两句话就好，不写也可以。不要写居民的姓名和病情。"),
        required=False,
        max_length=REPORT_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class StaffCheckInForm(RefusingFormMixin, forms.Form):
    """What a worker writes down for a volunteer (代办), when it was and why."""

    at = forms.DateTimeField(
        label=_("实际时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    note = forms.CharField(
        label=_("代办原因"),
        help_text=_("例如“志愿者没有智能手机，已打电话向居民核实”。"),
        max_length=200,
    )


class StaffCheckOutForm(StaffCheckInForm):
    """The end of a visit as a worker settles it, at the planned end at the latest."""

    report = forms.CharField(
        label=_("做了什么"),
        required=False,
        max_length=REPORT_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AbsenceForm(RefusingFormMixin, forms.Form):
    """Nobody came; what the station found out."""

    note = forms.CharField(label=_("了解到的情况"), max_length=200)
