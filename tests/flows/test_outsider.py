"""Nobody, somebody from elsewhere and a worker next door try every address there is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from linbang.foundation.access.choices import Role, SignInMethod
from linbang.foundation.access.factories import client_of
from linbang.foundation.access.models import Device, RoleGrant
from linbang.foundation.access.queries import actor_of
from linbang.foundation.ledger import actions as ledger
from linbang.foundation.messaging.models import Notice
from linbang.foundation.organisations.choices import OrganisationKind
from linbang.foundation.organisations.factories import make_membership, make_team, make_unit
from linbang.foundation.organisations.models import Liaison, Organisation
from linbang.foundation.people.factories import make_worker
from linbang.foundation.people.models import IdentityClaim, Kinship, RegistrationDispute
from linbang.foundation.places.factories import BUILDING, COMMUNITY, NEIGHBOUR_COMMUNITY
from linbang.intake.activities import actions as planning
from linbang.intake.activities.factories import make_activity, make_policy, make_shift
from linbang.intake.activities.models import Activity, Desk, Shift
from linbang.intake.activities.rules import PointDetails, ProgrammeDetails
from linbang.intake.care.factories import make_listing
from linbang.intake.needs.models import Need
from linbang.operations.clearance import factories as clearance
from linbang.operations.clearance.models import (
    Appeal,
    Credential,
    Enrolment,
    GuardianConsent,
    InsuredPerson,
    Suspension,
)
from linbang.operations.dispatch.choices import PlanState
from linbang.operations.dispatch.factories import make_open_shift, make_sign_up
from linbang.operations.dispatch.models import Assignment, Offer, PlannedVisit, PlanRun, SignUp
from linbang.operations.service.choices import AbsenceKind, IncidentKind
from linbang.operations.service.models import Absence, DeskTally, Incident, IncidentPhoto, Visit
from linbang.operations.service.queries import code_now
from linbang.operations.service_records.choices import FlagKind
from linbang.operations.service_records.models import (
    BackEntry,
    BackEntryProof,
    RecordFlag,
    RecordVoid,
    ServiceRecord,
    SpotCheck,
    SpotRound,
)
from linbang.outcomes.certificates.factories import make_certificate, make_served
from linbang.outcomes.recognition import factories as recognition
from linbang.outcomes.recognition.models import Honour, StarApplication, StarObjection
from linbang.outcomes.time_bank import actions as time_bank
from linbang.outcomes.time_bank.factories import give_time
from linbang.outcomes.time_bank.models import Gift
from linbang.outcomes.time_bank.queries import account_of
from linbang.reporting.briefs.factories import make_brief
from tests.flows.stage import Cast, Clock, run_waiting_jobs

pytestmark = pytest.mark.django_db

NOTE, ADDRESS = "钥匙在门口花盆下", "9单元909室"
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
# What these stand for belongs to nobody, or to whoever asks.
NOBODYS = {
    "kind": "privacy",
    "tab": "verified",
    "digest": "none",
    "part": "elder",
    "rest": "none",
    "code": BUILDING,
    "region": BUILDING,
    "region_code": BUILDING,
    "campaign_id": "00000000-0000-4000-8000-000000000000",
    "project_id": "00000000-0000-4000-8000-000000000000",
    "star_tab": "waiting",
    "station_id": "00000000-0000-4000-8000-000000000000",
    "secret": "none",
    **dict.fromkeys(
        (
            "stand_in_id",
            "reservation_id",
            "proposal_id",
            "pair_id",
        ),
        "00000000-0000-4000-8000-000000000000",
    ),
    "day": "2026-05-12",
}
# Teams, places, activities, trainings, stars on notice and the number of a paper may be looked at
# by anybody; what is told of their people may not.
PUBLIC = {
    "team_id", "session_id", "activity_id", "shift_id", "star_notice_id", "certificate_number",
}  # fmt: skip
# A registered person has no record to adopt and is led to their own profile.
HOME_AGAIN = ("/sign-in/", "/me/")
REFUSALS = {400, 401, 403, 404, 405, 422}


@dataclass(frozen=True)
class Answer:
    """What an address answered, and whether it is about somebody."""

    route: str
    is_about_somebody: bool
    response: HttpResponse

    @property
    def text(self) -> str:
        """All that was said, whatever the format."""
        return b"".join(self.response).decode(errors="replace")


def every_route(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[str]:
    """Yield every route of the product as it is written."""
    for one in (resolver or get_resolver()).url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route
        else:
            yield from every_route(one, route)


def ask(cast: Cast, clock_set: Clock) -> None:
    """Ask as the elder, from the page."""
    start = f"{clock_set.now + timedelta(days=1):%Y-%m-%dT%H:%M}"
    body = {"person": str(cast.elder.public_id), "item": "clinic", "start": start}
    post(cast.elder, "needs:new", **body, key="outsider", note=NOTE)


def post(who: Any, name: str, *arguments: Any, query: str = "", **body: Any) -> HttpResponse:
    """Do something on the pages that leads on to another page."""
    answer = client_of(who).post(reverse(name, args=arguments) + query, body)
    assert answer.status_code == 302, (name, answer.status_code)
    return answer


@pytest.fixture
def lived(cast: Cast, clock_set: Clock, settings: Any) -> dict[str, Any]:
    """Live a need through; return what every argument of a route stands for."""
    settings.LINBANG_DEMO = False  # a demo names its cast and shows its messages to all
    cast.elder.address = ADDRESS
    cast.elder.save(update_fields=["address"])
    ask(cast, clock_set)
    need = Need.objects.get()
    post(cast.worker, "needs:verification", need.public_id, helpers=2)
    run_waiting_jobs()
    for volunteer in (cast.volunteer, cast.second):
        offer = Offer.objects.get(volunteer_id=volunteer.pk)
        post(volunteer, "dispatch:acceptance", offer.public_id)
    visit = Visit.objects.get(assignment__volunteer_id=cast.volunteer.pk)
    for step, at in (("check_in", visit.starts_at), ("check_out", visit.ends_at)):
        clock_set.now = at
        code = code_now(visit, at).digits
        post(cast.volunteer, f"service:{step}", visit.public_id, method="code", code=code)
    run_waiting_jobs()
    record = ServiceRecord.objects.get()
    officer = make_worker("韦玉兰", role=Role.COMMUNITY_OFFICER)
    team = make_team("红帽子分队")
    post(cast.elder, "service_records:confirmation", record.public_id, verdict="confirmed")
    return {
        "need_id": need.public_id,
        "offer_id": offer.public_id,
        "assignment_id": Assignment.objects.get(visit=visit).public_id,
        "visit_id": visit.public_id,
        "record_id": record.public_id,
        "person_id": cast.elder.public_id,
        "membership_id": make_membership(team, cast.volunteer, now=clock_set.now).pk,
        "liaison_id": liaison_of(cast, team, clock_set).pk,
        "kinship_id": Kinship.objects.get().pk,
        "listing_id": make_listing(cast.elder).pk,
        "notice_id": Notice.objects.filter(person_id=cast.elder.pk).first().public_id,
        "grant_id": RoleGrant.objects.get(account_id=cast.worker.account_id).pk,
        "claim_id": claim_of(cast, clock_set).public_id,
        "device_id": device_of(cast, clock_set).public_id,
        "team_id": team.public_id,
        "organisation_id": team.public_id,
        "brief_id": make_brief(officer, now=clock_set.now, period="2026-05").public_id,
        "dispute_id": dispute_of(cast, clock_set).public_id,
        "entry_id": entry_of(cast, team, clock_set).public_id,
        **doubted(record, clock_set),
        **planned(cast, clock_set),
        **plan_of(need, cast, clock_set),
        **clearance_of(cast, clock_set),
        **shifts_of(cast, clock_set),
        **savings_of(cast, clock_set),
        **recognition_of(cast, clock_set),
        **certified(cast, clock_set),
    }


def plan_of(need: Need, cast: Cast, clock_set: Clock) -> dict[str, Any]:
    """Let a plan of visits await the worker, one visit of it put by hand."""
    now = clock_set.now
    run = PlanRun.objects.create(
        cell=need.cell, region_id=COMMUNITY, starts_on=now.date(), ends_on=now.date(),
        asked_at=now, made_at=now, objective=0, state=PlanState.READY,
    )  # fmt: skip
    visit = PlannedVisit.objects.create(
        cell=need.cell, run=run, need=need, volunteer=cast.volunteer, place=1, rank=1, cost=0,
        tier=0, overruled_for=NOTE,
    )  # fmt: skip
    return {"plan_id": run.public_id, "planned_visit_id": visit.public_id}


def recognition_of(cast: Cast, clock_set: Clock) -> dict[str, Any]:
    """Put a star of the volunteer on notice, where somebody objects, and enter an honour."""
    now = clock_set.now
    application = recognition.make_application(
        cast.volunteer, now=now, approved_at=now, approved_by_id=1, notice_until=now.date()
    )
    objection = StarObjection.objects.create(
        cell=application.cell, application=application, by_id=1, text=NOTE, made_at=now
    )
    return {
        "application_id": application.public_id,
        "star_notice_id": application.public_id,
        "objection_id": objection.public_id,
        "honour_id": recognition.make_honour(cast.volunteer, now=now).public_id,
    }


def certified(cast: Cast, clock_set: Clock) -> dict[str, Any]:
    """Certify what the volunteer served, and let there be a school."""
    now = clock_set.now
    make_served(cast.volunteer, starts_at=now - timedelta(days=9))
    today = now.date()
    made = make_certificate(cast.volunteer, first=today - timedelta(days=20), last=today, now=now)
    return {
        "certificate_id": made.public_id,
        "certificate_number": made.number,
        "school_id": make_unit("新竹小学", kind=OrganisationKind.SCHOOL).public_id,
    }


def savings_of(cast: Cast, clock_set: Clock) -> dict[str, Any]:
    """Let the elder offer the volunteer time, and dispute what she gave the pool."""
    elder, now = give_time(cast.elder, 600, now=clock_set.now), clock_set.now
    by = actor_of(elder.account_id)
    donation = time_bank.donate(
        person_id=elder.pk, minutes=60, key=uuid4(), note=NOTE, by=by, now=now
    )
    dispute = time_bank.open_dispute(
        transfer_id=donation.transfer_id, cell=elder.cell, person_id=elder.pk, text=NOTE, by=by,
        now=now,
    )  # fmt: skip
    book = account_of(elder.pk, cell=elder.cell)
    hold = ledger.HoldOrder(
        cell=elder.cell, key="outsider", account_id=book.pk, amount=60, purpose="gift"
    )
    gift = Gift.objects.create(
        cell=elder.cell, giver=elder, receiver=cast.volunteer, minutes=60, note=NOTE,
        hold_id=ledger.place_hold(order=hold, now=now), by_id=elder.pk, offered_at=now,
        expires_at=now + timedelta(days=7),
    )  # fmt: skip
    return {"gift_id": gift.public_id, "dispute_id": dispute.public_id, "version": 1}


def clearance_of(cast: Cast, clock_set: Clock) -> dict[str, Any]:
    """Let the elder learn, be qualified, insured and paused, and answer for a grandchild."""
    elder, now = cast.elder, clock_set.now
    later, until = now + timedelta(days=3), (now + timedelta(days=40)).date()
    child, _ = clearance.make_child(guardian=elder)
    activity = make_activity(now=now)
    shift = make_shift(activity, starts_at=later)
    policy = make_policy(activity.organiser, scope="named", ends_at=later + timedelta(days=9))
    session = clearance.make_session(starts_at=later)
    pause = clearance.make_suspension(elder, starts_at=now)
    clearance.make_insured(policy, elder)
    clearance.make_frozen_list(shift, policy, elder)
    return {
        "activity_id": activity.public_id,
        "shift_id": shift.public_id,
        "insured_shift_id": shift.public_id,
        "policy_id": policy.public_id,
        "training_id": session.training.public_id,
        "session_id": session.public_id,
        "sheet_id": session.public_id,
        "enrolment_id": clearance.make_enrolment(session, elder).public_id,
        "credential_id": clearance.make_credential(elder, valid_until=until).public_id,
        "acceptance_id": clearance.make_acceptance(activity, elder).pk,
        "request_id": clearance.make_consent_request(activity, child).public_id,
        "consent_id": clearance.make_guardian_consent(activity, child, elder).public_id,
        "suspension_id": pause.public_id,
        "appeal_id": clearance.make_appeal(pause).public_id,
    }


def shifts_of(cast: Cast, clock_set: Clock) -> dict[str, Any]:
    """Let the volunteer miss a shift at a consult desk where something went wrong."""
    now = clock_set.now
    start, before = now - timedelta(days=2), now - timedelta(days=5)
    shift = make_open_shift(activity=make_activity("便民服务", now=before), starts_at=start)
    activity, by = shift.activity, 1
    sign_up = make_sign_up(shift, cast.volunteer, now=before)
    absence = Absence.objects.create(
        cell=sign_up.cell, sign_up=sign_up, person=cast.volunteer, kind=AbsenceKind.NO_SHOW,
        shift_started_at=start, recorded_at=now, counted_at=now,
    )  # fmt: skip
    incident = Incident.objects.create(
        cell=activity.cell, key="outsider", activity=activity, region_id=activity.region_id,
        kind=IncidentKind.INJURY, who=cast.volunteer.name, what=NOTE, first_aid="冰敷",
        place="东门", happened_at=start, reported_at=now, reported_by_id=by,
        due_at=now + timedelta(days=2),
    )  # fmt: skip
    photo = IncidentPhoto.objects.create(
        cell=incident.cell, incident=incident, position=1, media_type="image/png",
        image="iVBORw0KGgo=", added_at=now, added_by_id=by,
    )  # fmt: skip
    desk = Desk.objects.create(
        cell=activity.cell, activity=activity, number=1, department="卫生台", topics=["量血压"]
    )
    return {
        "sign_up_id": sign_up.public_id,
        "absence_id": absence.public_id,
        "incident_id": incident.public_id,
        "photo_id": photo.public_id,
        "desk_id": desk.public_id,
        "number": cast.volunteer.volunteer.number,
    }


def planned(cast: Cast, clock_set: Clock) -> dict[str, Any]:
    """Let the worker plan something of every kind."""
    how = {"by": cast.worker, "now": clock_set.now}
    day = clock_set.now.date()
    activity = make_activity(now=clock_set.now)
    unit = activity.organiser
    shift = make_shift(activity, starts_at=clock_set.now + timedelta(days=3))
    point = planning.open_point(details=PointDetails("crossing", COMMUNITY, "路口"), **how)
    pairing = planning.pair_point(point_id=point.pk, organisation_id=unit.pk, since_date=day, **how)
    brand = planning.add_brand(details=ProgrammeDetails(unit.pk, COMMUNITY, "邻里"), **how)
    period = planning.add_key_period(
        region_code=COMMUNITY, name="国庆", starts_on=day, ends_on=day, **how
    )
    return {
        "activity_id": activity.public_id,
        "shift_id": shift.public_id,
        "point_id": point.public_id,
        "pairing_id": pairing.pk,
        "brand_id": brand.public_id,
        "programme_id": brand.public_id,
        "period_id": period.public_id,
        "policy_id": make_policy(unit).public_id,
    }


def claim_of(cast: Cast, clock_set: Clock) -> IdentityClaim:
    """Let somebody claim the elder's record."""
    return IdentityClaim.objects.create(
        cell=cast.elder.cell, person=cast.elder, phone="13500000000", phone_digest="other",
        opened_at=clock_set.now,
    )  # fmt: skip


