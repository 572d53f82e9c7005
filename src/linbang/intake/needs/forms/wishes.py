"""What may be wished of a helper, as part of a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linbang.foundation.people.choices import Language, Sex
from linbang.foundation.people.rules import languages_heard_in, languages_in_order
from linbang.foundation.shell.forms import ChoiceCards, FoldedCheckCards

_SEXES = [("", _("都可以")), (Sex.FEMALE, _("女性")), (Sex.MALE, _("男性"))]


class WishesForm(forms.Form):
    """Who is wished to come; all optional. Languages heard in the region come first."""

    helper_sex = forms.ChoiceField(
        label=_("希望谁上门"), choices=_SEXES, required=False, widget=ChoiceCards()
    )
    helper_languages = forms.MultipleChoiceField(
        label=_("要会说哪种话"),
        choices=Language.choices,
        required=False,
        help_text=_("说普通话没问题的，不用选。选了几种，会一种就行。"),
        widget=FoldedCheckCards(rest_label=_("更多方言、语言")),
    )

    def __init__(self, *args: Any, region_code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["helper_languages"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (one.value, one.label) for one in languages_in_order(region_code)
        ]
        self.fields["helper_languages"].widget.first = len(languages_heard_in(region_code))

    @property
    def has_wishes(self) -> bool:
        """Tell whether something is wished, or wrong: then the wishes are shown unfolded."""
        names = ("helper_sex", "helper_languages")
        return any(self[name].value() or self[name].errors for name in names)

    def wishes(self) -> dict[str, Any]:
        """Return what is wished, as arguments of the actions."""
        return {name: self.cleaned_data[name] for name in ("helper_sex", "helper_languages")}
