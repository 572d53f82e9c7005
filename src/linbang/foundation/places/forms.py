"""The shape of what is told of grids, buildings and stations."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused
from linbang.foundation.places import rules
from linbang.foundation.places.choices import StationFeature, Weekday
from linbang.foundation.shell.forms import ChoiceCheckCards, RefusingFormMixin


def _degrees(label: Any, **more: Any) -> forms.FloatField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.FloatField(label=label, widget=widget, **more)


class NameForm(RefusingFormMixin, forms.Form):
    name = forms.CharField(label=_("名称"), max_length=80)


class PointForm(RefusingFormMixin, forms.Form):
    longitude = _degrees(_("经度"))
    latitude = _degrees(_("纬度"))


class BuildingForm(NameForm):
    longitude = _degrees(_("经度"), required=False)
    latitude = _degrees(_("纬度"), required=False)


class StationForm(RefusingFormMixin, forms.Form):
    name = forms.CharField(label=_("站名"), max_length=80)
    region_code = forms.ChoiceField(label=_("所在社区或街道"))
    address = forms.CharField(label=_("地址"), max_length=160)
    phone = forms.CharField(
        label=_("电话"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )
    longitude = _degrees(_("经度"))
    latitude = _degrees(_("纬度"))
    features = forms.MultipleChoiceField(
        label=_("六有"),
        choices=StationFeature.choices,
        required=False,
        widget=ChoiceCheckCards,
        help_text=_("六项齐全就是标准站。"),
    )

    def __init__(self, *args: Any, regions: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (region.code, rules.short_name(region.name)) for region in regions
        ]
        for day in Weekday:
            self.fields[f"hours_{day.value}"] = forms.CharField(
                label=day.label,
                max_length=60,
                required=False,
                widget=forms.TextInput(attrs={"placeholder": "09:00-12:00, 14:00-18:00"}),
            )

    def hours_fields(self) -> list[forms.BoundField]:
        """Return the seven fields of the opening hours."""
        return [self[f"hours_{day.value}"] for day in Weekday]

    def clean(self) -> dict[str, Any]:
        """Read the opening hours of each day."""
        told = self.cleaned_data
        told["hours"] = ()
        for day in Weekday:
            text = told.pop(f"hours_{day.value}", "")
            try:
                told["hours"] += rules.windows_from(text, weekday=day.value)
            except Refused as refusal:
                self.add_error(f"hours_{day.value}", str(refusal))
        return told


def hours_initial(windows: Iterable[rules.OpeningWindow]) -> dict[str, str]:
    """Return what the seven fields show of a station's hours."""
    windows = list(windows)
    return {
        f"hours_{day.value}": rules.windows_text(w for w in windows if w.weekday == day)
        for day in Weekday
    }


class StationsFilter(forms.Form):
    q = forms.CharField(required=False, max_length=60)
    region = forms.ChoiceField(label=_("街道"), required=False)

    def __init__(self, *args: Any, streets: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("全部")),
            *((street.code, street.name) for street in streets),
        ]

    def told(self) -> dict[str, str]:
        """Return the wishes that make sense; the others are left out."""
        self.full_clean()
        return {
            "prefix": self.cleaned_data.get("region", ""),
            "text": self.cleaned_data.get("q", ""),
        }