def dispute_of(cast: Cast, clock_set: Clock) -> RegistrationDispute:
    """Let somebody say that the elder's registration is not by the elder."""
    return RegistrationDispute.objects.create(
        cell=cast.elder.cell, person=cast.elder, phone="13500000000", phone_digest="other",
        opened_at=clock_set.now, text=NOTE,
    )  # fmt: skip


def entry_of(cast: Cast, team: Organisation, clock_set: Clock) -> BackEntry:
    """Enter service of the team afterwards, with a proof."""
    entry = BackEntry.objects.create(
        cell=team.cell, key="1", content_digest="x", organiser=team, region_id=COMMUNITY,
        title="补录", category="0001", reason=NOTE, declaration_version=1, refusals="[]",
        entered_by=cast.second, entered_at=clock_set.now,
    )  # fmt: skip
    BackEntryProof.objects.create(
        cell=team.cell, back_entry=entry, media_type="image/png", size=1, digest="x", content=""
    )
    return entry


def doubted(record: ServiceRecord, clock_set: Clock) -> dict[str, Any]:
    """Let the record be doubted, drawn for a spot check, and proposed to be void."""
    now, day = clock_set.now, clock_set.now.date()
    whose = {"cell": record.cell, "record": record}
    flag = RecordFlag.objects.create(**whose, kind=FlagKind.WITHOUT_CONTACT, raised_at=now)
    void = RecordVoid.objects.create(
        **whose, reason="没有这回事", evidence="1号", proposed_by_id=1, proposed_at=now
    )
    drawn = SpotRound.objects.create(
        cell=record.cell, region_id=COMMUNITY, from_date=day, until_date=day, seed=1, proved=1,
        entered=0, drawn_by_id=1, drawn_at=now,
    )  # fmt: skip
    check = SpotCheck.objects.create(**whose, round=drawn, stratum=record.kind)
    return {
        "flag_id": flag.public_id,
        "void_id": void.public_id,
        "round_id": drawn.public_id,
        "check_id": check.public_id,
    }


