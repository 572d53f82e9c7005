"""What is said of doubtful hours, spot checks, voidings and appeals."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.shell.forms import RefusingFormMixin
from linbang.operations.service_records.choices import (
    AppealOutcome,
    FlagKind,
    FlagOutcome,
    SpotMethod,
    SpotOutcome,
    VoidOutcome,
)

TEXT_LENGTH_MAX = 200


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}))


def _years(label: Any) -> forms.TypedChoiceField:
    choices = [(0, _("不设")), (1, _("一年")), (2, _("两年")), (3, _("三年"))]
    return forms.TypedChoiceField(
        label=label, choices=choices, coerce=int, required=False, empty_value=0
    )


class FlagFilterForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("为什么提醒"), required=False, choices=[("", _("全部")), *FlagKind.choices]
    )


class FlagDecisionForm(RefusingFormMixin, forms.Form):
    """What was found out about one doubt, or about many alike."""

    outcome = forms.ChoiceField(
        label=_("核查结果"), choices=FlagOutcome.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("怎么核查的"),
        max_length=TEXT_LENGTH_MAX,
        help_text=_("例如“看了现场照片和签到表，人数对得上”。本人看得到。"),
    )


class VoidForm(RefusingFormMixin, forms.Form):
    """Why a record should be void, and on what evidence."""

    reason = forms.CharField(
        label=_("为什么作废"),
        max_length=TEXT_LENGTH_MAX,
        help_text=_("写清事实，本人和负责人看得到。"),
    )
    evidence = forms.CharField(
        label=_("依据的材料"),
        max_length=TEXT_LENGTH_MAX,
        help_text=_("材料编号或存放处，例如“2026-11 抽查第 3 号，街道档案柜”。"),
    )


class VoidDecisionForm(RefusingFormMixin, forms.Form):
    """A second officer's decision, and what follows from it."""

    outcome = forms.ChoiceField(
        label=_("决定"), choices=VoidOutcome.choices, widget=forms.RadioSelect
    )
    answer = forms.CharField(label=_("决定的理由"), max_length=TEXT_LENGTH_MAX)
    person_years = _years(_("本人新的时长须先核查"))
    enterer_years = _years(_("登记人登记的时长须先核查"))
    unit_years = _years(_("组织单位的时长须先核查"))


class AppealForm(RefusingFormMixin, forms.Form):
    text = forms.CharField(
        label=_("为什么不服"),
        max_length=TEXT_LENGTH_MAX,
        help_text=_("说说当时的情况，有照片、证人也请写上。"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AppealAnswerForm(RefusingFormMixin, forms.Form):
    outcome = forms.ChoiceField(
        label=_("复核结果"), choices=AppealOutcome.choices, widget=forms.RadioSelect
    )
    answer = forms.CharField(label=_("答复"), max_length=TEXT_LENGTH_MAX)


class SampleForm(RefusingFormMixin, forms.Form):
    """From what to draw, and how much: so many, or so many of a hundred."""

    region = forms.ChoiceField(label=_("地区"))
    from_date = _day(_("从哪天"))
    until_date = _day(_("到哪天"))
    count = forms.IntegerField(label=_("抽多少条"), min_value=1, max_value=500, required=False)
    percent = forms.IntegerField(
        label=_("或抽百分之几"), min_value=1, max_value=100, required=False
    )
    seed = forms.IntegerField(
        label=_("随机种子"),
        required=False,
        min_value=0,
        max_value=10**9,
        help_text=_("留空就由系统取。用同一个种子，谁都能抽出同样的结果。"),
    )

    def __init__(self, *args: Any, regions: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = list(regions)  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("count") is None) == (data.get("percent") is None):
            self.add_error("count", _("条数和百分比请填一个。"))
        since, until = data.get("from_date"), data.get("until_date")
        if since and until and until < since:
            self.add_error("until_date", _("结束日期不能早于开始日期。"))
        return data


class SpotCheckForm(RefusingFormMixin, forms.Form):
    """What a spot check of one record found."""

    outcome = forms.ChoiceField(
        label=_("抽查结果"), choices=SpotOutcome.choices, widget=forms.RadioSelect
    )
    method = forms.ChoiceField(label=_("方式"), choices=SpotMethod.choices)
    note = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=TEXT_LENGTH_MAX,
        help_text=_("存疑或不实时必填。加密保存。"),
    )
