"""Form parts every step may use: refusals as form errors, and choices large enough to tap."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.errors import Refused

UNPROCESSABLE = 422


class RefusingFormMixin:
    """Let a form show a refusal as an error of its own.

    View: `with form.refusals(): return redirect(action(...))`, then
    `return render(request, template, {"form": form}, status=form.status)`.
    """

    @contextmanager
    def refusals(self: Any) -> Iterator[None]:
        """Turn a refusal raised inside into an error of its field, or of the form."""
        try:
            yield
        except Refused as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))

    @property
    def status(self: Any) -> int:
        """Give the HTTP status that fits: 422 when there is something to mend, else 200."""
        return UNPROCESSABLE if self.is_bound and self.errors else 200


class ChoiceCards(forms.RadioSelect):
    """Draw radio buttons as large cards with an icon and a line of explanation each."""

    template_name = "shell/widgets/choice_cards.html"
    option_template_name = "shell/widgets/choice_card.html"

    def __init__(
        self,
        *args: Any,
        icons: Mapping[str, str] | None = None,
        notes: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.icons = icons or {}
        self.notes = notes or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["icon"] = self.icons.get(str(value), "")
        option["note"] = self.notes.get(str(value), "")
        return option


class ChoiceCheckCards(ChoiceCards):
    """Draw checkboxes as large cards."""

    allow_multiple_selected = True
    input_type = "checkbox"

    def use_required_attribute(self, initial: Any) -> bool:
        # The browser would demand that every single box be ticked.
        return False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False


class FoldedCheckCards(ChoiceCheckCards):
    """Draw the first few checkboxes, and fold the rest away unless one of them is ticked."""

    template_name = "shell/widgets/folded_cards.html"

    def __init__(self, *args: Any, rest_label: Any, first: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rest_label = rest_label
        self.first = first

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        options = [option for _group, group, _index in context["widget"]["optgroups"]
                   for option in group]  # fmt: skip
        rest = options[self.first :]
        context["widget"] |= {
            "near": options[: self.first],
            "rest": rest,
            "rest_label": self.rest_label,
            "is_open": any(option["selected"] for option in rest),
        }
        return context


class DesignForm(RefusingFormMixin, forms.Form):
    """One field of each kind, for the style guide."""

    service = forms.ChoiceField(
        label=_("需要什么帮助"),
        choices=[
            ("meal", _("送餐助餐")), ("clean", _("打扫卫生")),
            ("doctor", _("陪同就医")), ("talk", _("陪伴聊天")),
        ],
        widget=ChoiceCards(
            icons={
                "meal": "tools-kitchen-2", "clean": "wash", "doctor": "stethoscope",
                "talk": "message-circle",
            },
            notes={"doctor": _("挂号、取药、陪同往返")},
        ),
    )  # fmt: skip
    name = forms.CharField(label=_("怎么称呼"), max_length=30)
    phone = forms.CharField(
        label=_("联系电话"), help_text=_("只有接单的志愿者看得到"), max_length=11
    )
    day = forms.DateField(label=_("哪一天"), widget=forms.DateInput(attrs={"type": "date"}))
    half = forms.ChoiceField(
        label=_("什么时候"), choices=[("am", _("上午")), ("pm", _("下午"))], required=False
    )
    note = forms.CharField(label=_("还想说明的"), required=False, widget=forms.Textarea)
    agreed = forms.BooleanField(label=_("同意社区工作人员代为联系志愿者"))
