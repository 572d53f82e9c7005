from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.shell.forms import RefusingFormMixin
from linbang.outcomes.time_bank import rules
from linbang.outcomes.time_bank.choices import FIELD_LABELS, SchemeCode, Span


class PageForm(forms.Form):
    """Which page of a statement: the movements before this one."""

    before = forms.IntegerField(required=False, min_value=1)


class LookForm(forms.Form):
    """Which region to look at, and how far back; for anything unknown the year."""

    region = forms.CharField(label=_("区划"), required=False)
    span = forms.ChoiceField(label=_("期间"), choices=Span.choices, required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.is_valid()

    @property
    def chosen_region(self) -> str:
        """The region code asked for; empty for none."""
        return self.cleaned_data.get("region", "")

    @property
    def chosen_span(self) -> str:
        """The span asked for, else the last twelve months."""
        return self.cleaned_data.get("span") or Span.YEAR

    @property
    def span_label(self) -> str:
        """The span in words."""
        return str(Span(self.chosen_span).label)

    def offer(self, regions: list[tuple[str, str]], *, chosen: str) -> None:
        """Turn the region into a list of what can be chosen from here."""
        self.fields["region"].widget = forms.Select(choices=regions)
        for field in self.fields.values():
            field.required = True
        self.data = {"region": chosen, "span": self.chosen_span}


_IN_HOURS = frozenset(name for name in rules.ADJUSTABLE if "minutes" in name)


class AdoptionForm(RefusingFormMixin, forms.Form):
    """What a place decides. Limits left empty are the preset's; durations are typed in hours."""

    scheme = forms.ChoiceField(label=_("办法"), choices=SchemeCode.choices)
    name = forms.CharField(
        label=_("本地名称"),
        required=False,
        max_length=20,
        help_text=_("空着就用办法里的名称。不要用“银行”“存款”一类字眼。"),
    )
    unit = forms.CharField(
        label=_("单位名称"), required=False, max_length=8, help_text=_("例如：爱心时、时间币。")
    )
    reason = forms.CharField(
        label=_("决定的依据"),
        max_length=200,
        help_text=_("例如：街道办公会议〔2026〕8 号纪要。会公开给工作人员看。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, in_force: rules.Scheme) -> None:
        super().__init__(data, initial={"scheme": in_force.code})
        for name, bounds in rules.ADJUSTABLE.items():
            per = 60 if name in _IN_HOURS else 1
            label = FIELD_LABELS[name]
            self.fields[name] = forms.DecimalField(
                label=_("%(label)s（小时）") % {"label": label} if per == 60 else label,
                required=False,
                min_value=Decimal(bounds.least) / per,
                max_value=Decimal(bounds.most) / per,
                widget=forms.NumberInput(
                    attrs={
                        "step": rules.hours_text(bounds.step * 60 // per),
                        "placeholder": _("现行 %(value)s")
                        % {"value": rules.hours_text(getattr(in_force, name) * 60 // per)},
                    }
                ),
            )

    @property
    def limit_fields(self) -> list[forms.BoundField]:
        """The limits a place may set itself."""
        return [self[name] for name in rules.ADJUSTABLE]

    @property
    def decision(self) -> Mapping[str, Any]:
        """What was decided, durations in minutes."""
        typed = self.cleaned_data
        return {
            "scheme": typed["scheme"],
            "name": typed["name"],
            "unit": typed["unit"],
            "limits": {
                name: None
                if typed[name] is None
                else int(typed[name] * (60 if name in _IN_HOURS else 1))
                for name in rules.ADJUSTABLE
            },
        }
