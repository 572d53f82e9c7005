"""What is asked for: a certificate, a number, a reason, a school's file."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.shell.forms import RefusingFormMixin
from linbang.outcomes.certificates.choices import REVOCATIONS
from linbang.outcomes.certificates.queries import Span

_ALL, _YEAR, _DATES = "all", "year", "dates"
_DATE = {"type": "date"}


class IssueForm(RefusingFormMixin, forms.Form):
    """Which period and unit to certify, and what to print."""

    period = forms.ChoiceField(
        label=_("开哪一段时间的"),
        choices=[(_ALL, _("全部服务")), (_YEAR, _("今年的")), (_DATES, _("自己选日期"))],
        widget=forms.RadioSelect,
        initial=_ALL,
    )
    first = forms.DateField(
        label=_("从哪天起"), required=False, widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("到哪天止"), required=False, widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d")
    )
    unit = forms.ChoiceField(
        label=_("哪个单位记录的"),
        required=False,
        help_text=_("全部单位的合在一张上，每一行写明记录单位。"),
    )
    shows_document = forms.BooleanField(
        label=_("印上完整的身份证号码"),
        required=False,
        help_text=_("一般不需要。对方单位明确要求时才勾选。"),
    )
    wants_seal = forms.BooleanField(
        label=_("还要一份盖章的纸质证明"),
        required=False,
        help_text=_("五个工作日内到服务站领取。多数单位凭编号查验即可，不需要盖章。"),
    )

    def __init__(self, data: Any, *, span: Span, today: date) -> None:
        super().__init__(data, initial={"first": span.first, "last": min(span.last, today)})
        self._span, self._today = span, today
        units = [(name, name) for name in span.units]
        self.fields["unit"].choices = [("", _("全部单位")), *units]
        if len(units) == 1:
            del self.fields["unit"]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("period") == _DATES:
            for name in ("first", "last"):
                if not told.get(name) and name not in self.errors:
                    self.add_error(name, _("请选日期。"))
        return told

    @property
    def wish(self) -> dict[str, Any]:
        """What the action is asked for."""
        told = self.cleaned_data
        whole_year = (date(self._today.year, 1, 1), self._today)
        first, last = {
            _ALL: (self._span.first, max(self._span.last, self._span.first)),
            _YEAR: whole_year,
            _DATES: (told["first"], told["last"]),
        }[told["period"]]
        return {
            "first": first,
            "last": last,
            "unit": told.get("unit", ""),
            "shows_document": told["shows_document"],
            "wants_seal": told["wants_seal"],
        }


class NumberForm(RefusingFormMixin, forms.Form):
    """A number read from a paper."""

    n = forms.CharField(
        label=_("证明编号"),
        max_length=40,
        help_text=_("印在证明标题下面，例如 2026-K7QM4T9XB，大小写都可以。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class SignedForm(forms.Form):
    """The words of a QR code, pasted where there is no camera."""

    signed = forms.CharField(
        label=_("二维码里的网址"),
        help_text=_("用别的扫码软件扫出网址，粘贴到这里。"),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )


class RevocationForm(RefusingFormMixin, forms.Form):
    """Why a certificate is taken back."""

    reason = forms.ChoiceField(
        label=_("撤销的原因"),
        choices=[(reason.value, reason.label) for reason in REVOCATIONS],
        widget=forms.RadioSelect,
        help_text=_("查验编号的人会看到这个原因。"),
    )
    note = forms.CharField(
        label=_("经过"), required=False, max_length=200, help_text=_("只有工作人员看得到。")
    )


class CreditsForm(RefusingFormMixin, forms.Form):
    """Which days to count for a school, and what for."""

    first = forms.DateField(
        label=_("从哪天起"), widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("到哪天止"), widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d")
    )
    purpose = forms.CharField(
        label=_("用途"),
        max_length=100,
        help_text=_("例如“2026 年秋季学期社会实践学分认定”。谁在什么时候导出都会留下记录。"),
    )


class SearchForm(forms.Form):
    """For whom the station issues a certificate."""

    q = forms.CharField(
        label=_("志愿者"),
        max_length=40,
        help_text=_("姓名、拼音、手机号或志愿者编号"),
    )
