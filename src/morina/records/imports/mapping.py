"""The mapping file: which column of another system's file is what."""

import tomllib
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from morina.sense import Said
from morina.sense.said import LONGEST as LONGEST_WORD

FileFormat = Literal["csv", "jsonl", "parquet"]
ENDINGS: Mapping[str, FileFormat] = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip
KMH_A_UNIT = {"kmh": 1.0, "mph": 1.609344, "m/s": 3.6}


class MappingError(ValueError):
    """A mapping file that cannot be used, or does not fit the file; says where and what to do."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Columns(_Part):
    """Column names, for JSON also paths such as ``vehicle.make``; several are joined by a blank.

    Empty where the system has none.
    """

    plate: str
    camera: str
    captured_at: str | tuple[str, ...]
    event_id: str = ""
    received_at: str = ""
    country: str = ""
    confidence: str = ""
    make: str = ""
    model: str = ""
    colour: str = ""
    vehicle_class: str = ""
    lane: str = ""
    direction: str = ""
    speed: str = ""

    @property
    def times(self) -> tuple[str, ...]:
        """The columns that make the time of capture."""
        return (self.captured_at,) if isinstance(self.captured_at, str) else self.captured_at

    def named(self) -> list[str]:
        """Every column that is used, once."""
        single = [getattr(self, name) for name in type(self).model_fields if name != "captured_at"]
        return [*dict.fromkeys(one for one in (*single, *self.times) if one)]

    @model_validator(mode="after")
    def _are_there(self) -> Self:
        if not self.plate or not self.camera or not all(self.times or ("",)):
            raise ValueError("plate, camera and captured_at must each name a column")
        return self


class Times(_Part):
    """How times are written: ``formats`` of ``strptime``, none for ISO 8601; or ``epoch``.

    ``zone`` is the clock's where the times carry none.
    """

    formats: tuple[str, ...] = ()
    epoch: Literal["s", "ms", "us", "ns"] | None = None
    zone: str = ""

    @model_validator(mode="after")
    def _can_be_told(self) -> Self:
        if self.zone and self.zone not in available_timezones():
            raise ValueError(f"zone {self.zone!r} is unknown; write one such as Europe/Tirane")
        if self.formats and self.epoch:
            raise ValueError("formats and epoch exclude each other; leave one out")
        return self

    @property
    def tzinfo(self) -> ZoneInfo | None:
        """The zone, None where none is said."""
        return ZoneInfo(self.zone) if self.zone else None


class Csv(_Part):
    """How a CSV file is written. ``header`` names the columns of a file that has no header row."""

    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    quote: Annotated[str, Field(min_length=1, max_length=1)] = '"'
    encoding: Literal[
        "utf-8", "iso-8859-1", "iso-8859-2", "windows-1250", "windows-1251", "windows-1252"
    ] = "utf-8"
    header: tuple[str, ...] = ()


class Plates(_Part):
    """``unread`` are further words the system writes where it read no plate."""

    unread: tuple[str, ...] = ()


class Confidence(_Part):
    """The greatest confidence the system writes: 1, 100, 999."""

    scale: float = Field(1.0, gt=0)


class Speed(_Part):
    """What speeds are counted in."""

    unit: Literal["kmh", "mph", "m/s"] = "kmh"


class MappedCamera(_Part):
    """Our camera of one of theirs; ``name``, ``site`` and place only to make it where it is not."""

    camera_id: str = ""
    name: str = ""
    site: str = ""
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    bearing: float = Field(0.0, ge=0, lt=360)


class FileMapping(_Part):
    """A whole mapping file. ``source`` names the other system; it is part of every read's id."""

    source: str = Field(min_length=1, max_length=LONGEST_WORD)
    format: FileFormat | None = None
    columns: Columns
    time: Times = Times()
    csv: Csv = Csv()
    plate: Plates = Plates()
    confidence: Confidence = Confidence()
    speed: Speed = Speed()
    countries: dict[str, str] = {}
    cameras: dict[str, MappedCamera] = {}

    @field_validator("source")
    @classmethod
    def _can_be_kept(cls, source: str) -> str:
        Said(by="import", text=source)
        return source

    @field_validator("countries")
    @classmethod
    def _are_codes(cls, countries: dict[str, str]) -> dict[str, str]:
        for spelling, code in countries.items():
            if code and not (len(code) == 2 and code.isascii() and code.isupper()):
                raise ValueError(f"{spelling!r} is {code!r}; write two capital letters such as AL")
        return countries

    def format_of(self, file_name: str) -> FileFormat:
        """What the file is written in: as said, else by its ending; MappingError."""
        ending = "." + file_name.lower().rpartition(".")[2]
        if self.format or ending in ENDINGS:
            return self.format or ENDINGS[ending]
        raise MappingError(
            f"{file_name}: what it is written in cannot be told by its name; "
            'add format = "csv", "jsonl" or "parquet" to the mapping'
        )


def mapping_of(content: bytes, name: str) -> FileMapping:
    """The mapping in the TOML file ``name``; MappingError names every wrong place."""
    try:
        said: dict[str, Any] = tomllib.loads(content.decode())
        return FileMapping.model_validate(said)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{name}: {error}; mend the TOML there") from None
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors()]
        told = "; ".join(lines)
        raise MappingError(f"{name}: {told}; docs/records-import.md lists every key") from None
