"""An honour as it is entered, checked and looked for."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from linbang.foundation.access.rules import Actor
from linbang.foundation.places.models import Region
from linbang.foundation.shell.forms import RefusingFormMixin
from linbang.outcomes.recognition import queries
from linbang.outcomes.recognition.actions import HonourDetails
from linbang.outcomes.recognition.choices import (
    HonourLevel,
    HonourTarget,
    HonourVerdict,
)
from linbang.outcomes.recognition.queries import HonourFilters

REASON_MAX = 200


class HonourForm(RefusingFormMixin, forms.Form):
    """What an honour says."""

    name = forms.CharField(label=_("表彰名称"), help_text=_("例如“优秀志愿者”。"), max_length=80)
    level = forms.ChoiceField(
        label=_("级别"),
        help_text=_("区县级及以上要上传证书或文件。"),
        choices=HonourLevel.choices,
        initial=HonourLevel.COMMUNITY,
    )
    granted_by = forms.CharField(label=_("授予单位"), max_length=80)
    granted_date = forms.DateField(
        label=_("授予日期"), widget=forms.DateInput(attrs={"type": "date"})
    )
    document_name = forms.CharField(label=_("文件名称"), required=False, max_length=120)
    document_number = forms.CharField(label=_("文号"), required=False, max_length=60)
    proof = forms.FileField(
        label=_("证书或文件"),
        help_text=_("照片或 PDF，最大 4 MB。加密保存，别人查看会留下记录。"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )

    def details(self) -> HonourDetails:
        """Return what was told."""
        told = {name: self.cleaned_data[name] for name in HonourDetails.__dataclass_fields__}
        return HonourDetails(**{**told, "level": HonourLevel(told["level"])})

    def content(self) -> bytes:
        """Return the bytes of the proof; empty for none."""
        proof = self.cleaned_data.get("proof")
        return proof.read() if proof else b""


class HonourForForm(HonourForm):
    """What a worker enters for a volunteer, a team, an activity or a project."""

    field_order = ("person", "team", "activity", "project")

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, target: HonourTarget
    ) -> None:
        super().__init__(data, files)
        self.actor, self.target = actor, target
        if target == HonourTarget.PERSON:
            self.fields["person"] = forms.CharField(
                label=_("志愿者"), help_text=_("志愿者编号，或完整姓名。"), max_length=50
            )
        else:
            self.fields[target.value] = forms.ModelChoiceField(
                label=target.label, queryset=_CHOICES[target](actor), to_field_name="public_id"
            )
        self.order_fields([target.value])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.target == HonourTarget.PERSON and cleaned.get("person"):
            person = queries.person_to_honour(self.actor, cleaned["person"])
            if person is None:
                self.add_error("person", _("没有找到唯一的志愿者，请填志愿者编号。"))
            cleaned["person"] = person
        return cleaned

    def whose(self) -> Any:
        """Return who was honoured."""
        return self.cleaned_data[self.target.value]


_CHOICES: dict[HonourTarget, Any] = {
    HonourTarget.TEAM: queries.teams_to_honour,
    HonourTarget.ACTIVITY: queries.activities_to_honour,
    HonourTarget.PROJECT: queries.projects_to_honour,
}


class HonourDecisionForm(RefusingFormMixin, forms.Form):
    """Whether what a volunteer entered is right."""

    verdict = forms.ChoiceField(
        label=_("核实结果"), choices=HonourVerdict.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("说明"), help_text=_("不予登记要写原因，对方会看到。"), required=False,
        max_length=REASON_MAX,
    )  # fmt: skip


class StrikeForm(RefusingFormMixin, forms.Form):
    """Why an honour is taken out of the register."""

    reason = forms.CharField(
        label=_("撤销原因"), help_text=_("对方会看到这段话。"), max_length=REASON_MAX
    )


class HonourFilterForm(forms.Form):
    """What of the register is wanted."""

    region = forms.ChoiceField(label=_("区划"), required=False)
    level = forms.ChoiceField(
        label=_("级别"), choices=[("", _("全部级别")), *HonourLevel.choices], required=False
    )
    target = forms.ChoiceField(
        label=_("对象"), choices=[("", _("全部对象")), *HonourTarget.choices], required=False
    )
    since = forms.DateField(
        label=_("从"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    text = forms.CharField(label=_("名称、单位或姓名"), required=False, max_length=50)

    def __init__(self, data: Any, *, regions: "QuerySet[Region] | list[Region]") -> None:
        super().__init__(data)
        self.fields["region"].choices = [
            ("", _("全部区划")),
            *((one.code, one.name) for one in regions),
        ]

    def wanted(self) -> HonourFilters:
        """Return the filters; what can't be read is left out."""
        self.is_valid()
        told = {name: value for name, value in self.cleaned_data.items() if value}
        return HonourFilters(**told)
