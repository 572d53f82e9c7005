"""The one answer, as decision tables: each cause alone, all at once, and the edges of each."""

from datetime import UTC, date, datetime, timedelta

import pytest

from linbang.foundation.clock import CHINA
from linbang.foundation.organisations.factories import make_membership, make_team, make_unit
from linbang.foundation.organisations.models import Membership, Organisation
from linbang.foundation.people.choices import DocumentType
from linbang.foundation.people.factories import make_person, make_volunteer
from linbang.foundation.people.models import Kinship, Person, VolunteerProfile
from linbang.intake.activities.choices import Audience, PolicyScope
from linbang.intake.activities.factories import (
    BEFORE,
    SATURDAY,
    make_activity,
    make_policy,
    make_post,
    make_shift,
)
from linbang.operations.clearance import queries
from linbang.operations.clearance.choices import AcceptanceKind, Cause
from linbang.operations.clearance.factories import (
    make_acceptance,
    make_child,
    make_credential,
    make_frozen_list,
    make_guardian_consent,
    make_insured,
    make_suspension,
)

pytestmark = pytest.mark.django_db
GROWN = date(1980, 1, 1)
YOUNG, SMALL = ("guardian_consent",), ("needs_adult", "guardian_consent")


def volunteer(**columns) -> Person:
    columns.setdefault("birth_date", GROWN)
    return make_volunteer(**columns).person


def shift_of(post=None, starts_at=SATURDAY, minutes=120, **activity):
    made = make_post(make_activity(**activity), **(post or {}))
    return make_shift(post=made, starts_at=starts_at, minutes=minutes)


def against(shift, person, *, now=BEFORE) -> tuple[str, ...]:
    [causes] = queries.reasons_against([(shift, person.pk)], now=now)
    return causes


def test_nothing_speaks_against_a_volunteer_and_a_plain_shift():
    assert against(shift_of(), volunteer()) == ()


def unconfirmed():
    return shift_of(), volunteer(confirmed=False)


def closed():
    person = volunteer()
    person.closed_at = person.registered_at
    person.save(update_fields=["closed_at"])
    return shift_of(), person


def resident():
    return shift_of(), make_person(birth_date=GROWN)


def retired():
    person = volunteer()
    VolunteerProfile.objects.filter(person=person).update(ended_at=BEFORE)
    return shift_of(), person


def paused():
    person = volunteer()
    VolunteerProfile.objects.filter(person=person).update(paused_until=SATURDAY + timedelta(1))
    return shift_of(), person


def suspended():
    person = volunteer()
    make_suspension(person)
    return shift_of(), person


def outsider():
    return shift_of(audience=Audience.MEMBERS), volunteer()


def toddler():
    return shift_of(), volunteer(birth_date=date(2021, 1, 1))


def too_young():
    return shift_of({"age_min": 60}), volunteer()


def too_old():
    return shift_of({"age_max": 45}), volunteer()


def unasked_child():
    return shift_of(), volunteer(birth_date=date(2013, 1, 1))


def untrained():
    return shift_of({"qualifications": ["first-aid"]}), volunteer()


def lapsed():
    person = volunteer()
    make_credential(person, valid_until=date(2026, 5, 15))
    return shift_of({"qualifications": ["first-aid"]}), person


def unvetted():
    return shift_of(with_minors=True), volunteer()


def unwarned():
    policy = make_policy(make_unit())
    return shift_of(hazards=["traffic"], policy=policy), volunteer()


def unsigned():
    return shift_of(needs_agreement=True), volunteer()


def uninsured():
    shift, person = shift_of(hazards=["traffic"]), volunteer()
    make_acceptance(shift.activity, person)
    return shift, person


