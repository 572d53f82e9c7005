"""Trainings with their sittings, who passed, and the qualifications that came of it."""

from collections.abc import Sequence
from datetime import date, timedelta

from linbang.demo.actions.community import CELL, VETTING, Community
from linbang.demo.actions.copying import Numbers, copy_in, numbered
from linbang.demo.actions.planning import at, plus
from linbang.demo.rules import figures
from linbang.demo.rules.trainings import COURSES, Course, valid_until
from linbang.foundation.people.models import Person
from linbang.operations.clearance.choices import CredentialSource, TrainingMode, TrainingResult
from linbang.operations.clearance.models import Credential, Enrolment, Training, TrainingSession


class Trainings:
    """Collects the rows of all trainings, then writes each table once."""

    def __init__(self, community: Community, *, worker_id: int, always: Sequence[Person]) -> None:
        self.community = community
        self.worker_id = worker_id
        # These have passed everything that is taught.
        self.always = [person.pk for person in always]
        self.sessions: list[TrainingSession] = []
        self.enrolments: list[Enrolment] = []
        self.credentials: list[Credential] = []
        self.numbers = Numbers()

    def write(self) -> None:
        """Write everything; ``community.qualified`` says afterwards who has what today."""
        for course in COURSES:
            self._teach(course)
        self._vet()
        copy_in(self.sessions)
        copy_in(self.enrolments)
        copy_in(numbered(self.credentials))

    def _teach(self, course: Course) -> None:
        training = Training.objects.create(
            cell=CELL, organiser=self.community.committee, region_id=figures.COMMUNITY,
            qualification_id=course.qualification, name=course.name, content=course.content,
            kind=course.kind, mode=TrainingMode.FACE_TO_FACE, learning_minutes=course.minutes,
            created_at=self.community.long_ago(),
        )  # fmt: skip
        people = self._people(course)
        past = [days for days in course.days_ago if days > 0]
        valid = set(people[: len(people) - course.lapsed])
        for nth, days in enumerate(past):
            # A training that lapses is taken again by all; of the others everybody takes one.
            takes_part = people if course.months_valid == 12 else people[nth :: len(past)]
            if nth and course.months_valid == 12:
                takes_part = [person for person in people if person in valid]
            self._sitting(training, course, days, takes_part)
        for days in course.days_ago[len(past) :]:
            self._sitting(training, course, days, self._newcomers(people))
        self.community.qualified[course.qualification] = valid

    def _people(self, course: Course) -> list[int]:
        """Return who takes part: those who must, the team, and others; the last may lapse."""
        rng = self.community.rng
        team = self.community.teams[course.team].member_ids if course.team else ()
        others = rng.sample(self.community.hands, course.others)
        return list(dict.fromkeys((*self.always, *team, *others)))

    def _newcomers(self, people: Sequence[int]) -> list[int]:
        known = set(people)
        pool = [person for person in self.community.hands if person not in known]
        return self.community.rng.sample(pool, 14)

    def _sitting(
        self, training: Training, course: Course, days_ago: int, people: Sequence[int]
    ) -> None:
        day = self.community.today - timedelta(days=days_ago)
        session = TrainingSession(
            cell=CELL, training=training, starts_at=at(day, 14),
            ends_at=plus(at(day, 14), course.minutes), place="社区会议室（演示地址）",
            trainer="黄老师", places=max(30, len(people)),
        )  # fmt: skip
        self.numbers.give(session)
        self.sessions.append(session)
        for person in people:
            enrolment = Enrolment(
                cell=CELL, session=session, person_id=person,
                enrolled_at=min(at(day - timedelta(days=6), 10), at(self.community.today, 0)),
                enrolled_by_id=person,
            )  # fmt: skip
            self.numbers.give(enrolment)
            self.enrolments.append(enrolment)
            if days_ago > 0:
                self._pass(enrolment, course, day)

    def _pass(self, enrolment: Enrolment, course: Course, day: date) -> None:
        enrolment.result = TrainingResult.PASSED
        enrolment.decided_at = plus(enrolment.session.ends_at, 15)
        enrolment.decided_by_id = self.worker_id
        self._credential(
            enrolment.person_id, course.qualification, CredentialSource.TRAINING, day,
            valid_until(day, course.months_valid), source_id=enrolment.pk,
        )  # fmt: skip

    def _credential(
        self,
        person_id: int,
        code: str,
        source: CredentialSource,
        day: date,
        until: date | None,
        source_id: int | None = None,
    ) -> None:
        self.credentials.append(
            Credential(
                cell=CELL, person_id=person_id, qualification_id=code, source=source,
                source_id=source_id, issued_by="新竹社区志愿服务站", valid_from=day,
                valid_until=until, verified_at=at(day, 18), verified_by_id=self.worker_id,
            )
        )  # fmt: skip

    def _vet(self) -> None:
        """Vet whoever is trained in safeguarding, a year ago and again lately."""
        vetted = sorted(self.community.qualified["safeguarding"])
        for days in (368, 12):
            day = self.community.today - timedelta(days=days)
            for person in vetted:
                self._credential(
                    person, VETTING, CredentialSource.VETTING, day, valid_until(day, 12)
                )
        self.community.qualified[VETTING] = set(vetted)
