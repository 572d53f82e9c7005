"""What is typed or chosen while a helper is being found."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.shell.forms import RefusingFormMixin
from linbang.intake.needs.choices import Urgency

_REASON_LENGTH_MAX = 200


class RefuseForm(RefusingFormMixin, forms.Form):
    """Why a volunteer cannot come, if she likes to say."""

    reason = forms.CharField(
        label=_("想说一句原因吗"), required=False, max_length=_REASON_LENGTH_MAX
    )


class LeaveForm(RefusingFormMixin, forms.Form):
    """Why a helper who accepted cannot come after all."""

    reason = forms.CharField(
        label=_("为什么来不了"),
        help_text=_("一句话就好，方便服务站另找人。"),
        max_length=_REASON_LENGTH_MAX,
    )


class ChooseForm(RefusingFormMixin, forms.Form):
    """The volunteer a worker chose."""

    volunteer = forms.UUIDField(widget=forms.HiddenInput)


class BlockForm(RefusingFormMixin, forms.Form):
    """Whom not to bring together with this resident again, and why."""

    volunteer = forms.ChoiceField(label=_("志愿者"))
    reason = forms.CharField(
        label=_("原因"),
        help_text=_("只有工作人员看得到，加密保存。"),
        max_length=_REASON_LENGTH_MAX,
    )

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["volunteer"].choices = list(people)


class BoardForm(forms.Form):
    """What to narrow the board to."""

    item = forms.ChoiceField(label=_("项目"), required=False)
    urgency = forms.ChoiceField(label=_("缓急"), required=False)

    def __init__(self, *args: Any, items: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [
            ("", _("全部")),
            *((item.code, item.label) for item in items),
        ]
        self.fields["urgency"].choices = [("", _("全部")), *Urgency.choices]

    def narrowing(self) -> dict[str, Any]:
        """Return the filters that were given well."""
        given = self.cleaned_data if self.is_valid() else {}
        return {"item": given.get("item", ""), "urgency": given.get("urgency", "")}
