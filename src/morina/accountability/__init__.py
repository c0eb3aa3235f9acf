"""Who may know what, why and for how long."""

from morina.accountability.consultations import Consultations, NoSuchConsultationError
from morina.accountability.identity import (
    Account,
    LastAdministratorError,
    NoSuchAccountError,
    SignInRefusedError,
    User,
    Users,
)
from morina.accountability.policy import Action, RefusedRolesError, Role
from morina.accountability.purpose import (
    Asked,
    Consultation,
    Outcome,
    Purpose,
    PurposeCode,
    RefusedPurposeError,
)

__all__ = [
    "Account",
    "Action",
    "Asked",
    "Consultation",
    "Consultations",
    "LastAdministratorError",
    "NoSuchAccountError",
    "NoSuchConsultationError",
    "Outcome",
    "Purpose",
    "PurposeCode",
    "RefusedPurposeError",
    "RefusedRolesError",
    "Role",
    "SignInRefusedError",
    "User",
    "Users",
]
