"""The shape of what is told about stars, ratings and honours."""

from linbang.outcomes.recognition.forms.honours import (
    HonourDecisionForm,
    HonourFilterForm,
    HonourForForm,
    HonourForm,
    StrikeForm,
)
from linbang.outcomes.recognition.forms.ratings import ManyRatingsForm, RatingForm
from linbang.outcomes.recognition.forms.stars import (
    RefusalForm,
    SchemeForm,
    StarAnswerForm,
    StarForm,
    StarObjectionForm,
)

__all__ = [
    "HonourDecisionForm",
    "HonourFilterForm",
    "HonourForForm",
    "HonourForm",
    "ManyRatingsForm",
    "RatingForm",
    "RefusalForm",
    "SchemeForm",
    "StarAnswerForm",
    "StarForm",
    "StarObjectionForm",
    "StrikeForm",
]