@pytest.mark.parametrize(
    ("situation", "cause"),
    [
        (unconfirmed, "not_confirmed"),
        (closed, "closed"),
        (resident, "not_volunteer"),
        (retired, "not_volunteer"),
        (paused, "paused"),
        (suspended, "suspended"),
        (outsider, "not_member"),
        (toddler, "under_six"),
        (too_young, "too_young"),
        (too_old, "too_old"),
        (unasked_child, "guardian_consent"),
        (untrained, "qualification_missing:first-aid"),
        (lapsed, "qualification_expired:first-aid"),
        (unvetted, "vetting_missing"),
        (unwarned, "risk_not_accepted"),
        (unsigned, "agreement_missing"),
        (uninsured, "not_insured"),
    ],
)
def test_each_cause_stands_alone(situation, cause):
    assert against(*situation()) == (cause,)


def test_small_child_with_consent_needs_only_an_adult_beside():
    child, guardian = make_child(birth_date=date(2018, 1, 1))
    make_volunteer(person=child)
    shift = shift_of()
    make_guardian_consent(shift.activity, child, guardian)

    assert against(shift, child) == ("needs_adult",)


def test_minor_with_everything_else_is_kept_from_danger_alone():
    child, guardian = make_child(birth_date=date(2010, 1, 1))
    make_volunteer(person=child)
    shift = shift_of(hazards=["fire"], policy=make_policy(make_unit()))
    make_guardian_consent(shift.activity, child, guardian)
    make_acceptance(shift.activity, child)

    assert against(shift, child) == ("minor_high_risk",)


def test_every_cause_is_told_at_once_in_the_order_of_the_words():
    adult = make_person(birth_date=GROWN, confirmed=False, document_type=DocumentType.PASSPORT)
    child = make_person("小明", birth_date=date(2018, 1, 1), confirmed=False)
    for person in (adult, child):
        make_suspension(person)
        make_credential(person, "fire", valid_until=date(2026, 5, 15))
    harsh = {
        "audience": Audience.MEMBERS,
        "hazards": ["fire"],
        "with_minors": True,
    }
    post = {"qualifications": ["driving", "fire"], "age_min": 60}

    told = against(shift_of(post, **harsh), adult) + against(
        shift_of({"qualifications": [], "age_min": 18}, **harsh), child
    )

    assert told == (
        "not_confirmed", "not_volunteer", "suspended", "not_member", "too_young",
        "qualification_missing:driving", "qualification_expired:fire", "vetting_missing",
        "risk_not_accepted", "agreement_missing", "not_insured",
        "not_confirmed", "not_volunteer", "suspended", "not_member", "needs_adult",
        "minor_high_risk", "too_young", "guardian_consent", "risk_not_accepted", "not_insured",
    )  # fmt: skip
    order = [Cause(code.partition(":")[0]) for code in told]
    assert order[:11] == sorted(order[:11], key=list(Cause).index)
    assert order[11:] == sorted(order[11:], key=list(Cause).index)


def test_nobody_known_is_not_confirmed():
    shift = shift_of()

    assert queries.reasons_against([(shift, 10**15)], now=BEFORE) == [("not_confirmed",)]


def test_many_pairs_are_answered_in_order_by_one_query(django_assert_num_queries):
    pairs = [unconfirmed(), paused(), untrained(), (shift_of(), volunteer())]
    asked = [(shift, person.pk) for shift, person in pairs]

    with django_assert_num_queries(1):
        told = queries.reasons_against(asked, now=BEFORE)

    assert told == [("not_confirmed",), ("paused",), ("qualification_missing:first-aid",), ()]
    with django_assert_num_queries(0):
        assert queries.reasons_against([], now=BEFORE) == []


