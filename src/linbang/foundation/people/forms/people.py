"""The shape of registration, family and console forms."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation import clock
from linbang.foundation.people import rules
from linbang.foundation.people.choices import (
    DisputeOutcome,
    DocumentType,
    Language,
    Relation,
    Sex,
    Skill,
    UnmaskField,
    UnmaskReason,
)
from linbang.foundation.shell.forms import RefusingFormMixin

# Officers' and soldiers' papers are left out of public forms, as in the national look-up.
PUBLIC_DOCUMENTS = [
    (kind.value, kind.label)
    for kind in DocumentType
    if kind not in {DocumentType.OFFICER, DocumentType.SOLDIER}
]


def day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **more)


def _phone_field(label: Any, **more: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=20, widget=widget, **more)


class WhoForm(RefusingFormMixin, forms.Form):
    """Who one is; refuses what the document contradicts before anything else is asked."""

    name = forms.CharField(
        label=_("姓名"),
        max_length=50,
        help_text=_("和证件上的一样。"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    document_type = forms.ChoiceField(
        label=_("证件类型"), choices=PUBLIC_DOCUMENTS, initial=DocumentType.RESIDENT_ID
    )
    document_number = forms.CharField(
        label=_("证件号码"),
        max_length=30,
        help_text=_("最后一位是 X 的，大小写都可以。加密保存，平时只显示一部分。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "big-input"}),
    )
    birth_date = day_field(
        _("出生日期"), required=False, help_text=_("身份证号码里有，不用填；护照等证件请填写。")
    )
    sex = forms.ChoiceField(
        label=_("性别"), choices=[("", _("按证件")), *Sex.choices], required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if {"name", "document_type", "document_number"} <= data.keys():
            with self.refusals():
                self._check(data)
        return data

    def _check(self, data: dict[str, Any]) -> None:
        today = clock.local_date(clock.now())
        rules.normal_name(data["name"])
        document = rules.read_document(
            DocumentType(data["document_type"]), data["document_number"], today=today
        )
        rules.require_matching(
            document,
            birth_date=data.get("birth_date"),
            sex=Sex(data["sex"]) if data.get("sex") else None,
            today=today,
        )


class HomeForm(RefusingFormMixin, forms.Form):
    """Where one lives."""

    region_code = forms.ChoiceField(label=_("住在哪一栋"), help_text=_("找不到楼栋时选社区。"))
    address = forms.CharField(
        label=_("单元和房号"),
        max_length=80,
        required=False,
        help_text=_("例如：2单元301室。只有接您求助的志愿者看得到。"),
    )

    def __init__(self, *args: Any, homes: Iterable[tuple[Any, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"].choices = [("", _("请选择")), *homes]  # type: ignore[attr-defined]  # a ChoiceField


class AgreeForm(RefusingFormMixin, forms.Form):
    """Agreeing to the text that stands above."""

    agreed = forms.BooleanField(
        label=_("我已阅读并同意"), error_messages={"required": _("请先阅读，再勾选同意。")}
    )


class NewPersonForm(WhoForm, HomeForm):
    """Everything at once, for staff who register somebody on the spot."""

    phone = _phone_field(_("联系电话"), required=False, help_text=_("没有手机可以填座机或留空。"))
    guardian = forms.ChoiceField(
        label=_("监护人"),
        required=False,
        help_text=_("未满 18 周岁必填：先用姓名或电话查找监护人。"),
    )
    relation = forms.ChoiceField(
        label=_("监护人是孩子的"),
        required=False,
        choices=[(Relation.PARENT, _("父母")), (Relation.GRANDPARENT, _("祖父母")),
                 (Relation.GUARDIAN, _("监护人"))],
    )  # fmt: skip
    signed_form = forms.BooleanField(
        label=_("本人（或监护人）已在纸质同意书上签字"),
        required=False,
        help_text=_("没有签字的，登记后为“待本人确认”，不能计时长。"),
    )
    field_order = [
        "name", "document_type", "document_number", "birth_date", "sex", "phone",
        "region_code", "address", "guardian", "relation", "signed_form",
    ]  # fmt: skip

    def __init__(
        self, *args: Any, guardians: Iterable[tuple[Any, Any]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document_type"].choices = DocumentType.choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["guardian"].choices = [("", _("不需要")), *guardians]  # type: ignore[attr-defined]  # a ChoiceField


class ChildForm(WhoForm, HomeForm):
    """A guardian registers a child."""

    phone = _phone_field(_("孩子的电话"), required=False)
    relation = forms.ChoiceField(
        label=_("您是孩子的"),
        choices=[(Relation.PARENT, _("父母")), (Relation.GRANDPARENT, _("祖父母")),
                 (Relation.GUARDIAN, _("监护人"))],
    )  # fmt: skip
    agreed = forms.BooleanField(
        label=_("我是孩子的监护人，已阅读并同意上面的《监护人同意书》"),
        error_messages={"required": _("请先阅读，再勾选同意。")},
    )
    field_order = [
        "name", "document_type", "document_number", "birth_date", "sex", "relation", "phone",
        "region_code", "address", "agreed",
    ]  # fmt: skip


class AdoptForm(RefusingFormMixin, forms.Form):
    document_number = forms.CharField(
        label=_("您的证件号码"),
        max_length=30,
        help_text=_("核对一致后，这份登记就归您自己管理。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "big-input"}),
    )
    agreed = forms.BooleanField(
        label=_("这是我本人，我同意登记"), error_messages={"required": _("请勾选同意。")}
    )


class ClaimForm(RefusingFormMixin, forms.Form):
    document_type = forms.ChoiceField(label=_("证件类型"), choices=PUBLIC_DOCUMENTS)
    document_number = forms.CharField(
        label=_("证件号码"), max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class DetailsForm(HomeForm):
    phone = _phone_field(
        _("联系电话"), required=False, help_text=_("工作人员和接单的志愿者用它联系您。")
    )


class KinForm(RefusingFormMixin, forms.Form):
    name = forms.CharField(label=_("家人的姓名"), max_length=50)
    phone = _phone_field(_("家人登记时用的电话"))
    relation = forms.ChoiceField(label=_("您是他（她）的"), choices=Relation.choices)


class FilterForm(forms.Form):
    q = forms.CharField(required=False, max_length=60)
    kind = forms.ChoiceField(
        required=False,
        choices=[("", _("全部人员")), ("volunteer", _("志愿者")), ("unconfirmed", _("待本人确认"))],
    )
    region = forms.ChoiceField(required=False)
    skill = forms.ChoiceField(required=False, choices=[("", _("全部特长")), *Skill.choices])
    language = forms.ChoiceField(required=False, choices=[("", _("全部语言")), *Language.choices])

    def __init__(self, *args: Any, regions: Iterable[tuple[Any, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [("", _("全部区域")), *regions]  # type: ignore[attr-defined]  # a ChoiceField

    def told(self) -> dict[str, str]:
        """Return the filters that are valid, as the query takes them."""
        data = self.cleaned_data if self.is_valid() else {}
        names = {"q": "text", "region": "region_code"}
        names |= {name: name for name in ("kind", "skill", "language")}
        return {to: data.get(name, "") for name, to in names.items()}


class ReasonForm(RefusingFormMixin, forms.Form):
    """Why somebody needs to see; rule 99 narrows the reasons for minors."""

    reason = forms.ChoiceField(label=_("查看原因"))
    note = forms.CharField(label=_("说明"), max_length=100, required=False)

    def __init__(self, *args: Any, reasons: Iterable[UnmaskReason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("请选择")), *((one.value, one.label) for one in reasons)
        ]  # fmt: skip


class UnmaskForm(ReasonForm):
    field = forms.ChoiceField(label=_("要看的内容"), choices=UnmaskField.choices)
    field_order = ["field", "reason", "note"]


class HouseholdForm(RefusingFormMixin, forms.Form):
    door = forms.CharField(
        label=_("单元与房号"), max_length=40, help_text=_("同一栋里写法相同的算一户。")
    )


class DecisionForm(RefusingFormMixin, forms.Form):
    decision = forms.ChoiceField(choices=[("grant", _("通过")), ("refuse", _("不通过"))])
    reason = forms.CharField(label=_("不通过的原因"), max_length=200, required=False)


class LookupForm(RefusingFormMixin, forms.Form):
    """Am I registered? Exactly this name under this document (rule 5)."""

    name = forms.CharField(
        label=_("姓名"), max_length=50, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    document_type = forms.ChoiceField(
        label=_("证件类型"), choices=PUBLIC_DOCUMENTS, initial=DocumentType.RESIDENT_ID
    )
    document_number = forms.CharField(
        label=_("证件号码"),
        max_length=30,
        help_text=_("只用来核对，不会保存。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "big-input"}),
    )
    answer = forms.CharField(
        label="",
        max_length=10,
        help_text=_("算一下再填，说明不是机器在查。写数字或汉字都可以。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    token = forms.CharField(max_length=600, widget=forms.HiddenInput)

    def ask(self, token: str) -> "LookupForm":
        """Ask a new question: each is answered once, so a refused form brings another."""
        if self.is_bound:
            self.data = {**self.data.dict(), "answer": "", "token": token}
        self.initial["token"] = token
        return self


class DisputeForm(RefusingFormMixin, forms.Form):
    """It was not me who registered: how to be reached."""

    ticket = forms.CharField(max_length=600, widget=forms.HiddenInput)
    phone = _phone_field(_("您的电话"), help_text=_("服务站用这个电话核实和答复您。"))
    text = forms.CharField(
        label=_("想说明的情况"),
        required=False,
        max_length=200,
        help_text=_("例如“我没有参加过志愿服务”。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DisputeReplyForm(RefusingFormMixin, forms.Form):
    """What was found about a registration that somebody disputes."""

    outcome = forms.ChoiceField(
        label=_("核实结果"), choices=DisputeOutcome.choices, widget=forms.RadioSelect
    )
    reply = forms.CharField(
        label=_("答复"), max_length=200, help_text=_("例如怎么核实的、看了哪些材料。")
    )
