"""What an activity is told with: one comfortable form in sections."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linbang.foundation.clock import CHINA
from linbang.foundation.people.choices import ServiceCategory
from linbang.foundation.shell.forms import ChoiceCards, ChoiceCheckCards, RefusingFormMixin
from linbang.intake.activities.choices import (
    ActivityKind,
    Audience,
    Beneficiary,
    Guarantee,
    Hazard,
    SignUpMode,
)
from linbang.intake.activities.forms.rows import DATE, number

CHOICES_MAX = 500
LOCAL = "%Y-%m-%dT%H:%M"
_LONG = {"rows": 4}


def pairs(rows: Iterable[Any], *, key: str = "public_id") -> list[tuple[str, Any]]:
    """Return rows as choices."""
    return [(str(getattr(row, key)), str(row)) for row in rows]


def optional(label: Any, none: Any) -> forms.ChoiceField:
    """Make a choice that may be left open; ``none`` is what that is called."""
    return forms.ChoiceField(label=label, required=False, choices=[("", none)])


def boxes(label: Any, choices: Any, **more: Any) -> forms.MultipleChoiceField:
    """Make a group of boxes to tick."""
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=ChoiceCheckCards, **more
    )


class LocalDateTimeField(forms.DateTimeField):
    """A time of China's wall clock, as the browser's own picker gives it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)
        super().__init__(input_formats=[LOCAL], widget=widget, **kwargs)

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        return found.replace(tzinfo=CHINA) if found else None