@pytest.mark.parametrize(
    ("birth", "starts_at", "causes"),
    [
        # The shift's day decides, not today (rule 18).
        (date(2008, 5, 16), SATURDAY, ()),
        (date(2008, 5, 17), SATURDAY, YOUNG),
        # One minute before midnight in China is still the day before.
        (date(2008, 5, 17), datetime(2026, 5, 16, 23, 59, tzinfo=CHINA), YOUNG),
        (date(2008, 5, 17), datetime(2026, 5, 16, 16, 0, tzinfo=UTC), ()),
        # Who is born on 29 February comes of age on 1 March.
        (date(2008, 2, 29), datetime(2026, 2, 28, 9, tzinfo=CHINA), YOUNG),
        (date(2008, 2, 29), datetime(2026, 3, 1, 9, tzinfo=CHINA), ()),
        (date(2016, 2, 29), datetime(2026, 2, 28, 9, tzinfo=CHINA), SMALL),
        (date(2016, 2, 29), datetime(2026, 3, 1, 9, tzinfo=CHINA), YOUNG),
        (date(2020, 2, 29), datetime(2026, 2, 28, 9, tzinfo=CHINA), ("under_six",)),
        (date(2020, 2, 29), datetime(2026, 3, 1, 9, tzinfo=CHINA), SMALL),
        (date(2020, 5, 16), SATURDAY, SMALL),
        (date(2020, 5, 17), SATURDAY, ("under_six",)),
        (date(2016, 5, 17), SATURDAY, SMALL),
        (date(2016, 5, 16), SATURDAY, YOUNG),
    ],
)  # fmt: skip
def test_ages_are_those_of_the_shifts_day(birth, starts_at, causes):
    assert against(shift_of(starts_at=starts_at), volunteer(birth_date=birth)) == causes


@pytest.mark.parametrize(
    ("ages", "birth", "causes"),
    [
        ((18, 60), date(2008, 5, 16), ()),
        ((18, 60), date(1966, 5, 16), ()),
        ((18, 60), date(1965, 5, 17), ()),  # still 60
        ((18, 60), date(1965, 5, 16), ("too_old",)),  # 61 today
        ((60, None), date(1966, 5, 16), ()),
        ((60, None), date(1966, 5, 17), ("too_young",)),
    ],
)
def test_age_of_a_post_includes_both_ends(ages, birth, causes):
    post = dict(zip(("age_min", "age_max"), ages, strict=True))

    assert against(shift_of(post), volunteer(birth_date=birth)) == causes


MISSING, EXPIRED = ("qualification_missing:first-aid",), ("qualification_expired:first-aid",)


@pytest.mark.parametrize(
    ("held", "causes"),
    [
        ([(date(2026, 5, 16), date(2026, 5, 16))], ()),  # valid through the last day
        ([(date(2025, 1, 1), date(2026, 5, 16))], ()),
        ([(date(2025, 1, 1), date(2026, 5, 15))], EXPIRED),  # expired the day before
        ([(date(2026, 5, 16), None)], ()),  # passed the same day
        ([(date(2026, 5, 17), None)], MISSING),  # begins the day after
        ([(date(2024, 1, 1), date(2025, 12, 31)), (date(2026, 1, 1), None)], ()),  # renewed
        ([(date(2024, 1, 1), date(2025, 12, 31)), (date(2026, 5, 17), None)], EXPIRED),  # a gap
    ],
)
def test_credential_must_hold_on_the_day(held, causes):
    person = volunteer()
    for valid_from, valid_until in held:
        make_credential(person, valid_from=valid_from, valid_until=valid_until)

    assert against(shift_of({"qualifications": ["first-aid"]}), person) == causes


@pytest.mark.parametrize(
    ("held", "causes"),
    [
        ([(date(2026, 1, 1), date(2026, 5, 17))], ()),
        ([(date(2026, 1, 1), date(2026, 5, 16))], EXPIRED),
        # A renewal that begins at midnight carries the night through.
        ([(date(2026, 1, 1), date(2026, 5, 16)), (date(2026, 5, 17), None)], ()),
        ([(date(2026, 1, 1), date(2026, 5, 16)), (date(2026, 5, 18), None)], EXPIRED),
        ([(date(2026, 5, 17), None)], MISSING),
    ],
)
def test_night_shift_needs_both_its_days(held, causes):
    person = volunteer()
    for valid_from, valid_until in held:
        make_credential(person, valid_from=valid_from, valid_until=valid_until)
    night = datetime(2026, 5, 16, 22, tzinfo=CHINA)

    shift = shift_of({"qualifications": ["first-aid"]}, starts_at=night, minutes=240)

    assert against(shift, person) == causes


