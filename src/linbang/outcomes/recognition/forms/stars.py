"""What is said about an application, and which levels hold."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.places.models import Region
from linbang.foundation.shell.forms import RefusingFormMixin
from linbang.outcomes.recognition.choices import STAR_MAX, ObjectionOutcome
from linbang.outcomes.recognition.rules import LevelTable, newest_tables

TEXT_MAX = 200


class StarForm(RefusingFormMixin, forms.Form):
    """Which star is asked for."""

    star = forms.IntegerField(min_value=1, max_value=STAR_MAX, widget=forms.HiddenInput)


class RefusalForm(RefusingFormMixin, forms.Form):
    """Why an application is refused."""

    reason = forms.CharField(
        label=_("不通过的原因"), help_text=_("对方会看到这段话。"), max_length=TEXT_MAX
    )


class StarObjectionForm(RefusingFormMixin, forms.Form):
    """What is not right about a star on notice."""

    text = forms.CharField(
        label=_("哪里不对"),
        help_text=_("例如“那段时间他不在本地”。请不要写身份证号、住址。"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class StarAnswerForm(RefusingFormMixin, forms.Form):
    """What was found out about an objection."""

    outcome = forms.ChoiceField(
        label=_("核实结果"), choices=ObjectionOutcome.choices, widget=forms.RadioSelect
    )
    answer = forms.CharField(
        label=_("答复"),
        help_text=_("提出的人会看到；属实的，申请人也会看到。"),
        max_length=TEXT_MAX,
    )


class SchemeForm(RefusingFormMixin, forms.Form):
    """Which table for which region: looked at first, then adopted."""

    region = forms.ChoiceField(label=_("区划"))
    scheme = forms.ChoiceField(label=_("星级标准"))

    def __init__(self, data: Any = None, *, regions: list[Region]) -> None:
        super().__init__(data)
        self.tables = {f"{one.code.value}:{one.version}": one for one in newest_tables()}
        self.fields["region"].choices = [(one.code, one.name) for one in regions]
        self.fields["scheme"].choices = [(key, one.code.label) for key, one in self.tables.items()]

    def table(self) -> LevelTable:
        """Return the table that was chosen."""
        return self.tables[self.cleaned_data["scheme"]]
