"""The filter of the trail."""

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.audit.choices import ACTIONS


class TrailFilter(forms.Form):
    action = forms.ChoiceField(label=_("事项"), required=False)
    person = forms.CharField(label=_("操作人姓名"), max_length=50, required=False)
    day = forms.DateField(
        label=_("日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        self.fields["action"].choices = [("", _("全部")), *ACTIONS.items()]  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def wishes(self) -> dict[str, object]:
        """Return what to filter by; a field that makes no sense filters nothing."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}
