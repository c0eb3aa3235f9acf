"""The register of vehicles, as a role: what is registered under a plate or a VIN at a moment.

The fields are those of the vehicle registration data of Council Decision 2008/616/JHA, with the
codes of the European registration document; ``FIELDS`` is the one list of them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from morina.exchange.message import Value
from morina.plates import NotAPlateError, Plate

_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
LEAST_PLATE = 3
WILDCARDS = frozenset("*?%_#")


class RefusedVehicleError(ValueError):
    """No full plate or VIN; ``place`` is the field at fault, the text says what to write."""

    def __init__(self, place: str, said: str) -> None:
        super().__init__(f"{place}: {said}")
        self.place = place


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One vehicle by its full plate with the country, or by its VIN: never both, never a part."""

    plate: Plate | None = None
    vin: str = ""

    def __post_init__(self) -> None:
        if (self.plate is None) == (not self.vin):
            raise RefusedVehicleError("plate", "give one plate with its country, or one VIN")
        if self.plate is not None and self.plate.country is None:
            raise RefusedVehicleError("country", "name the country that issued the plate")
        if self.plate is not None and len(self.plate.text) < LEAST_PLATE:
            raise RefusedVehicleError("plate", "write the whole plate; parts are not asked for")
        if self.vin and not _VIN.fullmatch(self.vin):
            raise RefusedVehicleError("vin", f"{_vin_fault(self.vin)}; write the whole VIN")

    @classmethod
    def of(cls, plate: str = "", country: str = "", vin: str = "") -> "Named":
        """A vehicle as somebody typed it; RefusedVehicleError for wildcards, parts and slips."""
        typed = {"plate": plate.strip(), "vin": vin.strip()}
        for place, text in typed.items():
            if WILDCARDS & set(text):
                raise RefusedVehicleError(place, "wildcards are not asked across a border")
        if not typed["plate"]:
            return cls(vin="".join(typed["vin"].split()).upper())
        try:
            named = Plate.of(plate, country.strip().upper() or None)
        except NotAPlateError as error:
            raise RefusedVehicleError("plate", str(error)) from None
        return cls(plate=named, vin=typed["vin"].upper())

    @property
    def said(self) -> Mapping[str, str]:
        """As fields of an item."""
        if self.plate is None:
            return {"vin": self.vin}
        return {"plate": self.plate.text, "country": self.plate.country or ""}

    @property
    def words(self) -> str:
        """For people: GB AB12CDE, or VIN and its characters."""
        return (
            f"VIN {self.vin}" if self.plate is None else " ".join(reversed([*self.said.values()]))
        )


def _vin_fault(vin: str) -> str:
    if len(vin) != 17:
        return f"{len(vin)} characters; a VIN has 17"
    wrong = next(one for one in vin if not _VIN.fullmatch(one * 17))
    return f"{wrong!r} stands in no VIN: letters A-Z without I, O and Q, and digits"


class Field(NamedTuple):
    """One field: ``code`` of the registration document, empty for none; whether it is of the
    ``refine`` set that is told where several vehicles answer; whether it is about a ``person``
    and so is never in an answer."""

    name: str
    code: str = ""
    refine: bool = False
    person: bool = False
    kind: type[str] | type[int] | type[datetime] = str


FIELDS: tuple[Field, ...] = (
    Field("plate", "A", refine=True),
    Field("register_country", "", refine=True),
    Field("vin", "E", refine=True),
    Field("make", "D.1", refine=True),
    Field("model", "D.3", refine=True),
    Field("eu_category", "J", refine=True),
    Field("colour"),
    Field("status"),
    Field("status_from", kind=datetime),
    Field("status_to", kind=datetime),
    Field("first_registration", "B", kind=datetime),
    Field("registered_from", kind=datetime),
    Field("registered_to", kind=datetime),
    Field("power_kw", kind=int),
    Field("capacity_cm3", kind=int),
    Field("plate_type"),
    Field("document_id"),
    Field("insured_by"),
    Field("insured_from", kind=datetime),
    Field("insured_to", kind=datetime),
    Field("holder_name", "C.1", person=True),
    Field("holder_first_name", "C.1", person=True),
    Field("holder_address", "C.1", person=True),
    Field("holder_born_on", "C.1", person=True),
    Field("owner_name", "C.2", person=True),
    Field("owner_first_name", "C.2", person=True),
    Field("owner_address", "C.2", person=True),
    Field("owner_born_on", "C.2", person=True),
)  # fmt: skip
"""All fields, in the order of the file the importer takes."""

REFINE = frozenset(one.name for one in FIELDS if one.refine)
TOLD = frozenset(one.name for one in FIELDS if not one.person)
"""What an answer may tell at most; an agreement allows all or fewer."""

PERSONS = frozenset(one.name for one in FIELDS if one.person)
"""What only a follow-up may release."""

STOLEN = "stolen"
"""A status; others are the register's own words, as registered, scrapped, exported."""


@dataclass(frozen=True, slots=True)
class RegisteredVehicle:
    """One vehicle as it stood in the register at the moment asked for. ``fields`` are those of
    ``FIELDS`` it holds; times are ISO 8601, UTC."""

    fields: Mapping[str, Value]

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.fields) - TOLD - PERSONS):
            raise ValueError(f"the register knows no field {unknown[0]}")

    def told(self, allowed: frozenset[str], refined: bool) -> Mapping[str, Value]:
        """What may be told: of persons nothing; the refine set only where ``refined``."""
        may = allowed & (REFINE if refined else TOLD)
        return {name: value for name, value in self.fields.items() if name in may}

    @property
    def plate(self) -> Plate | None:
        """Its plate at that moment; None where it had none."""
        text, country = (str(self.fields.get(one, "")) for one in ("plate", "register_country"))
        return Plate.of(text, country or None) if text else None

    @property
    def is_stolen(self) -> bool:
        """Whether the register says so."""
        return self.fields.get("status") == STOLEN


class VehicleRegister(Protocol):
    """A register of vehicles: the authority's own, reached by an adapter, or the reference one."""

    async def look_up(
        self, named: Named, at: datetime | None = None
    ) -> Sequence[RegisteredVehicle]:
        """Vehicles under that plate or VIN as they stood at ``at`` (None: now); none is no error.

        ConnectionError where the register does not answer; whoever asks sets the limit of time.
        """
