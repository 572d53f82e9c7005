"""The tables of service, one file a noun."""

from linbang.operations.service.models.attendances import Absence, Attendance, ClosedRoll, WrongTry
from linbang.operations.service.models.calendars import CalendarFeed, CalendarRevision
from linbang.operations.service.models.desks import DeskTally
from linbang.operations.service.models.devices import DeviceSighting
from linbang.operations.service.models.incidents import Incident, IncidentPhoto
from linbang.operations.service.models.visits import CheckIn, CheckOut, Visit, WrongCode

__all__ = [
    "Absence",
    "Attendance",
    "CalendarFeed",
    "CalendarRevision",
    "CheckIn",
    "CheckOut",
    "ClosedRoll",
    "DeskTally",
    "DeviceSighting",
    "Incident",
    "IncidentPhoto",
    "Visit",
    "WrongCode",
    "WrongTry",
]
