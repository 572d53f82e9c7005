"""Forms of those who look for shifts, sign up, and cannot come after all."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.access.rules import Actor
from linbang.foundation.people.choices import ServiceCategory
from linbang.foundation.places.rules import is_region_code
from linbang.foundation.shell.forms import ChoiceCheckCards, RefusingFormMixin
from linbang.operations.clearance.choices import AcceptanceKind
from linbang.operations.dispatch.choices import SortBy, View, When
from linbang.operations.dispatch.queries import Look

_REASON_LENGTH_MAX = 200


class LookForm(forms.Form):
    """What somebody looks for among the open shifts. Whatever is not understood is left out."""

    view = forms.ChoiceField(choices=View.choices, required=False, widget=forms.HiddenInput)
    within = forms.TypedChoiceField(
        label=_("范围"),
        choices=[(6, _("本区县")), (9, _("本街道")), (12, _("本社区")), (0, _("所有地方"))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    when = forms.ChoiceField(label=_("日期"), choices=When.choices, required=False)
    category = forms.ChoiceField(
        label=_("类别"), choices=[("", _("全部类别")), *ServiceCategory.choices], required=False
    )
    sort = forms.ChoiceField(label=_("排序"), choices=SortBy.choices, required=False)
    possible = forms.BooleanField(label=_("只看我能报的"), required=False)
    skilled = forms.BooleanField(label=_("用得上我的特长"), required=False)
    near = forms.BooleanField(label=_("离我 3 公里内"), required=False)
    region = forms.CharField(required=False, widget=forms.HiddenInput)
    month = forms.DateField(required=False, input_formats=["%Y-%m"], widget=forms.HiddenInput)
    day = forms.DateField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.today = actor, today
        if not actor.is_signed_in:
            # What hangs on a person has no sense for a stranger.
            for name in ("within", "possible", "skilled", "near"):
                del self.fields[name]
            self.fields["sort"].choices = [(SortBy.TIME, SortBy.TIME.label)]
        self.is_valid()

    def clean_region(self) -> str:
        """Keep a code of ours alone: the address is anybody's to write."""
        code = str(self.cleaned_data["region"])
        return code if code == "" or is_region_code(code) else ""

    @property
    def view_chosen(self) -> View:
        """The view asked for, or the list."""
        return View(self._given("view") or View.LIST)

    @property
    def month_chosen(self) -> date:
        """The month of the calendar."""
        return self._given("month") or self._given("day") or self.today

    @property
    def look(self) -> Look:
        """What to look for, with the usual where nothing was said."""
        is_calendar = self.view_chosen == View.CALENDAR
        return Look(
            region=self._given("region") or "",
            digits=self._digits(),
            when=When.ANY if is_calendar else When(self._given("when") or ""),
            category=self._given("category") or "",
            near=bool(self._given("near")),
            skilled=bool(self._given("skilled")),
            possible=bool(self._given("possible")),
            sort=SortBy(self._given("sort") or self._usual_order()),
            month=self.month_chosen if is_calendar else None,
        )

    @property
    def narrowed(self) -> int:
        """How many filters are set, for the label of the fold they are in."""
        given = ("category", "possible", "skilled", "near", "when")
        return sum(bool(self._given(name)) for name in given)

    def _usual_order(self) -> SortBy:
        return SortBy.FIT if self.actor.is_signed_in else SortBy.TIME

    def _digits(self) -> int:
        if not self.actor.is_signed_in or self._given("region"):
            return 0
        within = self._given("within")
        return 6 if within is None else int(within)

    def _given(self, name: str) -> Any:
        return self.cleaned_data.get(name)


class Shown:
    """A document on the page, with the name of the box one ticks below it."""

    def __init__(self, document: Any) -> None:
        self.kind, self.title = document.kind, document.title
        self.items, self.digest = document.items, document.digest
        self.tick = f"accepts_{document.kind}"


class AcceptingForm(RefusingFormMixin, forms.Form):
    """The last step of signing up: what was read and accepted, and whether one would wait."""

    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    waits = forms.BooleanField(label=_("名额满了也愿意候补"), required=False)

    def __init__(
        self, *args: Any, documents: Iterable[Any] = (), can_wait: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.documents = [Shown(document) for document in documents]
        if not can_wait:
            del self.fields["waits"]
        for document in self.documents:
            self.fields[document.tick] = forms.BooleanField(
                label=_("我已看完并接受《%(title)s》") % {"title": document.title},
                error_messages={"required": _("请先看完，再打勾。")},
            )
            self.fields[f"digest_{document.kind}"] = forms.CharField(
                max_length=64, initial=document.digest, widget=forms.HiddenInput
            )

    def accepted(self) -> dict[AcceptanceKind, str]:
        """Return what was accepted, with the digest of the text that was shown."""
        return {
            AcceptanceKind(document.kind): self.cleaned_data[f"digest_{document.kind}"]
            for document in self.documents
        }


class WithdrawForm(RefusingFormMixin, forms.Form):
    """Why somebody cannot come, if she likes to say."""

    reason = forms.CharField(
        label=_("想说一句原因吗"),
        help_text=_("不说也没有关系。负责人会知道您不来了。"),
        required=False,
        max_length=_REASON_LENGTH_MAX,
    )


class ReasonForm(RefusingFormMixin, forms.Form):
    """Why somebody is not taken, or taken off."""

    reason = forms.CharField(label=_("原因"), max_length=_REASON_LENGTH_MAX)


class NoteForm(RefusingFormMixin, forms.Form):
    """What a seeker of a stand-in would like to say."""

    note = forms.CharField(label=_("想对大家说的话"), required=False, max_length=_REASON_LENGTH_MAX)


class SwapForm(RefusingFormMixin, forms.Form):
    """With whose place one would like to swap."""

    other = forms.ChoiceField(label=_("换哪一个班"))
    note = forms.CharField(label=_("想对对方说的话"), required=False, max_length=_REASON_LENGTH_MAX)

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = list(choices)


class PeopleForm(RefusingFormMixin, forms.Form):
    """Members who go together."""

    people = forms.MultipleChoiceField(
        label=_("谁去"),
        widget=ChoiceCheckCards,
        error_messages={"required": _("请至少选一位。")},
    )
    waits = forms.BooleanField(label=_("名额满了就候补"), required=False)

    def __init__(
        self, *args: Any, people: Sequence[tuple[str, str]], can_wait: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = list(people)
        if not can_wait:
            del self.fields["waits"]
