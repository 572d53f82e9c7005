"""The shape of what is told of units, teams and liaisons."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.organisations.choices import OrganisationKind, TeamMembership, TeamRank
from linbang.foundation.people.choices import ServiceCategory
from linbang.foundation.shell.forms import RefusingFormMixin

_UNIT_KINDS = [
    (kind.value, kind.label) for kind in OrganisationKind if kind != OrganisationKind.TEAM
]


def _phone_field(label: Any, **more: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=20, widget=widget, **more)


def _pairs(rows: Iterable[Any], *, key: str) -> list[tuple[str, str]]:
    return [(str(getattr(row, key)), str(row)) for row in rows]


class FoundingForm(RefusingFormMixin, forms.Form):
    """What units and teams have in common."""

    name = forms.CharField(label=_("名称"), max_length=100)
    region_code = forms.ChoiceField(label=_("所在区域"))

    def __init__(self, *args: Any, regions: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"].choices = _pairs(regions, key="code")  # type: ignore[attr-defined]  # a ChoiceField


class UnitForm(FoundingForm):
    kind = forms.ChoiceField(label=_("单位性质"), choices=_UNIT_KINDS)
    credit_code = forms.CharField(
        label=_("统一社会信用代码"),
        max_length=24,
        help_text=_("18 位，在营业执照或登记证书上。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    contact_name = forms.CharField(label=_("联系人"), max_length=50, required=False)
    contact_phone = _phone_field(_("联系电话"), required=False)

    field_order = ("name", "kind", "credit_code", "region_code", "contact_name", "contact_phone")


class TeamForm(FoundingForm):
    rank = forms.ChoiceField(label=_("级别"), choices=TeamRank.choices, initial=TeamRank.SQUAD)
    content = forms.ChoiceField(label=_("服务内容"), choices=ServiceCategory.choices)
    membership = forms.ChoiceField(label=_("人员构成"), choices=TeamMembership.choices)
    parent = forms.ChoiceField(label=_("上级"), required=False)
    approved_by = forms.ChoiceField(
        label=_("批准的社区或单位"), help_text=_("队伍不是法人，由它负责。")
    )
    contact_name = forms.CharField(label=_("联系人"), max_length=50)
    contact_phone = _phone_field(_("联系电话"))

    field_order = (
        "name", "rank", "content", "membership", "region_code", "parent", "approved_by",
        "contact_name", "contact_phone",
    )  # fmt: skip

    def __init__(
        self, *args: Any, parents: Iterable[Any], units: Iterable[Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        none = [("", _("没有上级"))]
        self.fields["parent"].choices = [*none, *_pairs(parents, key="public_id")]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["approved_by"].choices = _pairs(units, key="public_id")  # type: ignore[attr-defined]  # a ChoiceField


class LiaisonForm(RefusingFormMixin, forms.Form):
    person = forms.CharField(
        label=_("联络员"),
        max_length=60,
        help_text=_("填手机号或志愿者编号，姓名不重复时也可填姓名。"),
    )
    region_code = forms.ChoiceField(label=_("派驻到"))

    def __init__(self, *args: Any, regions: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"].choices = _pairs(regions, key="code")  # type: ignore[attr-defined]  # a ChoiceField


class TreeFilter(forms.Form):
    q = forms.CharField(required=False, max_length=60)
    kind = forms.ChoiceField(
        label=_("类别"), required=False, choices=[("", _("全部")), *OrganisationKind.choices]
    )

    def told(self) -> dict[str, str]:
        """Return the wishes that make sense; the others are left out."""
        self.full_clean()
        return {"text": self.cleaned_data.get("q", ""), "kind": self.cleaned_data.get("kind", "")}


class TeamsFilter(forms.Form):
    content = forms.ChoiceField(
        label=_("服务内容"), required=False, choices=[("", _("全部")), *ServiceCategory.choices]
    )

    def told(self) -> str:
        """Return the content asked for, or nothing."""
        self.full_clean()
        return str(self.cleaned_data.get("content", ""))
