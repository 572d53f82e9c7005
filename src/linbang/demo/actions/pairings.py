"""Neighbours who stand by each other for months, and a proposal that waits to be put to them."""

from datetime import datetime, time, timedelta

from linbang.demo.actions.community import Community
from linbang.demo.rules import figures
from linbang.foundation.access.queries import actor_of
from linbang.foundation.clock import CHINA, local_date
from linbang.foundation.people.models import Person
from linbang.operations.dispatch.actions import agree_pair, propose_pairs
from linbang.operations.dispatch.choices import Rhythm
from linbang.operations.dispatch.models import ProposedPair

# The elder of the cast and the volunteer of the cast live in one building.
_PAIRED, _ASKED = 5, 8


def write_pairings(community: Community, cast: dict[str, Person], *, now: datetime) -> None:
    """Pair the elder and a few others by a proposal of two months ago, and make one of today."""
    worker = actor_of(cast["worker"].account_id)
    others = [one for one in community.listed if one.pk != cast["elder"].pk and one.phone]
    then = datetime.combine(local_date(now) - timedelta(days=60), time(10, 20), CHINA)
    earlier = propose_pairs(
        region=figures.COMMUNITY, people=_with_homes([cast["elder"], *others[:_PAIRED]]),
        by=worker, now=then,
    )  # fmt: skip
    pairs = ProposedPair.objects.filter(proposal=earlier, volunteer__isnull=False).order_by("id")
    for nth, pair in enumerate(pairs):
        if pair.beneficiary_id == cast["elder"].pk:
            pair.volunteer = cast["volunteer"]
            pair.save(update_fields=["volunteer_id"])
        agree_pair(
            pair_id=pair.pk, rhythm=list(Rhythm)[nth % 3], note="陪着说说话，看看药还够不够。",
            both_agree=True, by=worker, now=then + timedelta(days=1 + nth),
        )  # fmt: skip
    propose_pairs(
        region=figures.COMMUNITY,
        people=_with_homes(others[_PAIRED : _PAIRED + _ASKED]),
        by=worker, now=now - timedelta(hours=3),
    )  # fmt: skip


def _with_homes(people: list[Person]) -> list[Person]:
    ids = [one.pk for one in people]
    return list(Person.objects.select_related("region").filter(pk__in=ids).order_by("id"))
