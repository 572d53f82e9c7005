"""Write a year of needs, offers, visits, records and bookings, table by table."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count, groupby

from django.db import models

from linbang.demo.actions.community import CELL, Community
from linbang.demo.actions.copying import Numbers, copy_in, numbered
from linbang.demo.rules.year import Approach, Giver, Occasion
from linbang.foundation.clock import local_date
from linbang.intake.needs import rules as need_rules
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.models import Need, NeedStep, ServiceItem
from linbang.operations.dispatch.choices import Answer, CommitmentSource
from linbang.operations.dispatch.models import Assignment, Commitment, Offer, OfferAnswer
from linbang.operations.service.choices import PresenceMethod
from linbang.operations.service.models import CheckIn, CheckOut, Visit
from linbang.operations.service_records import rules as record_rules
from linbang.operations.service_records.choices import Approval, RecordKind, Verdict
from linbang.operations.service_records.models import (
    RecordConfirmation,
    RecordVerification,
    ServiceRecord,
)
from linbang.outcomes.time_bank.actions import credit_records

_SECRET = "demo-history"  # noqa: S105 - no code is asked for a visit of the past


class History:
    """Collects rows by table, then writes each table once."""

    def __init__(
        self, community: Community, *, worker_id: int, officer_id: int, fresh_since: datetime
    ) -> None:
        self.community = community
        self.worker_id = worker_id
        # Entered hours need a second person (rule 39): the community's officer.
        self.officer_id = officer_id
        self.fresh_since = fresh_since
        self.items = {item.code: item for item in ServiceItem.objects.all()}
        self.people = {person.pk: person for person in community.people}
        self.served: set[int] = set()
        self.rows: defaultdict[type[models.Model], list[models.Model]] = defaultdict(list)
        self.serial = count(1)
        self.numbers = Numbers()

    def write(self, occasions: Iterable[Occasion]) -> None:
        """Write everything that came of the occasions."""
        for occasion in occasions:
            self._need(occasion)
        for model in (
            Need, NeedStep, Offer, OfferAnswer, Assignment, Commitment, Visit, CheckIn, CheckOut,
            ServiceRecord, RecordConfirmation, RecordVerification,
        ):  # fmt: skip
            rows = self.rows[model]
            numbered([row for row in rows if row.pk is None])
            copy_in(rows)
        self._bank()

    def _put(self, row: models.Model) -> None:
        self.rows[type(row)].append(row)

    def _need(self, occasion: Occasion) -> None:
        person = self.people[occasion.receiver.id]
        item = self.items[occasion.item.code]
        number = next(self.serial)
        need = Need(
            cell=CELL,
            key=f"demo:{number}",
            beneficiary=person,
            requested_by=person,
            taken_by_id=self.worker_id if occasion.channel in ("phone", "visit") else None,
            channel="phone" if occasion.channel == "relative" else occasion.channel,
            item=item,
            region_id=person.region_id,
            address=person.address,
            phone=person.phone,
            helpers=occasion.item.helpers,
            starts_at=occasion.starts_at,
            ends_at=occasion.ends_at,
            opened_at=occasion.opened_at,
            first_answered_at=occasion.answered_at,
            answer_due_at=need_rules.first_answer_due(occasion.opened_at),
        )
        self.numbers.give(need)
        self._steps(need, occasion)
        self._put(need)
        for approach in occasion.approaches:
            self._offer(need, occasion, approach)

    def _steps(self, need: Need, occasion: Occasion) -> None:
        person_id, worker_id = need.beneficiary_id, self.worker_id
        steps: list[tuple[NeedState, datetime, int | None, str]] = [
            (NeedState.OPENED, occasion.opened_at, need.taken_by_id or person_id, "")
        ]
        if occasion.outcome == "declined":
            steps.append(
                (NeedState.DECLINED, occasion.answered_at, worker_id, "不属于志愿服务范围，已转介")
            )
        else:
            steps.append((NeedState.VERIFIED, occasion.answered_at, worker_id, ""))
            steps += self._later_steps(occasion, person_id)
        for state, at, by_id, reason in steps:
            self._put(
                NeedStep(cell=CELL, need=need, state=state, at=at, by_id=by_id, reason=reason)
            )
        need.state, need.state_since = steps[-1][0], steps[-1][1]

    def _later_steps(
        self, occasion: Occasion, person_id: int
    ) -> Iterable[tuple[NeedState, datetime, int | None, str]]:
        if occasion.approaches:
            yield NeedState.OFFERED, occasion.approaches[0].at, None, ""
        last = max((one.answered_at for one in occasion.approaches), default=occasion.answered_at)
        if occasion.outcome == "withdrawn":
            yield NeedState.WITHDRAWN, last + timedelta(minutes=5), person_id, "家里有人能帮忙了"
        elif occasion.outcome == "lapsed":
            yield NeedState.ESCALATED, last, None, "没有合适的志愿者"
            yield NeedState.LAPSED, occasion.ends_at, None, ""
        else:
            yield NeedState.ASSIGNED, last, None, ""
            arrived = min(start for _, start, _, _ in occasion.presence)
            left = max(end for _, _, end, _ in occasion.presence)
            yield NeedState.UNDER_WAY, arrived, occasion.helpers[0].id, ""
            yield NeedState.SERVED, left, occasion.helpers[0].id, ""
            if occasion.confirmed_at:
                yield NeedState.FULFILLED, occasion.confirmed_at, person_id, ""

    def _offer(self, need: Need, occasion: Occasion, approach: Approach) -> None:
        offer = Offer(
            cell=CELL,
            need=need,
            volunteer_id=approach.giver.id,
            reasons=[{"code": code, "value": value} for code, value in approach.reasons],
            offered_at=approach.at,
            expires_at=max(approach.at + timedelta(minutes=30), approach.answered_at),
        )
        self.numbers.give(offer)
        self._put(offer)
        fulfilled = occasion.outcome == "fulfilled"
        answer = approach.answer
        if answer == "accepted" and not fulfilled:
            answer = Answer.WITHDRAWN
        self._put(
            OfferAnswer(
                cell=CELL,
                offer=offer,
                answer=answer,
                at=approach.answered_at,
                by_id=approach.giver.id if answer in ("accepted", "refused") else None,
            )
        )
        if answer == "accepted":
            self._assignment(need, offer, occasion, approach)

    def _assignment(self, need: Need, offer: Offer, occasion: Occasion, approach: Approach) -> None:
        assignment = Assignment(
            cell=CELL,
            need=need,
            offer=offer,
            volunteer_id=approach.giver.id,
            place=occasion.helpers.index(approach.giver) + 1,
            accepted_at=approach.answered_at,
        )
        self.numbers.give(assignment)
        self._put(assignment)
        self._put(
            Commitment(
                cell=CELL,
                person_id=approach.giver.id,
                during=(occasion.starts_at, occasion.ends_at),
                source=CommitmentSource.ASSIGNMENT,
                source_id=assignment.pk,
                made_at=approach.answered_at,
            )
        )
        self._visit(assignment, occasion, approach.giver)

    def _visit(self, assignment: Assignment, occasion: Occasion, giver: Giver) -> None:
        _, arrived, left, method = next(one for one in occasion.presence if one[0] is giver)
        visit = Visit(
            cell=CELL,
            assignment=assignment,
            volunteer_id=giver.id,
            starts_at=occasion.starts_at,
            ends_at=occasion.ends_at,
            code_secret=_SECRET,
            planned_at=assignment.accepted_at,
        )
        self.numbers.give(visit)
        self._put(visit)
        by_id = {"word": occasion.receiver.id, "staff": self.worker_id}.get(method, giver.id)
        for model, at in ((CheckIn, arrived), (CheckOut, left)):
            self._put(
                model(
                    cell=CELL,
                    visit=visit,
                    at=at,
                    recorded_at=at,
                    method=method,
                    by_id=by_id,
                    on_behalf_of_id=giver.id if method == "staff" else None,
                    note="志愿者没有带手机" if method == "staff" else "",
                    distance_m=self.community.rng.randrange(5, 120)
                    if method == "location"
                    else None,
                )
            )
        self._record(visit, occasion, PresenceMethod(method), arrived, left)

    def _record(
        self,
        visit: Visit,
        occasion: Occasion,
        method: PresenceMethod,
        arrived: datetime,
        left: datetime,
    ) -> None:
        planned = record_rules.Window(occasion.starts_at, occasion.ends_at)
        kind = record_rules.kind_of(method, method)
        segment = record_rules.counted_segment(
            record_rules.Window(arrived, left), planned, kind=kind
        )
        policy = record_rules.DEFAULT_POLICY
        station = self.community.station
        record = ServiceRecord(
            cell=CELL,
            person_id=visit.volunteer_id,
            visit=visit,
            beneficiary_id=occasion.receiver.id,
            category=occasion.item.category,
            item_code=occasion.item.code,
            region_id=occasion.receiver.region,
            recording_unit=station.name if station else "",
            starts_at=segment.window.starts_at,
            ends_at=segment.window.ends_at,
            minutes=segment.minutes,
            credited_minutes=policy.credited(segment.minutes, planned=planned.minutes, kind=kind),
            cuts=list(segment.cuts),
            kind=kind,
            policy=policy.code,
            policy_version=policy.version,
            drafted_at=left,
            entered_by_id=self._entered_by(kind, method, occasion),
        )
        self.numbers.give(record)
        self._put(record)
        if occasion.confirmed_at:
            self._confirmation(record, occasion, occasion.confirmed_at)

    def _entered_by(
        self, kind: RecordKind, method: PresenceMethod, occasion: Occasion
    ) -> int | None:
        if kind == RecordKind.PROVED:
            return None
        return self.worker_id if method == PresenceMethod.STAFF else occasion.receiver.id

    def _confirmation(
        self, record: ServiceRecord, occasion: Occasion, confirmed_at: datetime
    ) -> None:
        by_station = occasion.confirmed_by == "station"
        self._put(
            RecordConfirmation(
                cell=CELL,
                record=record,
                verdict=Verdict.CONFIRMED,
                by=occasion.confirmed_by,
                by_id=self.worker_id if by_station else occasion.receiver.id,
                at=confirmed_at,
                note="电话回访，居民表示满意" if by_station else "",
            )
        )
        by_policy = record.kind == RecordKind.PROVED
        if not by_policy and record.starts_at > self.fresh_since:
            return  # the second person has not looked at these yet
        self._put(
            RecordVerification(
                cell=CELL,
                record=record,
                verified_by_id=None if by_policy else self.officer_id,
                verified_at=confirmed_at if by_policy else confirmed_at + timedelta(hours=3),
                minutes=record.credited_minutes,
                approval=Approval.POLICY if by_policy else Approval.STATION,
            )
        )

    def _bank(self) -> None:
        """Bank every verified record through the time bank's own door, week by week."""
        verified = sorted(
            (row.verified_at, row.record_id)  # type: ignore[attr-defined]  # verifications all
            for row in self.rows[RecordVerification]
        )
        for _, week in groupby(verified, key=lambda pair: local_date(pair[0]).isocalendar()[:2]):
            pairs = list(week)
            credit_records(record_ids=[record for _, record in pairs], now=pairs[-1][0])
