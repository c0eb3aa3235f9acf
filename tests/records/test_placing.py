"""Places named in a question become cameras before it is written down."""

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from psycopg_pool import AsyncConnectionPool

from asked import LAST_DAY, PATIENT_S, NothingCounted, nothing_kept, purpose
from morina.accountability.adapters.postgres_consultations import PostgresConsultations
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.records.asking import Asking, Rules
from morina.records.both_places import Area, BothPlaces, InAll
from morina.records.coverage import Coverages, Usuals
from morina.records.finding import FindPassages, Found
from morina.records.kinds import AnyKind, Kind, Question
from morina.records.place import Place, Spot, Strip
from morina.records.placing import PlacedCameras, grouped
from morina.records.questions import Answer, Coverage, Scope
from morina.records.refusing import RefusedQuestionError
from morina.records.retention import Group, Retention
from morina.records.running import Running
from morina.records.texts import AnyText
from morina.sense.cameras import Camera
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.wiring.asking_scopes import Named, hours_of, place_of
from morina.wiring.refused import RefusedError

CAMERAS = (
    Camera(camera_id="bridge-1", name="B1", site="Bridge", latitude=41.30, longitude=19.80),
    Camera(camera_id="bridge-2", name="B2", site="Bridge", latitude=41.31, longitude=19.80),
    Camera(camera_id="mill", name="M", site="Mill", latitude=41.40, longitude=19.90),
)
POLICIES = Retention(
    groups=(
        Group(
            name="border", owner="Border police", policy="Order 7", days=30,
            cameras=frozenset({"mill"}),
        ),
        Group(
            name="town", owner="Town", policy="Order 8", days=9, sites=frozenset({"Bridge"}),
        ),
    )
)  # fmt: skip
AROUND_MILL = (Spot(41.39, 19.89), Spot(41.39, 19.91), Spot(41.41, 19.91), Spot(41.41, 19.89))
SEA = (Spot(10, 10), Spot(10, 11), Spot(11, 11))


@pytest.fixture
async def asking(pool: AsyncConnectionPool) -> Asking:
    cameras = PostgresCameras(pool, PostgresTrail())
    for camera in CAMERAS:
        await cameras.put(camera)

    async def nothing(_asked: Question, _running: Running) -> Answer[Any]:
        return Answer(found=(), coverage=Coverage(asked=LAST_DAY, covered=LAST_DAY))

    kinds: list[AnyKind] = [
        Kind("passages", FindPassages, Found, nothing),
        Kind("both-places", BothPlaces, InAll, nothing),
    ]
    coverages = Coverages(NothingCounted(), lambda: Usuals({}, ZoneInfo("UTC")), nothing_kept)
    placing = PlacedCameras(cameras, POLICIES)
    return Asking(kinds, PostgresConsultations(pool), coverages, Rules(), placing)


async def written(asking: Asking, question: Question) -> tuple[Question, str]:
    question_id = await asking.ask(purpose(), question)
    state = await asking.settled(question_id, "ana", PATIENT_S)
    await asking.close()
    [one] = await asking.consultations.newest(limit=1)
    return state.question, one.question


def passages(place: Place, cameras: frozenset[str] | None = None) -> FindPassages:
    return FindPassages(scope=Scope(period=LAST_DAY, cameras=cameras, place=place), text=AnyText())


@pytest.mark.parametrize(
    ("place", "there", "words"),
    [
        (Place(area=AROUND_MILL), {"mill"},
         "area 41.39 19.89; 41.39 19.91; 41.41 19.91; 41.41 19.89, cameras mill"),
        (Place(corridor=Strip((Spot(41.29, 19.8), Spot(41.32, 19.8)), 50)),
         {"bridge-1", "bridge-2"},
         "within 50 m of the line 41.29 19.8; 41.32 19.8, cameras bridge-1, bridge-2"),
        (Place(sites=frozenset({"Bridge", "Mill"})), {"bridge-1", "bridge-2", "mill"},
         "sites Bridge, Mill, cameras bridge-1, bridge-2, mill"),
        (Place(groups=frozenset({"town"})), {"bridge-1", "bridge-2"},
         "groups town, cameras bridge-1, bridge-2"),
    ],
)  # fmt: skip
async def test_place_and_cameras_are_written_down(
    asking: Asking, place: Place, there: set[str], words: str
) -> None:
    asked, log = await written(asking, passages(place))
    assert asked.scope.cameras == frozenset(there)
    assert log.endswith(words)