class ActivityForm(RefusingFormMixin, forms.Form):
    """Everything but the rows. Only the name is asked for: a draft may be bare."""

    use_required_attribute = False

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    # What.
    kind = forms.ChoiceField(
        label=_("哪一种活动"), choices=ActivityKind.choices,
        widget=ChoiceCards(
            icons={
                ActivityKind.GATHERING: "users", ActivityKind.CONSULT: "message-2",
                ActivityKind.DUTY: "map-pin", ActivityKind.CLASSES: "school",
            },
            notes={
                ActivityKind.GATHERING: _("大家一起来做一件事"),
                ActivityKind.CONSULT: _("几个单位摆台，现场解答"),
                ActivityKind.DUTY: _("路口、服务点，天天有人"),
                ActivityKind.CLASSES: _("定期上课或陪伴"),
            },
        ),
    )  # fmt: skip
    name = forms.CharField(label=_("活动名称"), max_length=50)
    categories = boxes(_("服务类别"), ServiceCategory.choices, help_text=_("选 1 到 4 项。"))
    content = forms.CharField(
        label=_("做什么"), max_length=5000, required=False, widget=forms.Textarea(attrs=_LONG)
    )
    conditions = forms.CharField(
        label=_("参加条件"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    beneficiaries = boxes(_("服务谁"), Beneficiary.choices)
    brand = optional(_("品牌"), _("不属于品牌"))
    campaign = optional(_("主题行动"), _("不属于主题行动"))
    project = optional(pgettext_lazy("programme", "项目"), _("不属于项目"))
    key_period = optional(_("重点时期"), _("不在重点时期"))

    # Where.
    organiser = forms.ChoiceField(label=_("主办组织"))
    region_code = forms.ChoiceField(label=_("所在区域"))
    place_name = forms.CharField(label=_("集合地点"), max_length=80, required=False)
    address = forms.CharField(label=_("详细地址"), max_length=160, required=False)
    longitude = forms.FloatField(
        label=_("经度"), required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    latitude = forms.FloatField(
        label=_("纬度"), required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    radius_m = number(
        _("签到范围（米）"), high=9999, help_text=_("在这个范围内才能按位置签到，0 表示不按位置。")
    )

    # Safety.
    hazards = boxes(
        _("有没有这些危险"), Hazard.choices,
        help_text=_("勾了任何一项就是高风险活动：须有保险，只招募成年人。"),
    )  # fmt: skip
    policy = optional(_("保险单"), _("没有保险单"))
    risk_text = forms.CharField(
        label=_("风险和注意事项"), max_length=5000, required=False,
        widget=forms.Textarea(attrs=_LONG), help_text=_("报名的人会看到。"),
    )  # fmt: skip
    guarantees = boxes(_("给志愿者的保障"), Guarantee.choices)
    guarantee_note = forms.CharField(label=_("其他保障是什么"), max_length=200, required=False)
    with_minors = forms.BooleanField(
        label=_("与未成年人密切接触（志愿者须通过背景核查）"), required=False
    )
    is_outside_city = forms.BooleanField(label=_("在本市以外"), required=False)
    wants_agreement = forms.BooleanField(label=_("要签志愿服务协议"), required=False)
    allowance = forms.DecimalField(
        label=_("每人每天补贴（元）"), min_value=0, max_value=100_000, decimal_places=2,
        required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("只补交通、餐饮等实际支出；任何人都不向服务对象收费。"),
    )  # fmt: skip
    allowance_reason = forms.CharField(label=_("补贴理由"), max_length=200, required=False)
    declares_none_forbidden = forms.BooleanField(
        label=_("以上六类都不是，这是志愿服务"), required=False
    )

    # Sign-up.
    audience = forms.ChoiceField(label=_("招募谁"), choices=Audience.choices)
    mode = forms.ChoiceField(label=_("怎么录取"), choices=SignUpMode.choices)
    has_waiting_list = forms.BooleanField(label=_("满员后可以候补"), required=False)
    sign_up_opens_at = LocalDateTimeField(label=_("报名开始"), required=False)
    sign_up_closes_at = LocalDateTimeField(label=_("报名截止"), required=False)
    leader = optional(_("负责人"), _("还没有选定"))
    leader_other = forms.CharField(
        label=_("或者另找一位负责人"), max_length=60, required=False,
        help_text=_("填手机号或志愿者编号，姓名不重复时也可填姓名。"),
    )  # fmt: skip
    contact_name = forms.CharField(label=_("公开的联系人"), max_length=50, required=False)
    contact_phone = forms.CharField(
        label=_("公开的联系电话"), max_length=20, required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )  # fmt: skip

    def __init__(self, *args: Any, choices: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in choices.items():
            field: Any = self.fields[name]
            key = "code" if name == "region_code" else "public_id"
            field.choices = [*(c for c in field.choices if c[0] == ""), *pairs(rows, key=key)]

    def links(self) -> dict[str, UUID | None]:
        """Return what is chosen from other tables, by public id; what is wrong is left out."""
        names = ("organiser", "leader", "policy", "brand", "campaign", "project", "key_period")
        told = self.cleaned_data
        return {name: UUID(told[name]) if told.get(name) else None for name in names}

    def plain(self) -> dict[str, Any]:
        """Return the rest as told, as columns; what is wrong is left out."""
        told = dict(self.cleaned_data)
        for name in ("key", "version", "leader_other", *self.links()):
            told.pop(name, None)
        if "allowance" in told:
            told["allowance_fen"] = int((told.pop("allowance") or 0) * 100)
        lists = ("categories", "beneficiaries", "hazards", "guarantees")
        return {**told, **{name: tuple(told[name]) for name in lists if name in told}}


class ListFilter(forms.Form):
    q = forms.CharField(required=False, max_length=60)

    def told(self) -> str:
        """Return the words looked for."""
        self.full_clean()
        return str(self.cleaned_data.get("q", ""))


class ReasonForm(RefusingFormMixin, forms.Form):
    """Why; everybody concerned reads it."""

    reason = forms.CharField(
        label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("报了名的人会看到这段话。"),
    )  # fmt: skip


class ReviewForm(RefusingFormMixin, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("退回时写明要改什么"), max_length=200, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class CopyForm(RefusingFormMixin, forms.Form):
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    starts_on = forms.DateField(
        label=_("第一个班次改到哪一天"), required=False, widget=DATE,
        help_text=_("其余班次按同样的间隔排；留空就不带班次。"),
    )  # fmt: skip


class OutcomeForm(RefusingFormMixin, forms.Form):
    people_served = number(_("服务对象人次"), high=1_000_000, required=False)
    outcome = forms.CharField(
        label=_("活动小结"), max_length=500, required=False, widget=forms.Textarea(attrs=_LONG)
    )
