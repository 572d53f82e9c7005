"""One star, one rating, many hands, on real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from linbang.foundation.errors import Refused
from linbang.foundation.people.factories import make_kinship, make_person, make_volunteer
from linbang.outcomes.recognition import actions
from linbang.outcomes.recognition.choices import Side
from linbang.outcomes.recognition.factories import make_visited
from linbang.outcomes.recognition.models import Rating, StarApplication, StarChange
from linbang.outcomes.recognition.tests.cast import AFTER, NOW, applied, by, helper, worker

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], object]) -> list[str]:
    """Run the calls at the same moment; return the codes of refusals, empty for what was done."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], object]) -> str:
        try:
            barrier.wait(timeout=10)
            call()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(pool.map(run, calls))


def test_star_lives_once_from_application_to_grant() -> None:
    person, clerk, colleague = helper(), worker(), worker("韦玉兰")

    def ask() -> object:
        return actions.apply_for_star(star=1, by=by(person), now=NOW)

    assert at_once(ask, ask) == ["", "star_already_applied"]
    application = StarApplication.objects.get()
    which = {"application_id": application.pk, "now": NOW}
    assert at_once(
        lambda: actions.approve_application(by=clerk, **which),
        lambda: actions.refuse_application(by=colleague, reason="资料不全", **which),
    ) == ["", "star_application_decided"]

    StarApplication.objects.all().delete()
    asked = applied(person)
    actions.approve_application(application_id=asked.pk, by=clerk, now=NOW)
    at_once(lambda: actions.grant_stars(now=AFTER), lambda: actions.grant_stars(now=AFTER))
    assert StarChange.objects.count() == 1


def test_elder_and_daughter_rate_once() -> None:
    daughter = make_person("陈丽")
    record = make_visited(make_volunteer().person, now=NOW - timedelta(days=1))
    make_kinship(record.beneficiary, daughter)
    speakers = [record.beneficiary, daughter]

    def rate(who: int) -> Callable[[], object]:
        return lambda: actions.rate(
            record_id=record.pk,
            side=Side.VOLUNTEER,
            points=(5, 5, 5),
            by=by(speakers[who]),
            now=NOW,
        )

    assert at_once(rate(0), rate(1)) == ["", "already_rated"]
    assert Rating.objects.count() == 1
