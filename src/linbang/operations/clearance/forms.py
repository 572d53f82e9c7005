"""What people and workers fill in about who may go."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.shell.forms import RefusingFormMixin
from linbang.operations.clearance.choices import AcceptanceKind

_AREA = forms.Textarea(attrs={"rows": 3})


class ForWhomForm(forms.Form):
    """For whom a page is: oneself, or a child."""

    person = forms.UUIDField(required=False)


class AcceptForm(RefusingFormMixin, forms.Form):
    """Accept a notice or agreement as it was read."""

    person = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=AcceptanceKind.choices, widget=forms.HiddenInput)
    digest = forms.CharField(min_length=64, max_length=64, widget=forms.HiddenInput)
    is_read = forms.BooleanField(
        label=_("我已看完，同意以上内容"),
        error_messages={"required": _("请先看完，再勾选“同意”。")},
    )

    def told(self) -> dict[str, Any]:
        """Return the arguments of ``actions.accept``."""
        kind, digest = self.cleaned_data["kind"], self.cleaned_data["digest"]
        return {"kind": AcceptanceKind(kind), "digest": digest}


class TrainingFilterForm(forms.Form):
    """What the list of sittings is narrowed to."""

    qualification = forms.ChoiceField(label=_("资格"), required=False)

    def __init__(self, data: Any, *, qualifications: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["qualification"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("全部培训")),
            *qualifications,
        ]
        self.is_valid()

    @property
    def chosen(self) -> str:
        """The qualification chosen; what is not valid does not narrow."""
        return str(self.cleaned_data.get("qualification", ""))


class AppealForm(RefusingFormMixin, forms.Form):
    """Why a pause is wrong, in one's own words."""

    text = forms.CharField(
        label=_("请说说情况"), max_length=1000, widget=_AREA,
        help_text=_("例如当天去了但没签到、临时生病。工作人员会核实后答复您。"),
    )  # fmt: skip
