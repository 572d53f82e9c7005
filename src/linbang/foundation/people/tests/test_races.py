"""Two connections at once: one identity becomes one record."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from linbang.foundation import clock
from linbang.foundation.access.rules import Actor
from linbang.foundation.people import actions, rules
from linbang.foundation.people.choices import DocumentType
from linbang.foundation.people.errors import ClaimOpen, DuplicateIdentity
from linbang.foundation.people.factories import make_consent_texts, make_person
from linbang.foundation.people.models import IdentityClaim, Person
from linbang.foundation.places.factories import BUILDING, make_region, make_region_tree

ELSEWHERE = "110105004001"


def at_once(*works):
    """Run each work on a connection of its own, all starting together; return what came out."""
    barrier = Barrier(len(works))

    def run(work):
        try:
            barrier.wait(timeout=10)
            return work()
        except (DuplicateIdentity, ClaimOpen) as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def register(phone: str, region_code: str):
    def work():
        return actions.register_person(
            details=rules.Registration(
                name="李秀英", document_number="11010519491231002X", region_code=region_code,
                phone=phone,
            ),
            by=Actor(),
            now=clock.now(),
        ).pk  # fmt: skip

    return work


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second_home", [BUILDING, ELSEWHERE], ids=["same county", "another"])
def test_one_identity_is_registered_once(second_home):
    make_region_tree(), make_consent_texts()
    make_region(ELSEWHERE, "三里屯社区")

    outcomes = at_once(register("13800138000", BUILDING), register("13800138001", second_home))

    (winner,) = [outcome for outcome in outcomes if outcome is not DuplicateIdentity]
    assert list(Person.objects.values_list("pk", flat=True)) == [winner]


@pytest.mark.django_db(transaction=True)
def test_one_claim_is_opened_once():
    person = make_person()

    def claim():
        return actions.claim_identity(
            document_type=DocumentType.RESIDENT_ID,
            document_number=person.document_number,
            phone="13900139000",
            by=Actor(),
            now=clock.now(),
        ).pk

    outcomes = at_once(claim, claim)

    assert outcomes.count(ClaimOpen) == 1
    assert IdentityClaim.objects.count() == 1
