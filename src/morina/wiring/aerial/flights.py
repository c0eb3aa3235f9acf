"""A telemetry file of a sortie becomes a flight, with what the settings add for its airframe."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from morina.sense.aerial.sources import klv
from morina.sense.aerial.sources.as_stated import as_stated
from morina.sense.aerial.sources.klv_transport import is_transport
from morina.sense.aerial.sources.reading_in import flight_of
from morina.sense.aerial.sources.told import Handed
from morina.sense.aerial.telemetry import Flight, Spread, TelemetryError
from morina.settings import Settings

AT_ONCE = 1 << 20
MOST_BYTES = 1_000_000_000
"""Of telemetry that is no video: it is read whole."""


def flight_in(file: Path, name: str, order: str | None, view: tuple[float, float] | None) -> Flight:
    """Of a file called ``name`` when it came; blocking. TelemetryError."""
    with file.open("rb") as stream:
        if is_transport(stream.read(AT_ONCE)):
            return klv.flight(_pieces(file))
        if file.stat().st_size > MOST_BYTES:
            fault = f"more than {MOST_BYTES:,} bytes of telemetry"
            raise TelemetryError(name, fault, "send the telemetry of one flight")
        stream.seek(0)
        return flight_of(name, stream.read(), order=order, view=view)


def stated_flight(
    settings: Settings, file: Path, handed: Handed, shape: tuple[int, int] | None
) -> Flight:
    """With what the settings and a person state of it; blocking. ``shape`` as in ``as_stated``.
    TelemetryError."""
    order, view = asked_of(settings, handed)
    told = flight_in(file, handed.name, order, view)
    return as_stated(with_spread(told, spread_of(settings, handed.airframe)), handed.stated, shape)


def asked_of(settings: Settings, handed: Handed) -> tuple[str | None, tuple[float, float] | None]:
    """The order of places and the field of view its reader is told: a person's word on the flight
    stands above the settings' on the airframe."""
    aerial, stated = settings.aerial, handed.stated
    order = stated.order or aerial.orders.get(handed.airframe)
    return order, None if stated.view_across_deg else aerial.views.get(handed.airframe)


def spread_of(settings: Settings, airframe: str) -> Spread | None:
    """The errors that are stated for an airframe, None where its format's own are to count."""
    stated = settings.aerial.spreads.get(airframe)
    return Spread(**stated.model_dump()) if stated else None


def with_spread(flight: Flight, spread: Spread | None) -> Flight:
    """The flight with that spread in each moment."""
    if spread is None:
        return flight
    return replace(flight, telemetry=[replace(one, spread=spread) for one in flight.telemetry])


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while piece := stream.read(AT_ONCE):
            yield piece
