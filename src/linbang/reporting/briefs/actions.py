"""Issuing a brief: numbered by year without a gap, its figures frozen, never changed again."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.audit.choices import Outcome
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotAllowed
from linbang.foundation.events import announce
from linbang.reporting.briefs import queries, rules
from linbang.reporting.briefs.errors import PeriodNotBegun, PersonalDataInBrief, TextMissing
from linbang.reporting.briefs.events import BriefIssued
from linbang.reporting.briefs.models import Brief
from linbang.reporting.briefs.queries import Span


@dataclass(frozen=True)
class Text:
    """What the editor has written; ``distribution`` is the foot: 报, 送, 发 and copies."""

    unit: str
    title: str
    body: str
    distribution: str = ""

    def cleaned(self) -> "Text":
        """Return the text as it is stored."""
        return Text(*(rules.cleaned(part) for part in self.parts()))

    def parts(self) -> tuple[str, str, str, str]:
        """Return all that will be printed."""
        return self.unit, self.title, self.body, self.distribution


def check_text(*, region_code: str, span: Span, text: Text, by: Actor) -> Text:
    """Return the text as it would be issued, having looked for what a brief must not hold.

    Raises NotAllowed, TextMissing, PersonalDataInBrief.
    """
    if not by.may(Permission.ISSUE_BRIEFS, region=region_code):
        raise NotAllowed
    text = text.cleaned()
    if not (text.unit and text.title and text.body):
        raise TextMissing
    printed = "\n".join(text.parts())
    rules.require_nothing_personal(printed)
    named = queries.beneficiary_named_in(
        printed, prefix=region_code, starts_at=span.starts_at, ends_at=span.ends_at
    )
    if named is not None:
        raise PersonalDataInBrief(field="body", found=named)
    return text


@transaction.atomic
def issue_brief(*, region_code: str, span: Span, text: Text, by: Actor, now: datetime) -> Brief:
    """Issue a brief with the next number of its region and year, and with the figures of now.

    The same text issued twice in a row, as by two clicks, is one brief. Raises NotAllowed,
    PeriodNotBegun, TextMissing, PersonalDataInBrief. Source: rules 91 and 92.
    """
    text = check_text(region_code=region_code, span=span, text=text, by=by)
    if span.starts_at > now:
        raise PeriodNotBegun(field="period")
    # The lock makes two issuers queue up, so that no number is skipped or taken twice.
    region = queries.lock_region(region_code)
    newest = queries.newest_of(region)
    if newest is not None and _is_same(newest, span, text):
        return newest
    year = local_date(now).year
    snapshot = queries.snapshot_of(region, span=span, asked_at=now)
    brief = Brief.objects.create(
        cell=region.cell,
        region=region,
        year=year,
        number=queries.last_number(region, year=year) + 1,
        unit=text.unit,
        title=text.title,
        body=text.body,
        distribution=text.distribution,
        period_starts_on=local_date(span.starts_at),
        period_ends_on=_last_day(span),
        figures=snapshot.to_json(),
        figures_asked_at=now,
        issued_at=now,
        issued_by_id=_issuer(by),
    )
    audit.record(
        by=by,
        action="briefs.issue_brief",
        subject=brief,
        detail={"year": brief.year, "number": brief.number},
        now=now,
    )
    announce(BriefIssued(at=now, brief_id=brief.pk, cell=brief.cell))
    return brief


def note_download(*, brief: Brief, by: Actor, now: datetime) -> None:
    """Leave in the trail that a brief was taken out of the house as a file (rule 94)."""
    audit.record(
        by=by, action="briefs.download_brief", subject=brief, outcome=Outcome.EXPORTED, now=now
    )


def _issuer(by: Actor) -> int:
    if by.person_id is None:
        raise NotAllowed
    return by.person_id


def _is_same(brief: Brief, span: Span, text: Text) -> bool:
    window = (brief.period_starts_on, brief.period_ends_on)
    return window == (local_date(span.starts_at), _last_day(span)) and text == Text(
        brief.unit, brief.title, brief.body, brief.distribution
    )


def _last_day(span: Span) -> date:
    return local_date(span.ends_at - timedelta(microseconds=1))
