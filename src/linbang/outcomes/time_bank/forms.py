from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.shell.forms import ChoiceCards, RefusingFormMixin
from linbang.outcomes.time_bank import rules
from linbang.outcomes.time_bank.choices import (
    FIELD_LABELS,
    EstateCause,
    RulingDecision,
    SchemeCode,
    Span,
    StatementKind,
)
from linbang.outcomes.time_bank.queries import Kin

NOTE_LENGTH_MAX = 100
TEXT_LENGTH_MAX = 200
POOL = "pool"


class PageForm(forms.Form):
    """Which page of a statement: the movements before this one, of a kind, of a month."""

    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("类别"), required=False, choices=[("", _("全部")), *StatementKind.choices]
    )
    month = forms.DateField(
        label=_("月份"),
        required=False,
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )

    def asked(self) -> dict[str, Any]:
        """Return what was asked for, as far as it can be understood."""
        self.is_valid()
        told = self.cleaned_data
        month: date | None = told.get("month")
        return {
            "before": told.get("before"),
            "kind": told.get("kind", ""),
            "month": month.replace(day=1) if month else None,
        }


class _ProxyForm(RefusingFormMixin, forms.Form):
    """A form that a worker may fill in for somebody, saying why (代办)."""

    reason = forms.CharField(
        label=_("代办原因"),
        help_text=_("例如“本人来电，请站里代为办理”。"),
        max_length=TEXT_LENGTH_MAX,
    )

    def __init__(self, *args: Any, is_proxy: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_proxy:
            del self.fields["reason"]


class PaymentForm(_ProxyForm):
    """Nothing to fill in but why, for a worker."""


class _UnitsForm(_ProxyForm):
    field_order = ["receiver", "units", "note", "reason", "key"]
    units = forms.DecimalField(
        label=_("几个"),
        help_text=_("1 个是 1 小时，半个填 0.5。"),
        min_value=0,
        max_digits=6,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.5", "min": "0.5", "inputmode": "decimal"}),
    )
    note = forms.CharField(
        label=_("留言"),
        help_text=_("请不要写金额。时间不能买卖、兑现。"),
        max_length=NOTE_LENGTH_MAX,
        required=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class GiftForm(_UnitsForm):
    """To whom, how much, and a word with it."""

    receiver = forms.ChoiceField(label=_("送给谁"), widget=ChoiceCards)

    def __init__(self, *args: Any, receivers: Sequence[Kin], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["receiver"].choices = kin_choices(receivers)


class DonationForm(_UnitsForm):
    """How much for the pool, and a word with it."""


class GiftAnswerForm(_ProxyForm):
    """Nothing to fill in but why, for a worker."""


class HeirForm(_ProxyForm):
    """Who is to have what is left one day."""

    field_order = ["heir", "reason"]
    heir = forms.ChoiceField(label=_("将来交给谁"), widget=ChoiceCards)

    def __init__(self, *args: Any, heirs: Sequence[Kin], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heir"].choices = [
            *kin_choices(heirs),
            (POOL, _("公共池，帮助困难老人")),
        ]


class CardForm(RefusingFormMixin, forms.Form):
    """A red card that was scanned, or the number on it."""

    card = forms.CharField(
        label=_("卡号"),
        max_length=200,
        help_text=_("红卡上 S 或 V 开头的一串。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class DisputeForm(RefusingFormMixin, forms.Form):
    """What is not right about a movement; also a side's reply."""

    text = forms.CharField(
        label=_("哪里不对"),
        help_text=_("例如“那天没有人来过”。请不要写身份证号、住址。"),
        max_length=TEXT_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReplyForm(DisputeForm):
    """What a side says in a dispute."""

    text = forms.CharField(
        label=_("说明情况"), max_length=TEXT_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )


class RulingForm(RefusingFormMixin, forms.Form):
    """What one member of staff proposes."""

    decision = forms.ChoiceField(
        label=_("处理意见"), choices=RulingDecision.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("理由"), max_length=TEXT_LENGTH_MAX)


class FreezeForm(RefusingFormMixin, forms.Form):
    """Why a whole account is frozen, or is no longer."""

    reason = forms.CharField(label=_("原因"), max_length=TEXT_LENGTH_MAX)


class EstateForm(RefusingFormMixin, forms.Form):
    """Why savings are passed on, and what proves it."""

    cause = forms.ChoiceField(
        label=_("原因"), choices=EstateCause.choices, widget=forms.RadioSelect
    )
    document = forms.CharField(
        label=_("依据的材料"),
        help_text=_("例如“死亡证明 0042 号，已看原件”。"),
        max_length=TEXT_LENGTH_MAX,
    )
    to_pool = forms.BooleanField(label=_("按材料捐给公共池"), required=False)


def kin_choices(people: Sequence[Kin]) -> list[tuple[str, str]]:
    """Return relatives as choices: name and what they are to the saver."""
    return [
        (str(kin.person.public_id), f"{kin.person.name}（{kin.relation.label}）") for kin in people
    ]


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
