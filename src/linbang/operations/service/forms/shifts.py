"""What a volunteer puts forward at the entrance, or says about an absence."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.shell.forms import RefusingFormMixin
from linbang.operations.service.choices import AttendanceMethod
from linbang.operations.service.rules import OwnProof


class PresenceForm(RefusingFormMixin, forms.Form):
    """The code on the screen at the entrance, or where the device is; for whom, if for a child."""

    method = forms.ChoiceField(
        choices=[(AttendanceMethod.CODE, ""), (AttendanceMethod.LOCATION, "")],
        widget=forms.HiddenInput,
    )
    code = forms.RegexField(
        r"^\s*\d{6}\s*$",
        label=_("六位签到码"),
        required=False,
        error_messages={"required": _("请输入六位数字。"), "invalid": _("请输入六位数字。")},
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "maxlength": 6,
                "pattern": "[0-9]{6}",
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
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].required = self.data.get("method") != AttendanceMethod.LOCATION

    def told(self, key: str) -> OwnProof:
        """Return what was put forward, as the actions take it."""
        data = self.cleaned_data
        return OwnProof(
            AttendanceMethod(data["method"]),
            code=data["code"].strip(),
            latitude=data["latitude"],
            longitude=data["longitude"],
            key=key,
        )


class ObjectionForm(RefusingFormMixin, forms.Form):
    """The person's own words about an absence."""

    text = forms.CharField(
        label=_("说明情况"),
        help_text=_("例如“我去了，扫码没有反应”，或当天来不了的原因。负责人会看到并答复。"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(RefusingFormMixin, forms.Form):
    """How it was decided about an absence, and why; the person reads it."""

    decision = forms.ChoiceField(choices=[("excuse", ""), ("uphold", "")])
    answer = forms.CharField(label=_("答复"), help_text=_("本人会看到这句话。"), max_length=200)