def device_of(cast: Cast, clock_set: Clock) -> Device:
    """Sign the elder in on a telephone."""
    return Device.objects.create(
        cell=cast.elder.cell, account=cast.elder.account, method=SignInMethod.CODE,
        signed_in_at=clock_set.now, seen_at=clock_set.now,
    )  # fmt: skip


def liaison_of(cast: Cast, team: Organisation, clock_set: Clock) -> Liaison:
    """Let the volunteer keep the team in touch with the community."""
    return Liaison.objects.create(
        cell=team.cell, organisation=team, person=cast.volunteer, region_id=COMMUNITY,
        since_date=clock_set.now.date(),
    )  # fmt: skip


@pytest.fixture
def secrets(cast: Cast) -> dict[str, str]:
    """Return what only those with a part in the need may read."""
    return {
        "name": cast.elder.name,
        "phone": cast.elder.phone,
        "address": ADDRESS,
        "note": NOTE,
        "volunteer": cast.volunteer.name,
    }


def walk(client: Client, lived: dict[str, Any], methods: tuple[str, ...]) -> Iterator[Answer]:
    """Try every route by these methods; those about somebody are marked."""
    for route in sorted(set(every_route())):
        names = ARGUMENT.findall(route)
        unknown = set(names) - set(lived) - set(NOBODYS)
        assert not unknown, f"what does {route} stand for?"
        path = ARGUMENT.sub(lambda found: str({**lived, **NOBODYS}[found[1]]), route)
        for method in methods:
            response = getattr(client, method)(path, content_type="application/json")
            yield Answer(f"{method} {route}", bool(set(names) & set(lived) - PUBLIC), response)


