"""Who may know what, why and for how long."""

from morina.accountability.consultations import Consultations, NoSuchConsultationError
from morina.accountability.identity import SignInRefusedError, User, Users
from morina.accountability.purpose import (
    Asked,
    Consultation,
    Outcome,
    Purpose,
    PurposeCode,
    RefusedPurposeError,
)

__all__ = [
    "Asked",
    "Consultation",
    "Consultations",
    "NoSuchConsultationError",
    "Outcome",
    "Purpose",
    "PurposeCode",
    "RefusedPurposeError",
    "SignInRefusedError",
    "User",
    "Users",
]
