"""What is typed or chosen: while a helper is found, and while people sign up."""

from linbang.operations.dispatch.forms.offers import (
    BlockForm,
    BoardForm,
    ChooseForm,
    LeaveForm,
    RefuseForm,
)
from linbang.operations.dispatch.forms.plans import ChoiceForm, OverruleForm, PlanForm
from linbang.operations.dispatch.forms.rosters import (
    KeepForm,
    ProposeForm,
    WeekForm,
    WhoForm,
)
from linbang.operations.dispatch.forms.sign_ups import (
    AcceptingForm,
    LookForm,
    NoteForm,
    PeopleForm,
    ReasonForm,
    SwapForm,
    WithdrawForm,
)
from linbang.operations.dispatch.forms.staff import (
    DecideForm,
    MessageForm,
    OnBehalfForm,
    ReserveForm,
)

__all__ = [
    "AcceptingForm",
    "BlockForm",
    "BoardForm",
    "ChoiceForm",
    "ChooseForm",
    "DecideForm",
    "KeepForm",
    "LeaveForm",
    "LookForm",
    "MessageForm",
    "NoteForm",
    "OnBehalfForm",
    "OverruleForm",
    "PeopleForm",
    "PlanForm",
    "ProposeForm",
    "ReasonForm",
    "RefuseForm",
    "ReserveForm",
    "SwapForm",
    "WeekForm",
    "WhoForm",
    "WithdrawForm",
]
