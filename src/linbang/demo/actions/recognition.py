"""A few stars, ratings and honours: on notice, granted, waiting, and to be asked for."""

from contextlib import suppress
from datetime import date, datetime, timedelta

from linbang.demo.actions.cast import acting
from linbang.demo.actions.community import Community
from linbang.foundation.access.rules import Actor
from linbang.foundation.people.models import Person
from linbang.foundation.workdays import CalendarYearMissing
from linbang.operations.service_records.models import ServiceRecord
from linbang.outcomes.recognition import actions, queries
from linbang.outcomes.recognition.actions import HonourDetails
from linbang.outcomes.recognition.choices import HonourLevel, RatedBy, SchemeCode, Side
from linbang.outcomes.recognition.models import Rating, StarApplication

_STREET = "450103001"
_GRANTED = 3
_MARKS = ((5, 5, 5), (5, 4, 5), (4, 5, 4), (5, 5, 4))
_WORDS = ("很细心，谢谢！", "", "来得很准时", "")


def write_recognition(community: Community, cast: dict[str, Person], *, now: datetime) -> None:
    """Let a street adopt its levels, some of its volunteers rise, and neighbours say thanks."""
    actions.adopt_scheme(
        region_code=_STREET,
        code=SchemeCode.STREET,
        version=1,
        by=acting(cast["street"]),
        now=now - timedelta(days=300),
    )
    _write_ratings(cast["volunteer"], now=now)
    _write_stars(community, cast["volunteer"], acting(cast["worker"]), now=now)
    _write_honours(community, cast, now=now)


def _write_stars(community: Community, volunteer: Person, worker: Actor, *, now: datetime) -> None:
    people = [one.person_id for one in community.volunteers if one.person_id != volunteer.pk]
    table, asked_at = queries.scheme_at(_STREET).table, now - timedelta(days=21)
    totals = queries.minutes_under(table, people, year=asked_at.year)
    # One is on notice, up to three have their stars, one waits to be checked; the cast's own
    # volunteer has the button still before him.
    rising = sorted(totals, key=lambda one: (-totals[one].proved - totals[one].entered, one))
    found = Person.objects.select_related("volunteer").in_bulk(rising[: _GRANTED + 2])
    on_notice, *others = [found[one] for one in rising[: _GRANTED + 2]]
    for person in others[:_GRANTED]:
        _ask_and_check(person, worker, now=asked_at)
    actions.grant_stars(now=now - timedelta(days=1))
    _ask_and_check(on_notice, worker, now=now - timedelta(days=1))
    for person in others[_GRANTED:]:
        _ask(person, now=now - timedelta(days=1))


def _ask_and_check(person: Person, worker: Actor, *, now: datetime) -> None:
    # Late in December the next year's calendar may be missing: then it waits.
    if application := _ask(person, now=now):
        with suppress(CalendarYearMissing):
            actions.approve_application(
                application_id=application.pk, by=worker, now=now + timedelta(hours=5)
            )


def _ask(person: Person, *, now: datetime) -> StarApplication | None:
    page = queries.star_page(person, now=now)
    if page.may_ask_for is None:
        return None
    return actions.apply_for_star(star=page.may_ask_for, by=acting(person), now=now)


def _write_ratings(volunteer: Person, *, now: datetime) -> None:
    records = list(
        ServiceRecord.objects.filter(person=volunteer, visit__isnull=False)
        .filter(drafted_at__lt=queries.over_before(now))
        .order_by("-starts_at", "-id")[: len(_MARKS)]
    )
    Rating.objects.bulk_create(
        [
            Rating(
                cell=record.cell,
                record=record,
                person=volunteer,
                side=side,
                first=first,
                second=second,
                third=third,
                comment=words if side == Side.VOLUNTEER else "",
                rated_by=by,
                by_id=volunteer.pk if side == Side.SERVICE else record.beneficiary_id or 0,
                rated_at=record.drafted_at + timedelta(hours=3),
            )
            for record, (first, second, third), words in zip(records, _MARKS, _WORDS, strict=False)
            for side, by in (
                (Side.VOLUNTEER, RatedBy.RESIDENT),
                (Side.SERVICE, RatedBy.VOLUNTEER),
            )
        ]
    )


def _write_honours(community: Community, cast: dict[str, Person], *, now: datetime) -> None:
    worker, volunteer = acting(cast["worker"]), cast["volunteer"]
    team = community.teams["助老服务队"].organisation
    day = date(now.year - 1, 12, 5)
    for whose, name, by in (
        (volunteer, "年度优秀志愿者", worker),
        (team, "先进志愿服务队", worker),
        (volunteer, "最美邻里", acting(volunteer)),
    ):
        actions.enter_honour(
            details=HonourDetails(
                name=name,
                granted_date=day,
                granted_by="新竹街道办事处",
                level=HonourLevel.STREET,
                document_name="关于表彰年度志愿服务先进的决定",
            ),
            whose=whose,
            by=by,
            now=now - timedelta(days=6),
        )
