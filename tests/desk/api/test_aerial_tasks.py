"""Over HTTP: a track is named, rescue called, places handed on; nobody sees more than theirs."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import numpy as np
import psycopg
import pytest
from numpy.typing import NDArray
from psycopg_pool import AsyncConnectionPool
from tests.desk.api.conftest import Desk

from flown import fly, moving
from morina.accountability import Role
from morina.accountability.trail import Act, Sought
from morina.desk.aerial import AerialServices
from morina.sense.aerial import Angles, ObjectKind, Place, Pose, Spread
from morina.sense.aerial.adapters.sortie_rows import KEEP_MOMENT, moment_row
from morina.sense.aerial.adapters.video_pictures import VideoPictures
from morina.sense.aerial.roles import Moment
from morina.sense.cameras import Camera
from morina.settings import Settings
from morina.wiring.aerial.ground import ground_of
from morina.wiring.aerial.store import sorties_of
from morina.wiring.aerial.tasks import reviews_of, tasks_of

PURPOSE = {
    "code": "serious_crime", "case_number": "C-7", "legal_basis": "Police Act 12",
    "justification": "lorry with stolen timber seen near the mill",
}  # fmt: skip
SPREAD = Spread(horizontal_m=2, vertical_m=3, yaw_deg=1, pitch_deg=0.5, roll_deg=0.5)
POSE = Pose(
    latitude=42.1, longitude=20.42, height_m=900.0, camera=Angles(0, -90, 0), view=(60, 40),
    spread=SPREAD,
)  # fmt: skip


@dataclass(frozen=True)
class Below:
    """All that is seen lies straight under the aircraft."""

    def places(self, pose: Pose, at: NDArray[np.float64]) -> Sequence[Place | None]:
        one = Place(
            latitude=pose.latitude, longitude=pose.longitude, height_m=640.0,
            covariance=(9.0, 0.0, 4.0), height_sd_m=2.0, range_m=260.0,
        )  # fmt: skip
        return [one] * len(at)


@dataclass(frozen=True)
class Flown:
    """A flight at the node with a person and a vehicle in it."""

    sortie_id: UUID
    person: UUID
    vehicle: UUID

    def of(self, track_id: UUID, what: str) -> str:
        return f"/api/v1/aerial/sorties/{self.sortie_id}/tracks/{track_id}/{what}"


@pytest.fixture
async def flown(desk: Desk, empty_dsn: str, tmp_path: Path) -> AsyncIterator[Flown]:
    sortie_id, settings, pictures = uuid4(), Settings(home=tmp_path), VideoPictures()
    person, vehicle = moving(sortie_id), moving(sortie_id, ObjectKind.VEHICLE)
    fly(empty_dsn, person, vehicle, sortie_id=sortie_id)
    seen = Moment(frame=10, at_s=1.0, latitude=42.1, longitude=20.42, height_m=900.0, pose=POSE)
    with psycopg.connect(empty_dsn) as connection:
        connection.execute(KEEP_MOMENT, moment_row(sortie_id, seen))
    async with AsyncConnectionPool(empty_dsn, min_size=1, max_size=3, open=False) as pool:
        aerial = AerialServices(
            sorties=sorties_of(settings, pool, ground_of(settings), pictures),
            ground=Below(),  # type: ignore[arg-type]  # of its role what a click needs
            reviews=reviews_of(settings, pool), tasks=tasks_of(settings, pool),
        )  # fmt: skip
        object.__setattr__(desk.services, "aerial", aerial)
        yield Flown(sortie_id, person.track_id, vehicle.track_id)
    await pictures.close()


async def named(desk: Desk, flown: Flown, track_id: UUID, name: str) -> httpx.Response:
    sent = {"named": name} if name == "in_trouble" else {"named": name, "purpose": PURPOSE}
    return await desk.client.post(flown.of(track_id, "reviews"), json=sent)


async def test_in_trouble_needs_one_word_and_rescue_sees_the_place_alone(
    desk: Desk, flown: Flown
) -> None:
    sent = {"named": "in_trouble", "remark": "waves"}
    made = await desk.client.post(flown.of(flown.person, "reviews"), json=sent)
    assert made.status_code == 201, made.text
    assert made.json()["machine"] == "person"
    async with desk.holding(Role.MOUNTAIN_RESCUE) as rescue:
        [task] = (await rescue.get("/api/v1/aerial/tasks")).json()
        assert (task["kind"], task["state"], task["said"]) == ("rescue", "open", "waves")
        assert task["latitude"] == pytest.approx(42.10002)
        assert task["height_m"] is None
        assert [task[one] for one in ("sortie_id", "track_id", "case_number")] == [None] * 3
        for what in ("", "/tracks", "/moments", "/picture?at=1", "/reviews"):
            there = f"/api/v1/aerial/sorties/{flown.sortie_id}{what}"
            assert (await rescue.get(there)).status_code == 403, what
        steps = f"/api/v1/aerial/tasks/{task['task_id']}/steps"
        taken = await rescue.post(steps, json={"step": "take"})
        assert (taken.json()["state"], taken.json()["taken_by"]) == ("taken", "mountain_rescue")
        assert (await rescue.post(steps, json={"step": "take"})).status_code == 409
        silent = await rescue.post(steps, json={"step": "finish"})
        assert (silent.status_code, silent.json()["mend"]) == (
            409, "say in words what was found or why",
        )  # fmt: skip
        called_off = await rescue.post(steps, json={"step": "cancel", "outcome": "no"})
        assert called_off.status_code == 403
        done = await rescue.post(steps, json={"step": "finish", "outcome": "brought down"})
        assert done.json()["state"] == "done"
        assert (await rescue.get("/api/v1/aerial/tasks")).json() == []
        kept = (await rescue.get("/api/v1/aerial/tasks?state=done")).json()
        assert [one["outcome"] for one in kept] == ["brought down"]


async def test_all_else_needs_a_purpose_that_says_something(desk: Desk, flown: Flown) -> None:
    path = flown.of(flown.vehicle, "reviews")
    bare = await desk.client.post(path, json={"named": "vehicle"})
    assert bare.status_code == 422 and "a purpose is missing" in bare.json()["detail"]
    vague = {**PURPOSE, "justification": "too short"}
    said = await desk.client.post(path, json={"named": "vehicle", "purpose": vague})
    assert (said.status_code, said.json()["place"]) == (422, "purpose.justification")
    both = await desk.client.post(path, json={"named": "in_trouble", "purpose": PURPOSE})
    assert both.status_code == 422
    assert (await named(desk, flown, flown.vehicle, "vehicle")).status_code == 201
    unknown = await named(desk, flown, uuid4(), "vehicle")
    assert unknown.status_code == 404
    [review] = (await desk.client.get(f"/api/v1/aerial/sorties/{flown.sortie_id}/reviews")).json()
    assert (review["named"], review["officer"]) == ("vehicle", "ana")


async def test_a_patrol_goes_only_where_a_person_named_the_track(desk: Desk, flown: Flown) -> None:
    path = flown.of(flown.vehicle, "tasks")
    sent = {"kind": "patrol", "said": "white van", "purpose": PURPOSE}
    refused = await desk.client.post(path, json=sent)
    assert refused.status_code == 409
    assert refused.json()["detail"] == "nobody has said what the track is"
    await named(desk, flown, flown.vehicle, "vehicle")
    no_purpose = await desk.client.post(path, json={"kind": "patrol", "said": "white van"})
    assert no_purpose.status_code == 422
    made = await desk.client.post(path, json=sent)
    assert made.status_code == 201, made.text
    assert made.json()["track_id"] == str(flown.vehicle)
    async with desk.holding(Role.PATROL) as patrol, desk.holding(Role.MOUNTAIN_RESCUE) as rescue:
        [task] = (await patrol.get("/api/v1/aerial/tasks")).json()
        assert (task["said"], task["track_id"]) == ("white van", None)
        assert (await rescue.get("/api/v1/aerial/tasks")).json() == []
        steps = f"/api/v1/aerial/tasks/{task['task_id']}/steps"
        assert (await rescue.post(steps, json={"step": "take"})).status_code == 403
        assert (await patrol.post(steps, json={"step": "take"})).status_code == 200


async def test_a_pilot_calls_rescue_to_a_point_and_names_no_track(desk: Desk, flown: Flown) -> None:
    async with desk.holding(Role.DRONE_PILOT) as pilot:
        path = f"/api/v1/aerial/sorties/{flown.sortie_id}/rescues"
        sent = {"at_s": 1.0, "across": 0.5, "down": 0.5, "said": "lies beside the path"}
        made = await pilot.post(path, json=sent)
        assert made.status_code == 201, made.text
        task = made.json()
        assert (task["latitude"], task["height_m"]) == (42.1, 640.0)
        assert task["ce90_m"] == pytest.approx(2.146 * 3, rel=1e-3)
        assert task["seen_at"] == "2026-03-01T08:00:01Z"
        review = {"named": "in_trouble"}
        refused = await pilot.post(flown.of(flown.person, "reviews"), json=review)
        assert refused.status_code == 403
    [seen] = (await desk.client.get("/api/v1/aerial/tasks?kind=rescue")).json()
    assert seen["sortie_id"] == str(flown.sortie_id)
    assert desk.services.trail is not None
    told = await desk.services.trail.read(Sought(act=Act.DISCLOSURE))
    assert [(one.deed.who, one.deed.with_whom) for one in told] == [
        ("drone_pilot", "mountain rescue")
    ]


@pytest.fixture
def bare(empty_dsn: str, flown: Flown) -> UUID:
    """A flight whose telemetry has no camera angles: positions at 1 s and 2 s, and no more."""
    assert flown
    sortie_id = fly(empty_dsn)
    seen = [
        Moment(frame=10 * n, at_s=float(n), latitude=42.1 + n / 100, longitude=20.42, height_m=None)
        for n in (1, 2)
    ]
    with psycopg.connect(empty_dsn) as connection:
        for one in seen:
            connection.execute(KEEP_MOMENT, moment_row(sortie_id, one))
    return sortie_id


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"at_s": 1.0, "across": 0.5, "down": 0.5}, ("aircraft", 42.11, 15_000.0)),
        ({"at_s": 1.0, "across": 0.5, "down": 0.5, "latitude": 42.2, "longitude": 20.5},
         ("said", 42.2, 100.0)),
        ({"latitude": 42.2, "longitude": 20.5, "within_m": 30}, ("said", 42.2, 30.0)),
        ({}, ("aircraft", 42.12, 15_000.0)),
        ({"at_s": 4.0}, ("aircraft", 42.12, 15_050.0)),
    ],
)  # fmt: skip
async def test_rescue_is_called_from_a_flight_whose_pictures_have_no_place(
    desk: Desk, bare: UUID, sent: dict[str, float], told: tuple[str, float, float]
) -> None:
    async with desk.holding(Role.DRONE_PILOT) as pilot:
        path = f"/api/v1/aerial/sorties/{bare}/rescues"
        made = await pilot.post(path, json={"said": "waves", **sent})
    assert made.status_code == 201, made.text
    async with desk.holding(Role.MOUNTAIN_RESCUE) as rescue:
        [task] = (await rescue.get("/api/v1/aerial/tasks")).json()
    assert (task["placed"], round(task["latitude"], 7), task["ce90_m"]) == told
    assert (task["height_m"], task["le90_m"]) == (None, None)


async def test_a_computed_place_comes_before_one_that_is_said(desk: Desk, flown: Flown) -> None:
    path = f"/api/v1/aerial/sorties/{flown.sortie_id}/rescues"
    sent = {"at_s": 1.0, "across": 0.5, "down": 0.5, "latitude": 10.0, "longitude": 10.0}
    made = await desk.client.post(path, json={"said": "waves", **sent})
    assert made.status_code == 201, made.text
    assert (made.json()["placed"], made.json()["latitude"]) == ("computed", 42.1)


async def test_rescue_from_a_flight_without_a_position_needs_a_place_and_says_so(
    desk: Desk, flown: Flown, empty_dsn: str
) -> None:
    assert flown
    path = f"/api/v1/aerial/sorties/{fly(empty_dsn)}/rescues"
    refused = await desk.client.post(path, json={"said": "waves"})
    assert (refused.status_code, refused.json()["mend"]) == (
        422, "give the place by latitude and longitude",
    )  # fmt: skip
    for half in ({"latitude": 42.1}, {"across": 0.5, "at_s": 1.0}, {"across": 0.5, "down": 0.5}):
        assert (await desk.client.post(path, json={"said": "waves", **half})).status_code == 422
    said = {"said": "waves", "latitude": 42.1, "longitude": 20.4}
    assert (await desk.client.post(path, json=said)).status_code == 201


async def test_the_detectors_own_rate_has_counts_and_intervals(desk: Desk, flown: Flown) -> None:
    await named(desk, flown, flown.person, "nothing")
    [rate] = (await desk.client.get("/api/v1/aerial/rates")).json()
    assert (rate["machine"], rate["named"], rate["tracks"], rate["of"]) == (
        "person", "nothing", 1, 1,
    )  # fmt: skip
    assert rate["low"] == pytest.approx(0.2065, abs=1e-4)
    assert rate["high"] == 1.0


async def test_the_cameras_ahead_of_a_vehicle_are_told_for_a_purpose_and_written_down(
    desk: Desk, flown: Flown
) -> None:
    for camera_id, latitude in (("north", 42.15), ("south", 42.05), ("far", 42.5)):
        await desk.services.cameras.put(
            Camera(camera_id=camera_id, name=camera_id, site="S", latitude=latitude,
                   longitude=20.42)
        )  # fmt: skip
    path = flown.of(flown.vehicle, "way-ahead")
    early = await desk.client.post(path, json={"purpose": PURPOSE})
    assert early.status_code == 409
    await named(desk, flown, flown.vehicle, "vehicle")
    told = (await desk.client.post(path, json={"purpose": PURPOSE})).json()
    [camera] = told["cameras"]
    assert (camera["camera_id"], camera["after_id"], camera["usual_s"]) == ("north", "", None)
    assert camera["distance_m"] == pytest.approx(5558, abs=5)
    assert camera["soonest_s"] == pytest.approx(154, abs=2)
    assert told["left_at"] == "2026-03-01T08:00:02Z"
    [asked] = await desk.services.search.asking.consultations.newest(officer="ana", limit=1)
    assert (asked.number, asked.shown) == (told["number"], 1)
    assert str(flown.vehicle) in asked.question


async def test_a_node_without_reviews_says_so(desk: Desk, flown: Flown) -> None:
    assert desk.services.aerial is not None
    bare = AerialServices(sorties=desk.services.aerial.sorties)
    object.__setattr__(desk.services, "aerial", bare)
    for path in ("rates", "tasks", f"sorties/{flown.sortie_id}/reviews"):
        assert (await desk.client.get(f"/api/v1/aerial/{path}")).status_code == 404