async def test_cameras_beside_a_place_are_those_that_stand_there(asking: Asking) -> None:
    place = Place(sites=frozenset({"Bridge"}))
    asked, log = await written(asking, passages(place, frozenset({"bridge-2", "mill"})))
    assert asked.scope.cameras == frozenset({"bridge-2"})
    assert log.endswith("sites Bridge, cameras bridge-2")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place(area=SEA), "place: holds no camera; choose another place"),
        (Place(corridor=Strip(SEA, 100)), "place: holds no camera"),
        (Place(sites=frozenset({"Nowhere"})), "no camera stands at 'Nowhere'"),
        (Place(groups=frozenset({"navy"})), "no group 'navy'; choose of border, town"),
    ],
)
async def test_a_place_without_cameras_is_refused_and_nothing_written(
    asking: Asking, place: Place, words: str
) -> None:
    with pytest.raises(RefusedQuestionError, match=words):
        await asking.ask(purpose(), passages(place))
    assert await asking.consultations.newest() == []


async def test_each_of_several_areas_may_be_a_place(asking: Asking) -> None:
    areas = (
        Area("the mill", frozenset(), LAST_DAY, Place(area=AROUND_MILL)),
        Area("the bridge", frozenset({"bridge-1"}), LAST_DAY),
    )
    asked, log = await written(asking, BothPlaces(areas=areas))
    assert asked.scope.cameras == frozenset({"mill", "bridge-1"})
    assert "the mill (area 41.39 19.89" in log and "19.89, cameras mill)" in log
    sea = (areas[1], Area("the sea", frozenset(), LAST_DAY, Place(area=SEA)))
    with pytest.raises(RefusedQuestionError, match="areas: holds no camera"):
        await asking.ask(purpose(), BothPlaces(areas=sea))


def test_every_group_is_told_with_its_cameras_one_without_any_too() -> None:
    found = grouped(CAMERAS, POLICIES)
    assert found == {"border": frozenset({"mill"}), "town": frozenset({"bridge-1", "bridge-2"})}
    assert grouped(CAMERAS[:2], POLICIES)["border"] == frozenset()
    assert grouped(CAMERAS, Retention()) == {}


def test_a_place_is_just_one_thing() -> None:
    for parts in ({}, {"area": SEA, "sites": frozenset({"Mill"})}):
        with pytest.raises(RefusedQuestionError, match="just one of"):
            Place(**parts)  # type: ignore[arg-type]  # of several types
    with pytest.raises(RefusedQuestionError, match="2 corners"):
        Place(area=SEA[:2])
    with pytest.raises(RefusedQuestionError, match="within_m"):
        Strip(SEA, 0)


def test_many_corners_are_said_by_the_box_they_lie_in() -> None:
    ring = tuple(Spot(41 + n / 100, 19 - n / 100) for n in range(30))
    assert Place(area=ring).words() == "area of 30 points in 41 18.71 to 41.29 19"


def test_an_area_is_taken_from_geojson(tmp_path: Path) -> None:
    drawn = tmp_path / "area.geojson"
    ring = [[19.89, 41.39], [19.91, 41.39], [19.91, 41.41], [19.89, 41.39]]
    polygon = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {}, "geometry": polygon}
    for one in (polygon, feature, {"type": "FeatureCollection", "features": [feature]}):
        drawn.write_text(json.dumps(one), encoding="utf-8")
        assert place_of(Named(area=drawn)) == {
            "area": [
                {"latitude": 41.39, "longitude": 19.89},
                {"latitude": 41.39, "longitude": 19.91},
                {"latitude": 41.41, "longitude": 19.91},
            ]
        }
    for bad in ("", "[]", "{}", '{"type": "Point", "coordinates": [1, 2]}',
                json.dumps(polygon | {"coordinates": [ring, ring]})):  # fmt: skip
        drawn.write_text(bad, encoding="utf-8")
        with pytest.raises(RefusedError, match="draw one Polygon"):
            place_of(Named(area=drawn))
    with pytest.raises(RefusedError, match="No such file"):
        place_of(Named(area=tmp_path / "none.geojson"))
    with pytest.raises(RefusedError, match="both given"):
        place_of(Named(sites=("Mill",), area=drawn))
    assert place_of(Named(sites=("Mill",))) == {"sites": ["Mill"]}
    assert place_of(Named()) is None
    line = {"type": "LineString", "coordinates": [[19.8, 41.3], [19.9, 41.4]]}
    drawn.write_text(json.dumps(line), encoding="utf-8")
    assert place_of(Named(corridor=drawn, within_m=200)) == {
        "corridor": {
            "line": [
                {"latitude": 41.3, "longitude": 19.8},
                {"latitude": 41.4, "longitude": 19.9},
            ],
            "within_m": 200,
        }
    }
    assert place_of(Named(groups=("border",))) == {"groups": ["border"]}


def test_hours_of_the_command_line_are_by_the_officers_clock() -> None:
    assert hours_of("", (), "UTC") is None
    assert hours_of("22:00-05:00", ("sun", "fri"), "Europe/Tirane") == {
        "zone": "Europe/Tirane", "begins": "22:00:00", "ends": "05:00:00", "weekdays": [4, 6],
    }  # fmt: skip
    for bad in ("22", "22:00", "22:00-25:00", "a-b", "1-2-3"):
        with pytest.raises(RefusedError, match="no hours"):
            hours_of(bad, (), "UTC")