def leaks(answers: list[Answer], secrets: dict[str, str]) -> list[tuple[str, str]]:
    """Return which address told which secret."""
    return [
        (answer.route, kind)
        for answer in answers
        for kind, secret in secrets.items()
        if secret in answer.text
    ]


def turned_away(answer: Answer) -> bool:
    """Tell whether the address refused, or led to sign-in or one's own profile."""
    where = answer.response.headers.get("Location", "")
    return answer.response.status_code in REFUSALS or where.startswith(HOME_AGAIN)


def untouched() -> list[Any]:
    """Return the states that a stranger's posts must not change."""
    return [
        list(Need.objects.values_list("pk", "state")),
        list(Offer.objects.values_list("pk", "answer__answer")),
        list(Assignment.objects.values_list("pk", "ended_at")),
        list(ServiceRecord.objects.values_list("pk", "confirmation__verdict")),
        list(RecordFlag.objects.values_list("pk", "decisions")),
        list(RecordVoid.objects.values_list("pk", "voided_at", "appeal")),
        list(SpotCheck.objects.values_list("pk", "outcome")),
        list(RegistrationDispute.objects.values_list("pk", "outcome")),
        list(Activity.objects.values_list("pk", "state", "version")),
        list(Shift.objects.values_list("pk", "state", "starts_at")),
        list(Kinship.objects.values_list("pk", "ended_at")),
        list(Device.objects.filter(account__person__isnull=False).values_list("pk", "ended_at")),
        list(RoleGrant.objects.values_list("pk", "ended_at")),
        list(IdentityClaim.objects.values_list("pk", "state")),
        list(Enrolment.objects.values_list("pk", "left_at", "result")),
        list(Credential.objects.values_list("pk", "revoked_at")),
        list(InsuredPerson.objects.values_list("pk", "removed_at")),
        list(GuardianConsent.objects.values_list("pk", "withdrawn_at")),
        list(Suspension.objects.values_list("pk", "lifted_at")),
        list(Appeal.objects.values_list("pk", "state")),
        list(SignUp.objects.values_list("pk", "state")),
        list(Absence.objects.values_list("pk", "excused_at", "upheld_at", "objected_at")),
        list(Incident.objects.values_list("pk", "completed_at")),
        list(DeskTally.objects.values_list("pk", "people")),
        list(StarApplication.objects.values_list("pk", "outcome")),
        list(StarObjection.objects.values_list("pk", "outcome")),
        list(Honour.objects.values_list("pk", "verdict", "struck_at")),
    ]


