"""What the station narrows its list by, verifies, declines."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.shell.forms import ChoiceCheckCards, RefusingFormMixin
from linbang.intake.needs.choices import KnownRisk, NeedState, Urgency
from linbang.intake.needs.forms.wishes import WishesForm
from linbang.intake.needs.models import Need, ServiceItem


class FilterForm(forms.Form):
    """What the console list is narrowed to."""

    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *NeedState.choices]
    )
    urgency = forms.ChoiceField(
        label=_("缓急"), required=False, choices=[("", _("全部")), *Urgency.choices]
    )
    item = forms.ChoiceField(label=_("项目"), required=False)
    overdue = forms.BooleanField(label=_("超时未答复"), required=False)

    def __init__(self, data: Any, *, items: Iterable[ServiceItem]) -> None:
        super().__init__(data)
        self.fields["item"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("全部")),
            *((item.code, item.label) for item in items),
        ]
        self.is_valid()

    def narrowing(self) -> dict[str, Any]:
        """Return the arguments of ``queries.needs_listed``; what is not valid does not narrow."""
        given = self.cleaned_data
        narrowed = {name: given.get(name, "") for name in ("state", "urgency", "item")}
        return {**narrowed, "is_overdue": bool(given.get("overdue"))}


class VerifyForm(RefusingFormMixin, WishesForm):
    """What the station makes sure of before anybody is sent."""

    known_risks = forms.MultipleChoiceField(
        label=_("上门要留意什么"), choices=KnownRisk, required=False, widget=ChoiceCheckCards()
    )
    risk_note = forms.CharField(
        label=_("给志愿者的提醒"), required=False, max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    helpers = forms.TypedChoiceField(
        label=_("一起去几个人"), coerce=int, choices=[(n, n) for n in range(1, 5)]
    )

    @classmethod
    def of(cls, need: Need) -> "VerifyForm":
        """Return the form as the need fills it."""
        return cls(
            region_code=need.region_id,
            initial={
                "known_risks": list(need.risks),
                "risk_note": need.risk_note or need.item.caution,
                "helpers": need.helpers,
                "helper_sex": need.helper_sex,
                "helper_languages": need.helper_languages,
            },
        )


class DeclineForm(RefusingFormMixin, forms.Form):
    """Why the station cannot take a need on, and where to turn instead."""

    reason = forms.CharField(
        label=_("原因和建议"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("居民会看到，请写明可以找谁，例如燃气公司、社区卫生中心、司法所。"),
    )  # fmt: skip
