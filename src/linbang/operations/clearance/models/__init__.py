"""The tables of clearance, one file a noun."""

from linbang.operations.clearance.models.acceptances import Acceptance, GuardianConsent
from linbang.operations.clearance.models.credentials import Credential
from linbang.operations.clearance.models.insurance import (
    InsuredList,
    InsuredListEntry,
    InsuredPerson,
)
from linbang.operations.clearance.models.suspensions import Appeal, Suspension
from linbang.operations.clearance.models.trainings import Enrolment, Training, TrainingSession

__all__ = [
    "Acceptance",
    "Appeal",
    "Credential",
    "Enrolment",
    "GuardianConsent",
    "InsuredList",
    "InsuredListEntry",
    "InsuredPerson",
    "Suspension",
    "Training",
    "TrainingSession",
]
