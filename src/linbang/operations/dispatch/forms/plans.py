"""Forms of whoever plans visits."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.shell.forms import RefusingFormMixin

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_REASON_LENGTH_MAX = 200


class PlanForm(RefusingFormMixin, forms.Form):
    """Which place is planned, and for which days."""

    region = forms.ChoiceField(label=_("安排哪里"))
    starts_on = forms.DateField(label=_("从哪天"), widget=_DATE)
    ends_on = forms.DateField(label=_("到哪天"), help_text=_("最多七天"), widget=_DATE)

    def __init__(self, *args: Any, areas: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = list(areas)


class ChoiceForm(RefusingFormMixin, forms.Form):
    """Who is to make a visit instead: a volunteer, or nobody."""

    volunteer = forms.UUIDField(required=False, widget=forms.HiddenInput)


class OverruleForm(ChoiceForm):
    """The same, with the reason that is kept."""

    reason = forms.CharField(
        label=_("为什么这样改"),
        help_text=_("一句话就好。会和这次安排一起保存，只有工作人员看得到。"),
        max_length=_REASON_LENGTH_MAX,
    )
