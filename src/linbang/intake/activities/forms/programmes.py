"""What brands, campaigns, projects, key periods, duty points and policies are told with."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA, local_date
from linbang.foundation.people.choices import ServiceCategory
from linbang.foundation.shell.forms import RefusingFormMixin
from linbang.intake.activities import queries, rules
from linbang.intake.activities.choices import PointKind, PolicyScope
from linbang.intake.activities.forms.activities import (
    CHOICES_MAX,
    LOCAL,
    LocalDateTimeField,
    optional,
    pairs,
)
from linbang.intake.activities.forms.rows import DATE, MeasureForm, rows_of

MeasureRows = rows_of(MeasureForm, least=2)


def _fen(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=10**12, decimal_places=2, required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip


def _region(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label)


class _PlacedForm(RefusingFormMixin, forms.Form):
    """Something that stands in a region where the actor plans."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        regions = queries.regions_to_plan_in(actor)[:CHOICES_MAX]
        self.fields["region_code"].choices = pairs(regions, key="code")
        if "organiser" in self.fields:
            organisers = queries.organisers_for(actor)[:CHOICES_MAX]
            self.fields["organiser"].choices = pairs(organisers)

    def ids(self, *names: str) -> dict[str, int | None]:
        """Return the rows that are chosen. Raises NotFound."""
        told = self.cleaned_data
        links = {name: UUID(told[name]) if told[name] else None for name in names}
        return queries.ids_of(self.actor, told["region_code"], links)

    def told(self, *names: str) -> dict[str, Any]:
        """Return some of what was told."""
        return {name: self.cleaned_data[name] for name in names}