@pytest.mark.parametrize("who", ["nobody", "outsider", "next_door"])
def test_strangers_are_turned_away_everywhere(who, cast, lived, secrets):
    next_door = make_worker("邻社员工", region=NEIGHBOUR_COMMUNITY)
    client = (
        Client()
        if who == "nobody"
        else client_of({"outsider": cast.outsider, "next_door": next_door}[who])
    )

    answers = list(walk(client, lived, ("get",)))

    assert leaks(answers, secrets) == []
    assert [
        (one.route, one.response.status_code)
        for one in answers
        if one.is_about_somebody and not turned_away(one)
    ] == []


@pytest.mark.parametrize("who", ["nobody", "outsider"])
def test_strangers_change_nothing_anywhere(who, cast, lived, secrets):
    client = Client() if who == "nobody" else client_of(cast.outsider)
    before = untouched()

    answers = [
        answer
        for answer in walk(client, lived, ("post", "put", "patch", "delete"))
        if answer.is_about_somebody
    ]

    assert leaks(answers, secrets) == []
    assert [(one.route, one.response.status_code) for one in answers if not turned_away(one)] == []
    assert untouched() == before


def test_lists_of_an_outsider_are_empty(cast, lived, api):
    lists = ("needs", "offers", "visits", "records", "inbox")

    own = {name: api(cast.outsider, "get", f"/{name}")[1]["items"] for name in lists}

    assert own == {name: [] for name in lists}
    assert len(api(cast.elder, "get", "/needs")[1]["items"]) == 1


def test_worker_on_the_same_walk_sees_what_is_hidden(cast, lived, secrets):
    client = client_of(cast.worker)

    told = {kind for _, kind in leaks(list(walk(client, lived, ("get",))), secrets)}
    contact = client.post(reverse("needs:contact", args=[lived["need_id"]])).content.decode()

    assert told >= {"name", "note", "volunteer"}
    assert ADDRESS in contact
    assert cast.elder.phone in contact
