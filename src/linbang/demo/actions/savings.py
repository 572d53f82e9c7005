"""Love savings in motion: given to the pool, granted, promised, paid, given to kin, disputed."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from linbang.demo.actions.cast import acting
from linbang.demo.actions.community import CELL, Community
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA, local_date
from linbang.foundation.ledger.choices import AccountKind, Unit
from linbang.foundation.ledger.models import Account
from linbang.foundation.people.actions import declare_kinship
from linbang.foundation.people.choices import Relation
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region
from linbang.foundation.workdays import CalendarYearMissing
from linbang.intake.needs.actions import open_need, verify_need
from linbang.intake.needs.choices import NeedChannel, NeedState
from linbang.intake.needs.models import Need
from linbang.operations.dispatch.actions import accept_offer, find_helpers
from linbang.operations.dispatch.models import Offer
from linbang.operations.service.actions import check_in, check_out
from linbang.operations.service.choices import PresenceMethod
from linbang.operations.service.models import Visit
from linbang.operations.service_records.actions import confirm_record
from linbang.operations.service_records.choices import Verdict
from linbang.operations.service_records.models import ServiceRecord
from linbang.outcomes.time_bank import actions, queries, rules
from linbang.outcomes.time_bank.models import Donation, Grant

_HOUR = 60
_DONORS = 32
_GIVERS_AGES = (25, 45)
_FATHERS_AGE = 80


def write_savings(community: Community, cast: dict[str, Person], *, now: datetime) -> None:
    """Let saved hours move: what nobody sees used is not believed to be worth anything."""
    worker = acting(cast["worker"])
    savers = _savers(community)
    given = [_donate(person, minutes, now=now) for person, minutes in savers[:_DONORS]]
    actions.grant_month(cell=CELL, month=rules.month_of(local_date(now)), now=now)
    _pay_with_grants(cast["elder"], worker, now=now)
    _pay_in_full(cast["volunteer"], worker, now=now)
    _give_to_kin(community, cast["volunteer"], savers[_DONORS:], worker, now=now)
    _dispute(given[0].person, now=now)
    actions.prove_books(now=now)


def _key(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"demo:{name}")


def _savers(community: Community) -> list[tuple[Person, int]]:
    """Return who has saved most, with what each can spare; nobody of the cast."""
    people = {
        rules.owner_of(one.person_id): one.person
        for one in community.volunteers
        if one.person_id not in community.cast_ids
    }
    books = Account.objects.filter(
        cell=CELL, unit=Unit.MINUTES, kind=AccountKind.PERSONAL, owner__in=people,
        balance__gte=2 * _HOUR,
    ).order_by("-balance", "id")  # fmt: skip
    return [(people[one.owner], one.balance // 2 // _HOUR * _HOUR) for one in books]


def _donate(person: Person, minutes: int, *, now: datetime) -> Donation:
    return actions.donate(
        person_id=person.pk, minutes=minutes, key=_key(f"donation:{person.pk}"),
        by=acting(person), now=now - timedelta(hours=9),
    )  # fmt: skip


def _pay_with_grants(elder: Person, worker: Actor, *, now: datetime) -> None:
    """Let the elder pay tomorrow's company with her grant, and the station choose for another."""
    need = _ask_for_tomorrow(elder, "company", acting(elder), NeedChannel.SELF, now=now)
    _choose(need, acting(elder), now=now - timedelta(minutes=108))
    verify_need(need_id=need.pk, by=worker, now=now - timedelta(minutes=70))
    find_helpers(need_id=need.pk, by=Actor.system(), now=now - timedelta(minutes=4))
    granted = Grant.objects.filter(cell=CELL).exclude(person=elder).select_related("person")
    other = next((one.person for one in granted.order_by("id") if one.person.phone), None)
    if other is not None:
        need = _ask_for_tomorrow(other, "shopping", worker, NeedChannel.PHONE, now=now)
        reason = "老人来电，请服务站代为选择"
        _choose(need, worker, now=now - timedelta(minutes=100), reason=reason)


def _ask_for_tomorrow(
    person: Person, item: str, by: Actor, channel: NeedChannel, *, now: datetime
) -> Need:
    starts_at = datetime.combine(local_date(now) + timedelta(days=1), time(15), CHINA)
    return open_need(
        beneficiary_id=person.pk, requested_by_id=person.pk, channel=channel, item_code=item,
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), key=f"demo:paid:{person.pk}",
        by=by, now=now - timedelta(minutes=110),
    )  # fmt: skip


def _choose(need: Need, by: Actor, *, now: datetime, reason: str = "") -> None:
    # Of a service of the next month this month's grant pays nothing.
    page = queries.payment_page(need, payer=need.beneficiary, now=now)
    if page.is_open and page.grant_free and not page.why_not:
        actions.choose_payment(
            need_id=need.pk, payer_id=need.beneficiary_id, by=by, reason=reason, now=now
        )


