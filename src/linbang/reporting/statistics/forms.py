from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.access.rules import Actor
from linbang.reporting.statistics import queries, rules
from linbang.reporting.statistics.choices import PeriodKind
from linbang.reporting.statistics.errors import PeriodUnknown
from linbang.reporting.statistics.rules import Period


class FiltersForm(forms.Form):
    """Which region and period to look at; for anything unknown the current month."""

    region = forms.CharField(label=_("区划"), required=False)
    period = forms.CharField(label=_("统计期"), required=False)
    team = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data)
        self.today = today
        self.is_valid()

    def clean_period(self) -> Period:
        try:
            return rules.period_named(self.cleaned_data["period"])
        except PeriodUnknown:
            return rules.period_at(PeriodKind.MONTH, self.today)

    @property
    def chosen_period(self) -> Period:
        """The period asked for, else the current month."""
        return self.cleaned_data["period"]

    @property
    def chosen_region(self) -> str:
        """The region code asked for; empty for none."""
        return self.cleaned_data.get("region", "")

    @property
    def chosen_team(self) -> str:
        """The team asked for; empty for none."""
        return str(self.cleaned_data.get("team") or "")

    def offer_for(self, actor: Actor, scope: queries.Scope) -> None:
        """Offer regions and periods for activities; who holds a team alone chooses no region."""
        if scope.region is None:
            del self.fields["region"]
            self.offer([], chosen="")
        else:
            self.offer(queries.regions_to_choose(actor, scope.region), chosen=scope.prefix)

    def offer(self, regions: list[tuple[str, str]], *, chosen: str) -> None:
        """Turn the fields into lists of what can be chosen from here."""
        period = self.chosen_period
        if "region" in self.fields:
            self.fields["region"].widget = forms.Select(choices=regions)
        self.fields["period"].widget = forms.Select(
            choices=queries.periods_to_choose(self.today, period)
        )
        for field in self.visible_fields():
            field.field.required = True
        self.data = {"region": chosen, "period": period.text, "team": self.chosen_team}
