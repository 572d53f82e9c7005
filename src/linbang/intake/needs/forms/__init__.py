"""What residents and workers fill in to ask for help, and to answer."""

from linbang.intake.needs.forms.console import DeclineForm, FilterForm, VerifyForm
from linbang.intake.needs.forms.intake import IntakeForm
from linbang.intake.needs.forms.requests import Chosen, DraftForm, RequestForm, WithdrawForm

__all__ = [
    "Chosen",
    "DeclineForm",
    "DraftForm",
    "FilterForm",
    "IntakeForm",
    "RequestForm",
    "VerifyForm",
    "WithdrawForm",
]
