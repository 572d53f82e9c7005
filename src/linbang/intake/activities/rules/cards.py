"""A plan as its public card will show it, also while it is being typed."""

from dataclasses import dataclass

from linbang.foundation.people.choices import ServiceCategory
from linbang.intake.activities.rules.details import Window
from linbang.intake.activities.rules.gates import Plan, agreement_causes


@dataclass(frozen=True)
class Card:
    """What a passer-by reads of an activity in a list."""

    name: str
    organiser: str
    place: str
    window: Window | None
    more: int
    places: int
    categories: tuple[str, ...]
    is_high_risk: bool
    needs_agreement: bool


def card_of(plan: Plan) -> Card:
    """Return the card of a plan: its first window, how many more there are, and its places."""
    windows = sorted(set(plan.windows))
    told = plan.details
    return Card(
        name=told.name.strip(),
        organiser=plan.organiser.name,
        place=told.place_name.strip(),
        window=windows[0] if windows else None,
        more=max(len(windows) - 1, 0),
        places=_places(plan, windows[0]) if windows else sum(p.places for p in plan.posts),
        categories=tuple(
            str(ServiceCategory(code).label)
            for code in told.categories
            if code in ServiceCategory.values
        ),
        is_high_risk=bool(told.hazards),
        needs_agreement=bool(agreement_causes(told, plan.windows)),
    )


def _places(plan: Plan, window: Window) -> int:
    return sum(plan.posts[post - 1].places for post, when in plan.shifts if when == window)
