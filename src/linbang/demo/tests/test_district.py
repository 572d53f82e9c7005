from datetime import date
from random import Random

from linbang.demo.rules import district, figures
from linbang.demo.rules.names import AREA_OF_DISTRICT, invented_document
from linbang.demo.rules.rosters import ROSTERS
from linbang.foundation.people.choices import DocumentType
from linbang.foundation.people.rules import read_document

TODAY = date(2026, 11, 26)


def test_units_and_teams_have_the_published_numbers():
    units, brigades = district.units(), district.brigades()
    squads = [squad for brigade in brigades for squad in brigade.squads]
    streets = len(district.COMMUNITIES_A_STREET)

    assert len({unit.name for unit in units}) == figures.DISTRICT_UNITS
    assert sum(district.COMMUNITIES_A_STREET) == figures.DISTRICT_COMMUNITIES
    # One detachment, brigades of streets and fields, squads of communities and units.
    assert 1 + streets + len(brigades) + figures.DISTRICT_COMMUNITIES + len(squads) == (
        figures.DISTRICT_TEAMS
    )


def test_every_unit_has_one_squad():
    owners = [unit for one in district.brigades() for squad in one.squads for unit in squad]

    assert sorted(unit.name for unit in owners) == sorted(unit.name for unit in district.units())
    names = [district.squad_name(squad) for one in district.brigades() for squad in one.squads]
    assert len(set(names)) == len(names)


def test_squads_hold_everybody():
    sizes = district.squad_sizes(Random(1), 50, 94)

    assert (len(sizes), sum(sizes)) == (144, figures.DISTRICT_VOLUNTEERS)
    assert min(sizes) > 10


def test_points_have_the_published_numbers():
    shares = [share for _, share in district.service_points()]

    assert len(set(district.crossings())) == figures.CROSSINGS
    assert (len(shares), sum(shares)) == (figures.SERVICE_POINTS, figures.PAIRED_UNITS)
    # One to one, and several to one.
    assert set(shares) == {1, 2, 3}


def test_trainings_have_the_published_number():
    assert sum(sittings for *_, sittings in district.COURSES) == figures.TRAININGS


def test_rosters_keep_to_their_weekdays():
    for roster in ROSTERS:
        days = roster.dates(TODAY)
        assert {day.weekday() for day in days} <= set(roster.weekdays)
        assert min(days) < TODAY <= max(days)
        assert roster.places_min <= roster.places
        (nth, starts_at, ends_at), *_ = roster.windows(days[0])
        assert nth == 0
        assert starts_at < ends_at


def test_documents_of_the_district_are_of_no_county():
    number = invented_document(date(1990, 5, 1), "m", 7, AREA_OF_DISTRICT)

    assert number.startswith("350299")
    assert read_document(DocumentType.RESIDENT_ID, number, today=TODAY).sex == "m"