def test_shift_ending_at_midnight_does_not_reach_the_next_day():
    person = volunteer()
    make_credential(person, valid_until=date(2026, 5, 16))
    evening = datetime(2026, 5, 16, 22, tzinfo=CHINA)

    shift = shift_of({"qualifications": ["first-aid"]}, starts_at=evening, minutes=120)

    assert against(shift, person) == ()


def test_revoked_credential_is_missing_not_expired():
    person = volunteer()
    make_credential(
        person, valid_until=date(2026, 1, 2), revoked_at=BEFORE, revoke_reason="证书是假的"
    )
    make_credential(person, revoked_at=BEFORE, revoke_reason="证书是假的")

    assert against(shift_of({"qualifications": ["first-aid"]}), person) == MISSING


def test_credentials_are_the_persons_own_and_of_the_kind_asked():
    other, person = volunteer(), volunteer()
    make_credential(other)
    make_credential(person, "traffic")

    assert against(shift_of({"qualifications": ["first-aid"]}), person) == MISSING


@pytest.mark.parametrize(
    ("qualification", "valid_until", "causes"),
    [
        ("minors-vetting", date(2026, 5, 16), ()),
        ("minors-vetting", date(2026, 5, 15), ("vetting_missing",)),
        ("safeguarding", None, ("vetting_missing",)),
    ],
)
def test_vetting_holds_on_the_day_and_is_a_vetting(qualification, valid_until, causes):
    person = volunteer()
    make_credential(person, qualification, valid_until=valid_until)

    assert against(shift_of(with_minors=True), person) == causes


def test_minors_among_minors_are_not_vetted():
    child, guardian = make_child()
    make_volunteer(person=child)
    shift = shift_of(with_minors=True)
    make_guardian_consent(shift.activity, child, guardian)

    assert against(shift, child) == ()


@pytest.mark.parametrize(
    ("belongs_to", "columns", "causes"),
    [
        ("organiser", {}, ()),
        ("team", {}, ()),
        ("squad", {}, ()),
        ("parent", {}, ("not_member",)),
        ("other", {}, ("not_member",)),
        ("squad", {"approved_at": None}, ("not_member",)),
        ("squad", {"ended_at": BEFORE}, ("not_member",)),
    ],
)
def test_members_only_reaches_down_the_tree(belongs_to, columns, causes):
    person = volunteer()
    parent = make_unit("街道")
    organiser = make_team("大队", parent=parent)
    team = make_team("分队", parent=organiser)
    places = {
        "parent": parent,
        "organiser": organiser,
        "team": team,
        "squad": make_team("小队", parent=team),
        "other": make_unit("别的单位"),
    }
    membership = make_membership(places[belongs_to], person)
    Membership.objects.filter(pk=membership.pk).update(**columns)

    shift = shift_of(audience=Audience.MEMBERS, organiser=organiser)

    assert against(shift, person) == causes


def test_members_of_a_closed_team_are_members_no_more():
    person, organiser = volunteer(), make_unit()
    squad = make_team(parent=organiser)
    make_membership(squad, person)
    Organisation.objects.filter(pk=squad.pk).update(closed_at=BEFORE)

    shift = shift_of(audience=Audience.MEMBERS, organiser=organiser)

    assert against(shift, person) == ("not_member",)


@pytest.mark.parametrize(
    ("until", "causes"),
    [(SATURDAY, ()), (SATURDAY + timedelta(minutes=1), ("paused",)), (None, ())],
)
def test_pause_ends_by_the_start(until, causes):
    person = volunteer()
    VolunteerProfile.objects.filter(person=person).update(paused_until=until)

    assert against(shift_of(), person) == causes


@pytest.mark.parametrize(
    ("columns", "now", "causes"),
    [
        ({}, BEFORE, ("suspended",)),
        ({}, BEFORE - timedelta(seconds=1), ()),
        ({}, BEFORE + timedelta(days=30), ()),
        ({"lifted_at": BEFORE, "lift_reason": "误判"}, BEFORE, ()),
    ],
)
def test_suspension_counts_at_the_moment_of_asking(columns, now, causes):
    person = volunteer()
    make_suspension(person, **columns)

    assert against(shift_of(), person, now=now) == causes


