"""Stations: opening one, and keeping what is told of it true."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotAllowed, NotFound, refusing
from linbang.foundation.places import queries, rules
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.errors import PlaceKindWrong, StationNameTaken
from linbang.foundation.places.models import OpeningHours, Region, Station


@transaction.atomic
def open_station(*, details: rules.StationDetails, by: rules.Keeper, now: datetime) -> Station:
    """Open a service station in a street or community.

    Raises NotAllowed, PlaceKindWrong, PlaceNameMissing, LocationImpossible, StationPhoneWrong,
    OpeningHoursImpossible, StationNameTaken.
    """
    _require_region(details.region_code, by=by)
    station = Station(cell=details.region_code[:6])
    _write(station, details)
    with refusing({"station_name_once_a_region": StationNameTaken}), transaction.atomic():
        station.save(force_insert=True)
    _set_hours(station, details)
    record(by=by, action="places.open_station", subject=station, now=now)
    return station


@transaction.atomic
def edit_station(
    *, station_id: int, details: rules.StationDetails, by: rules.Keeper, now: datetime
) -> Station:
    """Change what is told of a station, its opening hours included.

    Raises as ``open_station``, and NotFound.
    """
    station = queries.lock_station(station_id)
    if not by.may(rules.EDIT_PLACES, region=station.region_id):
        raise NotFound
    _require_region(details.region_code, by=by)
    _write(station, details)
    with refusing({"station_name_once_a_region": StationNameTaken}), transaction.atomic():
        station.save(
            update_fields=[
                "region", "name", "address", "phone", "longitude", "latitude", "features"
            ]
        )  # fmt: skip
    _set_hours(station, details)
    record(by=by, action="places.edit_station", subject=station, now=now)
    return station


def _require_region(code: str, *, by: rules.Keeper) -> None:
    if not by.may(rules.EDIT_PLACES, region=code):
        raise NotAllowed
    levels = (RegionLevel.STREET, RegionLevel.COMMUNITY)
    if not Region.objects.current().filter(pk=code, level__in=levels).exists():
        raise PlaceKindWrong(field="region_code")


def _write(station: Station, details: rules.StationDetails) -> None:
    station.region_id = details.region_code
    station.name = rules.require_place_name(details.name)
    station.address = details.address.strip()
    station.phone = rules.require_dialled(details.phone)
    station.longitude, station.latitude = rules.require_location(
        details.longitude, details.latitude
    )
    station.features = rules.known_features(details.features)


def _set_hours(station: Station, details: rules.StationDetails) -> None:
    windows = rules.require_hours(details.hours)
    OpeningHours.objects.filter(station=station).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(station=station, weekday=w.weekday, opens_at=w.opens_at, closes_at=w.closes_at)
        for w in windows
    )