class BrandForm(_PlacedForm):
    name = forms.CharField(label=_("名称"), max_length=50)
    summary = forms.CharField(
        label=_("一两句话介绍"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    organiser = forms.ChoiceField(label=_("主办组织"))
    region_code = _region(_("所在区域"))

    def details(self) -> rules.ProgrammeDetails:
        """Return what was told. Raises NotFound."""
        shared = self.told("region_code", "name", "summary")
        return rules.ProgrammeDetails(**shared, **self.ids("organiser"))


class CampaignForm(BrandForm):
    brand = optional(_("品牌"), _("不属于品牌"))
    starts_on = forms.DateField(label=_("从哪一天"), widget=DATE)
    ends_on = forms.DateField(label=_("到哪一天"), widget=DATE)

    field_order = ("name", "brand", "starts_on", "ends_on", "organiser", "region_code", "summary")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        brands = queries.brands_visible_to(actor).filter(ended_at=None)
        self.fields["brand"].choices += pairs(brands[:CHOICES_MAX])

    def details(self) -> rules.CampaignDetails:
        """Return what was told. Raises NotFound."""
        shared = self.told("region_code", "name", "summary", "starts_on", "ends_on")
        return rules.CampaignDetails(**shared, **self.ids("organiser", "brand"))


class ProjectForm(BrandForm):
    campaign = optional(_("主题行动"), _("不属于主题行动"))
    starts_on = forms.DateField(label=_("从哪一天"), widget=DATE)
    ends_on = forms.DateField(label=_("到哪一天"), widget=DATE)
    field = forms.ChoiceField(label=_("领域"), choices=ServiceCategory.choices)
    goals = forms.CharField(
        label=_("目标"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    budget = _fen(_("预算（元）"))

    field_order = (
        "name", "campaign", "field", "starts_on", "ends_on", "budget", "organiser", "region_code",
        "goals", "summary",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, actor: Actor, project: Any = None, **kw: Any) -> None:
        super().__init__(data, actor=actor, **kw)
        campaigns = queries.campaigns_visible_to(actor).filter(ended_at=None)
        self.fields["campaign"].choices += pairs(campaigns[:CHOICES_MAX])
        measures = queries.measures_of(project) if project else []
        names = ("name", "unit", "target", "reached", "measured_on")
        self.measures = MeasureRows(
            data,
            prefix="measures",
            initial=[{name: getattr(one, name) for name in names} for one in measures],
        )

    def is_valid(self) -> bool:
        """Tell whether the project and its measures can be stored."""
        return self.measures.is_valid() and super().is_valid()

    def details(self) -> rules.ProjectDetails:
        """Return what was told. Raises NotFound."""
        shared = self.told(
            "region_code", "name", "summary", "starts_on", "ends_on", "field", "goals"
        )
        budget = int((self.cleaned_data["budget"] or 0) * 100)
        ids = self.ids("organiser", "campaign")
        return rules.ProjectDetails(**shared, budget_fen=budget, **ids)

    def measures_told(self) -> list[rules.MeasureDetails]:
        """Return what the project is measured by."""
        rows = [form.cleaned_data for form in self.measures.kept()]
        names = ("name", "unit", "target", "reached", "measured_on")
        return [rules.MeasureDetails(**{name: row[name] for name in names}) for row in rows]


class KeyPeriodForm(_PlacedForm):
    name = forms.CharField(label=_("名称"), max_length=50)
    region_code = _region(_("哪个区域"))
    starts_on = forms.DateField(label=_("从哪一天"), widget=DATE)
    ends_on = forms.DateField(label=_("到哪一天"), widget=DATE)


class PointForm(_PlacedForm):
    name = forms.CharField(label=_("名称"), max_length=50)
    kind = forms.ChoiceField(label=_("哪一种"), choices=PointKind.choices)
    region_code = _region(_("所在区域"))
    address = forms.CharField(label=_("地址"), max_length=160, required=False)
    longitude = forms.FloatField(
        label=_("经度"), required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    latitude = forms.FloatField(
        label=_("纬度"), required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    is_demonstration = forms.BooleanField(label=_("示范点"), required=False)

    def details(self) -> rules.PointDetails:
        """Return what was told."""
        return rules.PointDetails(**self.cleaned_data)


class PointFilter(forms.Form):
    q = forms.CharField(required=False, max_length=60)
    kind = forms.ChoiceField(
        label=_("类别"), required=False, choices=[("", _("全部")), *PointKind.choices]
    )
    unpaired = forms.BooleanField(label=_("还没有单位结对"), required=False)

    def told(self) -> dict[str, Any]:
        """Return the wishes that make sense; the others are left out."""
        self.full_clean()
        given = self.cleaned_data
        return {
            "text": given.get("q", ""),
            "kind": given.get("kind", ""),
            "unpaired": bool(given.get("unpaired")),
        }


class PairingForm(RefusingFormMixin, forms.Form):
    organisation = forms.ChoiceField(label=_("由哪个单位或队伍结对"))
    since_date = forms.DateField(label=_("从哪一天"), widget=DATE)

    def __init__(self, data: Any = None, *, actor: Actor, now: datetime) -> None:
        super().__init__(data, initial={"since_date": local_date(now)})
        self.fields["organisation"].choices = pairs(queries.organisers_for(actor)[:CHOICES_MAX])


class PolicyForm(_PlacedForm):
    insurer = forms.CharField(label=_("保险公司"), max_length=80)
    number = forms.CharField(label=_("保险单号"), max_length=60)
    organiser = forms.ChoiceField(label=_("投保的组织"))
    region_code = _region(_("所在区域"))
    scope = forms.ChoiceField(
        label=_("保谁"), choices=PolicyScope.choices, initial=PolicyScope.SIGNED_UP
    )
    starts_at = LocalDateTimeField(label=_("保险起期"))
    ends_at = LocalDateTimeField(label=_("保险止期"))
    sum_insured = _fen(_("每人保额（元）"))

    def details(self) -> rules.PolicyDetails:
        """Return what was told. Raises NotFound."""
        told = self.told("region_code", "insurer", "number", "scope", "starts_at", "ends_at")
        fen = int((self.cleaned_data["sum_insured"] or 0) * 100)
        return rules.PolicyDetails(**told, sum_fen=fen, **self.ids("organiser"))


class PolicyExtensionForm(RefusingFormMixin, forms.Form):
    ends_at = LocalDateTimeField(label=_("新的保险止期"))


def programme_initial(programme: Any) -> Mapping[str, Any]:
    """Return a brand, campaign or project as its form shows it."""
    names = ("name", "summary", "starts_on", "ends_on", "field", "goals")
    told = {name: getattr(programme, name) for name in names if hasattr(programme, name)}
    for name in ("brand", "campaign"):
        linked = getattr(programme, name, None)
        told[name] = linked.public_id if linked else ""
    budget = getattr(programme, "budget_fen", 0)
    return {
        **told,
        "organiser": programme.organiser.public_id,
        "region_code": programme.region_id,
        "budget": f"{budget / 100:g}" if budget else "",
    }


def point_initial(point: Any) -> Mapping[str, Any]:
    """Return a duty point as its form shows it."""
    names = ("name", "kind", "address", "longitude", "latitude", "is_demonstration")
    return {**{name: getattr(point, name) for name in names}, "region_code": point.region_id}


def extension_initial(policy: Any) -> Mapping[str, Any]:
    """Return a policy's end as its form shows it."""
    return {"ends_at": policy.ends_at.astimezone(CHINA).strftime(LOCAL)}