def _pay_in_full(volunteer: Person, worker: Actor, *, now: datetime) -> None:
    """Let the volunteer be helped himself yesterday, and pay with what he saved."""
    starts_at = datetime.combine(local_date(now) - timedelta(days=1), time(15), CHINA)
    need = open_need(
        beneficiary_id=volunteer.pk, requested_by_id=volunteer.pk, channel=NeedChannel.SELF,
        item_code="repair", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1),
        key="demo:paid:volunteer", by=acting(volunteer), now=starts_at - timedelta(days=1),
    )  # fmt: skip
    actions.choose_payment(
        need_id=need.pk, payer_id=volunteer.pk, by=acting(volunteer),
        now=starts_at - timedelta(hours=23),
    )  # fmt: skip
    verify_need(need_id=need.pk, by=worker, now=starts_at - timedelta(hours=22))
    find_helpers(need_id=need.pk, by=Actor.system(), now=starts_at - timedelta(hours=21))
    offers = Offer.objects.filter(need=need).order_by("id")
    helpers = [Actor(person_id=offer.volunteer_id, cell=offer.cell) for offer in offers]
    for offer, helper in zip(offers, helpers, strict=True):
        accepted_at = starts_at - timedelta(hours=21) + timedelta(minutes=7)
        accept_offer(offer_id=offer.pk, by=helper, now=accepted_at)
    need.refresh_from_db()
    if need.state != NeedState.ASSIGNED:
        return  # nobody was free: the round gives back what was promised
    for helper in helpers:
        _serve(need, helper, starts_at=starts_at)
    for record in ServiceRecord.objects.filter(visit__assignment__need=need):
        confirm_record(
            record_id=record.pk, verdict=Verdict.CONFIRMED, by=acting(volunteer),
            now=max(record.drafted_at + timedelta(minutes=20), now - timedelta(hours=8)),
        )  # fmt: skip


def _serve(need: Need, helper: Actor, *, starts_at: datetime) -> None:
    home = Region.objects.get(code=need.region_id)
    visit = Visit.objects.get(assignment__need=need, volunteer_id=helper.person_id)
    for act, at in (
        (check_in, starts_at - timedelta(minutes=3)),
        (check_out, starts_at + timedelta(minutes=61)),
    ):
        act(
            visit_id=visit.pk, method=PresenceMethod.LOCATION,
            latitude=home.latitude, longitude=home.longitude, by=helper, now=at,
        )  # fmt: skip


def _give_to_kin(
    community: Community,
    volunteer: Person,
    savers: Iterable[tuple[Person, int]],
    worker: Actor,
    *,
    now: datetime,
) -> None:
    """Let the volunteer give to his father, be given by his child, and name that child his heir."""

    def strangeness(person: Person) -> tuple[bool, int]:
        return person.name[0] != volunteer.name[0], person.pk

    fathers = [one for one in community.people if community.age(one) >= _FATHERS_AGE]
    father = min((one for one in fathers if _is_apart(community, one)), key=strangeness)
    young, old = _GIVERS_AGES
    children = [one for one, _ in savers if young <= community.age(one) <= old]
    child = min(children, key=strangeness)
    for person, relative in ((father, volunteer), (volunteer, child)):
        declare_kinship(
            person_id=person.pk, relative_id=relative.pk, relation=Relation.CHILD, by=worker,
            now=now - timedelta(days=60),
        )  # fmt: skip
    actions.nominate(
        person_id=volunteer.pk, heir_id=child.pk, by=acting(volunteer), now=now - timedelta(days=40)
    )
    for giver, receiver, minutes, note, hours in (
        (volunteer, father, 2 * _HOUR, "爸，需要人陪就用这个。", 6),
        (child, volunteer, _HOUR, "爸，天冷了，换灯泡请人来，别自己爬高。", 3),
    ):
        gift = actions.offer_gift(
            giver_id=giver.pk, receiver_id=receiver.pk, minutes=minutes, note=note,
            key=_key(f"gift:{giver.pk}"), by=acting(giver), now=now - timedelta(hours=hours),
        )  # fmt: skip
        if receiver == father:
            actions.answer_gift(
                gift_id=gift.pk, accept=True, by=acting(father), now=now - timedelta(hours=5)
            )
    actions.donate(
        person_id=volunteer.pk, minutes=_HOUR, key=_key("donation:volunteer"),
        by=acting(volunteer), now=now - timedelta(hours=4),
    )  # fmt: skip


def _is_apart(community: Community, person: Person) -> bool:
    return person.pk not in community.cast_ids and person.sex == "m"


def _dispute(person: Person, *, now: datetime) -> None:
    """Let somebody who gave to the pool by mistake say so, for the station to decide."""
    donation = actions.donate(
        person_id=person.pk, minutes=_HOUR, key=_key("donation:mistaken"), by=acting(person),
        now=now - timedelta(hours=3),
    )  # fmt: skip
    # Late in December the next year's calendar may be missing: then nothing is disputed.
    with suppress(CalendarYearMissing):
        actions.open_dispute(
            transfer_id=donation.transfer_id, cell=donation.cell, person_id=person.pk,
            text="我昨天已经捐过了，今天手机没反应，又点了一次。这一次请退给我。",
            by=acting(person), now=now - timedelta(hours=2),
        )  # fmt: skip
