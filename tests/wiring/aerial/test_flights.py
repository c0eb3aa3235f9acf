"""What the settings state of an airframe counts for what it says of itself."""

from dataclasses import replace
from pathlib import Path

from morina.sense.aerial import Angles, Flight, Height, HeightDatum, Lens, Spread, Telemetry
from morina.sense.aerial.sources.told import Handed
from morina.sense.aerial.stated import PlaceOrder, Stated
from morina.settings import Settings
from morina.wiring.aerial.flights import asked_of, spread_of, with_spread
from morina.wiring.aerial.ground import ground_of

ASSUMED = Spread(horizontal_m=5, vertical_m=8, yaw_deg=1, pitch_deg=1, roll_deg=1)
STATED = {"horizontal_m": 1.2, "vertical_m": 1.5, "yaw_deg": 0.8, "pitch_deg": 0.3, "roll_deg": 0.3}


def test_errors_stated_for_an_airframe_replace_those_assumed_for_its_format() -> None:
    settings = Settings.model_validate({"aerial": {"spreads": {"ridge-2": STATED}}})
    moments = [
        Telemetry(at_s=at_s, latitude=42, longitude=20, height=Height(1, HeightDatum.ELLIPSOID),
                  spread=ASSUMED) for at_s in (0.0, 0.5)
    ]  # fmt: skip
    flight = Flight(source="invented", telemetry=moments)
    stated = with_spread(flight, spread_of(settings, "ridge-2"))
    assert {one.spread for one in stated.telemetry} == {Spread(**STATED)}
    assert with_spread(flight, spread_of(settings, "another")) is flight


def test_a_lens_stated_for_an_airframe_bends_what_it_sees(tmp_path: Path) -> None:
    lenses = {"ridge-2": {"k1": -0.12, "p2": 0.001}}
    settings = Settings.model_validate({"home": tmp_path, "aerial": {"lenses": lenses}})
    moment = Telemetry(
        at_s=0, latitude=42, longitude=20, height=Height(900, HeightDatum.ELLIPSOID),
        spread=ASSUMED, camera=Angles(0, -90), view=(60, 40),
    )  # fmt: skip
    flight = Flight(source="invented", telemetry=[moment])
    assert ground_of(settings, "ridge-2").pose(flight, moment).lens == Lens(k1=-0.12, p2=0.001)
    assert ground_of(settings, "another").pose(flight, moment).lens == Lens()


def test_what_a_person_states_of_a_flight_stands_above_its_airframes_settings() -> None:
    stated = {"orders": {"Mini 2": "lat_lon"}, "views": {"Mini 2": [61.0, 48.0]}}
    settings = Settings.model_validate({"aerial": stated})
    plain = Handed(name="a.srt", airframe="Mini 2")
    assert asked_of(settings, plain) == ("lat_lon", (61.0, 48.0))
    own = replace(plain, stated=Stated(order=PlaceOrder.LON_LAT, view_across_deg=70.0))
    assert asked_of(settings, own) == ("lon_lat", None)
