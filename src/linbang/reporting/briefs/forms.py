from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.shell.forms import RefusingFormMixin
from linbang.reporting.briefs import rules
from linbang.reporting.briefs.actions import Text
from linbang.reporting.statistics import queries as statistics
from linbang.reporting.statistics.choices import PeriodKind
from linbang.reporting.statistics.errors import PeriodUnknown

COPIES_MAX = 999
_NAMES_LENGTH_MAX = 60


class SourceForm(forms.Form):
    """What a brief is about; for anything unknown the last whole month."""

    region = forms.CharField(label=_("区划"), required=False)
    period = forms.CharField(label=_("统计期"), required=False)

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data)
        self.today = today
        self.is_valid()

    def clean_period(self) -> statistics.Period:
        try:
            return statistics.period_named(self.cleaned_data["period"])
        except PeriodUnknown:
            return statistics.period_at(PeriodKind.MONTH, self.today).previous()

    @property
    def chosen_period(self) -> statistics.Period:
        """The period asked for, else the last whole month."""
        return self.cleaned_data["period"]

    @property
    def chosen_region(self) -> str:
        """The region code asked for; empty for none."""
        return self.cleaned_data.get("region", "")

    def offer(self, regions: list[tuple[str, str]], *, chosen: str) -> None:
        """Turn the fields into lists of what can be chosen from here."""
        period = self.chosen_period
        self.fields["region"].widget = forms.Select(choices=regions)
        self.fields["period"].widget = forms.Select(
            choices=statistics.periods_to_choose(self.today, period)
        )
        for field in self.fields.values():
            field.required = True
        self.data = {"region": chosen, "period": period.text}


class BriefForm(RefusingFormMixin, forms.Form):
    """What the editor writes; rule 91 names the parts."""

    unit = forms.CharField(label=_("编发单位"), max_length=rules.UNIT_LENGTH_MAX)
    title = forms.CharField(label=_("标题"), max_length=rules.TITLE_LENGTH_MAX)
    body = forms.CharField(
        label=_("正文"),
        help_text=_(
            "每段一行。不要写受益人的姓名、电话、证件号码和住址。数字表会自动附在正文后面。"
        ),
        max_length=rules.BODY_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 22}),
    )
    report_to = forms.CharField(label=_("报"), required=False, max_length=_NAMES_LENGTH_MAX)
    send_to = forms.CharField(label=_("送"), required=False, max_length=_NAMES_LENGTH_MAX)
    issue_to = forms.CharField(label=_("发"), required=False, max_length=_NAMES_LENGTH_MAX)
    copies = forms.IntegerField(
        label=_("印发份数"), required=False, min_value=1, max_value=COPIES_MAX
    )

    def text(self) -> Text:
        """Return what was written."""
        given = self.cleaned_data
        return Text(
            unit=given["unit"],
            title=given["title"],
            body=given["body"],
            distribution=rules.distribution_text(
                report_to=given["report_to"],
                send_to=given["send_to"],
                issue_to=given["issue_to"],
                copies=given["copies"],
            ),
        )
