"""Who saves, gives and decides in the tests of spending."""

from datetime import date

from linbang.foundation.ledger.models import Transfer
from linbang.foundation.ledger.rules import BookFault
from linbang.foundation.people.factories import make_person, make_volunteer
from linbang.foundation.people.models import Person
from linbang.foundation.places.factories import make_region, make_region_tree
from linbang.intake.needs.factories import MONDAY
from linbang.outcomes.time_bank import queries

FAR = "450102001001"


def make_far_region() -> str:
    """Make a community of the neighbouring county."""
    make_region_tree()
    for code in (FAR[:6], FAR[:9], FAR):
        make_region(code, "兴宁")
    return FAR


def far_volunteer() -> Person:
    """Return a volunteer whose books are kept in another county."""
    return make_volunteer("远方", region=make_far_region()).person


def far_elder() -> Person:
    """Return an elder whose books are kept in another county."""
    return make_person("韦远", region=make_far_region(), birth_date=date(1944, 1, 1))


def balance(person: Person) -> int:
    """Return what a person has saved."""
    return queries.balance_of(person.pk, cell=person.cell)


def faults() -> list[BookFault]:
    """Return what is wrong in the books, but for what the tests gave out without a record."""
    given = set(Transfer.objects.filter(key__regex=r"^(given|grant):").values_list("pk", flat=True))
    return [
        fault
        for fault in queries.check_books(now=MONDAY)
        if fault.rule != "issue_is_explained" or fault.subject_id not in given
    ]
