"""By which policy a region credits from when on."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.shell.forms import RefusingFormMixin


class AdoptionForm(RefusingFormMixin, forms.Form):
    """The day it holds from, and why."""

    from_date = forms.DateField(
        label=_("从哪天起用"),
        help_text=_("最早从明天起。这一天以前的服务仍按原来的规则。"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reason = forms.CharField(
        label=_("为什么换"), help_text=_("例如“按省里 2026 年的通知”。"), max_length=200
    )


class PolicyForm(forms.Form):
    """Which policy is looked at: its code and version, as ``guangdong-1``."""

    policy = forms.RegexField(r"^[a-z]+-\d{1,3}$", required=False)

    def named(self) -> tuple[str, int] | None:
        """Return code and version, if a policy was named."""
        text: Any = self.cleaned_data.get("policy") if self.is_valid() else ""
        if not text:
            return None
        code, version = text.split("-")
        return code, int(version)
