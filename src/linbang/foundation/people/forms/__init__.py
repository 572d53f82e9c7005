"""What is typed or chosen about people."""

from linbang.foundation.people.forms.people import (
    AdoptForm,
    AgreeForm,
    ChildForm,
    ClaimForm,
    DecisionForm,
    DetailsForm,
    DisputeForm,
    DisputeReplyForm,
    FilterForm,
    HomeForm,
    HouseholdForm,
    KinForm,
    LookupForm,
    NewPersonForm,
    ReasonForm,
    UnmaskForm,
    WhoForm,
)
from linbang.foundation.people.forms.volunteering import PauseForm, VolunteerForm

__all__ = [
    "AdoptForm",
    "AgreeForm",
    "ChildForm",
    "ClaimForm",
    "DecisionForm",
    "DetailsForm",
    "DisputeForm",
    "DisputeReplyForm",
    "FilterForm",
    "HomeForm",
    "HouseholdForm",
    "KinForm",
    "LookupForm",
    "NewPersonForm",
    "PauseForm",
    "ReasonForm",
    "UnmaskForm",
    "VolunteerForm",
    "WhoForm",
]
