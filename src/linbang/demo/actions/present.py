"""What goes on today: requests opened, verified and answered through the product's own doors."""

from datetime import datetime, time, timedelta

from linbang.demo.actions.community import Community
from linbang.foundation.access.queries import actor_of
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA, local_date
from linbang.foundation.people.models import Person
from linbang.intake.needs.actions import decline_need, open_need, verify_need, withdraw_need
from linbang.intake.needs.choices import NeedChannel, Urgency
from linbang.intake.needs.models import Need, ServiceItem
from linbang.operations.dispatch.actions import accept_offer, find_helpers
from linbang.operations.dispatch.models import Offer


def open_present_needs(cast: dict[str, Person], community: Community, *, now: datetime) -> None:
    """Open a dozen requests for the coming days and bring some of them further."""
    worker = actor_of(cast["worker"].account_id)
    items = list(ServiceItem.objects.filter(is_offered=True).order_by("position")[:14])
    tomorrow = datetime.combine(local_date(now) + timedelta(days=1), time(9), CHINA)
    askers = [
        person for person in community.listed if person.phone and person.pk != cast["elder"].pk
    ]
    askers = community.rng.sample(askers, 11)
    for nth, person in enumerate(askers):
        item = items[nth % len(items)]
        starts = tomorrow + timedelta(days=nth % 3, hours=(0, 1, 5, 6, 7)[nth % 5])
        if nth in _TODAY:
            starts = now + timedelta(minutes=45 + 30 * nth)
        _open(person, item, starts, nth=nth, worker=worker, now=now)


# The first three are to happen today, and their helpers have accepted.
_TODAY = (0, 1, 2)


def _open(
    person: Person, item: ServiceItem, starts: datetime, *, nth: int, worker: Actor, now: datetime
) -> None:
    need = open_need(
        beneficiary_id=person.pk,
        requested_by_id=person.pk,
        channel=NeedChannel.PHONE,
        item_code=item.code,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=item.usual_minutes),
        urgency=Urgency.URGENT if nth == 3 else Urgency.NORMAL,
        # Waits to be verified: the worker sees whom the resident wishes for.
        helper_languages=["zyb"] if nth == 7 else [],
        key=f"demo:present:{nth}",
        by=worker,
        now=now - timedelta(minutes=200 - nth * 9),
    )
    answered_at = now - timedelta(minutes=max(6, 90 - nth * 9))
    if nth == 9:
        reason = "这项服务请联系物业公司办理"
        decline_need(need_id=need.pk, reason=reason, by=worker, now=answered_at)
    elif nth == 10:
        withdraw_need(need_id=need.pk, reason="邻居已经帮忙了", by=worker, now=answered_at)
    elif nth < 7:
        verify_need(need_id=need.pk, by=worker, now=answered_at)
        find_helpers(need_id=need.pk, by=Actor.system(), now=now - timedelta(minutes=2))
    if nth in _TODAY:
        _accept_all(need, now=now)


def _accept_all(need: Need, *, now: datetime) -> None:
    for offer in Offer.objects.filter(need=need).order_by("id"):
        accept_offer(
            offer_id=offer.pk,
            by=Actor(person_id=offer.volunteer_id, cell=offer.cell),
            now=now - timedelta(minutes=1),
        )
