"""The tables of planning, one file a noun."""

from linbang.intake.activities.models.activities import Activity, ActivityStep, Desk, Post
from linbang.intake.activities.models.insurance import InsurancePolicy
from linbang.intake.activities.models.points import DutyPoint, PointPairing
from linbang.intake.activities.models.programmes import (
    Brand,
    Campaign,
    KeyPeriod,
    Project,
    ProjectMeasure,
)
from linbang.intake.activities.models.qualifications import Qualification
from linbang.intake.activities.models.shifts import Series, Shift

__all__ = [
    "Activity",
    "ActivityStep",
    "Brand",
    "Campaign",
    "Desk",
    "DutyPoint",
    "InsurancePolicy",
    "KeyPeriod",
    "PointPairing",
    "Post",
    "Project",
    "ProjectMeasure",
    "Qualification",
    "Series",
    "Shift",
]
