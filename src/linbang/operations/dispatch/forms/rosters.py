"""Forms of whoever fills rosters."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.shell.forms import RefusingFormMixin

_DAYS_MAX = 92
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class WeekForm(forms.Form):
    """Which week of a roster, and whose points."""

    week = forms.DateField(label=_("哪一周"), required=False, widget=_DATE)
    unit = forms.ChoiceField(label=_("结对单位"), required=False)

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", _("全部单位")), *units]
        self.is_valid()


class ProposeForm(RefusingFormMixin, forms.Form):
    """What a proposed roster is to cover."""

    unit = forms.ChoiceField(label=_("从哪里选人"), required=False)
    starts_on = forms.DateField(label=_("从哪天"), widget=_DATE)
    ends_on = forms.DateField(label=_("到哪天"), widget=_DATE)
    day_cap = forms.IntegerField(
        label=_("每人每天最多几个班次"), min_value=1, max_value=6, initial=1
    )
    fill = forms.BooleanField(label=_("排到满员，不只是最低人数"), required=False)

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", _("当地全部志愿者")), *units]

    def clean(self) -> dict[str, Any]:
        """Refuse a roster that ends before it begins, or after more than three months."""
        given: dict[str, Any] = super().clean() or {}
        begins, ends = given.get("starts_on"), given.get("ends_on")
        if begins and ends and not 0 <= (ends - begins).days <= _DAYS_MAX:
            self.add_error("ends_on", _("请选开始那天以后、三个月以内的日期。"))
        return given


class KeepForm(RefusingFormMixin, forms.Form):
    """How many places of every shift of a week are kept for a unit."""

    unit = forms.ChoiceField(label=_("单位或队伍"))
    places = forms.IntegerField(label=_("每个班次留几个名额"), min_value=0, max_value=100)

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = list(units)


class WhoForm(RefusingFormMixin, forms.Form):
    """Whom a planner puts there: a name, number or telephone that means one person."""

    who = forms.CharField(label=_("姓名、电话或志愿者编号"), max_length=50)