@pytest.mark.parametrize("ended", ["consent", "kinship", "unconfirmed"])
def test_consent_counts_while_it_and_the_guardianship_last(ended):
    child, guardian = make_child()
    make_volunteer(person=child)
    shift, other = shift_of(), shift_of()
    consent = make_guardian_consent(shift.activity, child, guardian)
    assert (against(shift, child), against(other, child)) == ((), YOUNG)

    if ended == "consent":
        consent.withdrawn_at = BEFORE
        consent.save(update_fields=["withdrawn_at"])
    else:
        column = {"kinship": {"ended_at": BEFORE}, "unconfirmed": {"confirmed_at": None}}[ended]
        Kinship.objects.filter(person=child).update(**column)

    assert against(shift, child) == YOUNG


@pytest.mark.parametrize("kind", AcceptanceKind)
def test_new_version_is_accepted_anew(kind):
    person = volunteer()
    needs = {
        AcceptanceKind.RISK: {"hazards": ["traffic"], "policy": make_policy(make_unit())},
        AcceptanceKind.AGREEMENT: {"needs_agreement": True},
    }[kind]
    cause = {
        AcceptanceKind.RISK: "risk_not_accepted",
        AcceptanceKind.AGREEMENT: "agreement_missing",
    }[kind]
    shift = shift_of(**needs)
    make_acceptance(shift.activity, person, kind)
    assert against(shift, person) == ()

    shift.activity.risk_version = 2
    shift.activity.save(update_fields=["risk_version"])

    assert against(shift, person) == (cause,)
    make_acceptance(shift.activity, person, kind)
    assert against(shift, person) == ()


def test_one_kind_of_acceptance_is_not_the_other():
    person = volunteer()
    shift = shift_of(needs_agreement=True)
    make_acceptance(shift.activity, person, AcceptanceKind.RISK)

    assert against(shift, person) == ("agreement_missing",)


@pytest.mark.parametrize(
    ("document", "causes"),
    [
        (DocumentType.PASSPORT, ("agreement_missing",)),
        (DocumentType.FOREIGN_PERMANENT, ("agreement_missing",)),
        (DocumentType.HONG_KONG, ()),
        (DocumentType.RESIDENCE_PERMIT, ()),
        (DocumentType.RESIDENT_ID, ()),
    ],
)
def test_foreigners_sign_an_agreement(document, causes):
    assert against(shift_of(), volunteer(document_type=document)) == causes


def insured(scope=PolicyScope.SIGNED_UP, **columns):
    person, policy = volunteer(), make_policy(make_unit(), scope=scope, **columns)
    shift = shift_of(hazards=["traffic"], policy=policy)
    make_acceptance(shift.activity, person)
    return shift, person, policy


@pytest.mark.parametrize(
    ("columns", "causes"),
    [
        ({}, ()),
        ({"starts_at": SATURDAY, "ends_at": SATURDAY + timedelta(hours=2)}, ()),
        ({"starts_at": SATURDAY + timedelta(minutes=1)}, ("not_insured",)),
        ({"ends_at": SATURDAY + timedelta(minutes=119)}, ("not_insured",)),
        ({"ended_at": BEFORE}, ("not_insured",)),
    ],
)
def test_policy_covers_the_shift_from_start_to_end(columns, causes):
    shift, person, _ = insured(**columns)

    assert against(shift, person) == causes


def test_named_policy_covers_who_is_on_its_list():
    shift, person, policy = insured(PolicyScope.NAMED)
    assert against(shift, person) == ("not_insured",)

    on_it = make_insured(policy, person)
    assert against(shift, person) == ()

    on_it.removed_at = BEFORE
    on_it.save(update_fields=["removed_at"])
    assert against(shift, person) == ("not_insured",)


def test_frozen_list_is_the_last_word():
    shift, person, policy = insured()
    other = volunteer()
    make_acceptance(shift.activity, other)

    make_frozen_list(shift, policy, person)

    assert (against(shift, person), against(shift, other)) == ((), ("not_insured",))


def test_plain_activity_needs_no_policy():
    assert against(shift_of(policy=None), volunteer()) == ()
