"""Drone flights over HTTP: kept in PostgreSQL, filmed, over flat ground of which the rest is not
imported."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID, uuid4

import cv2
import httpx
import numpy as np
import pytest
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool
from tests.desk.api.conftest import Desk, client_of

from kept_sorties import NOW, TRACK_ID, Kept, film, kept_sorties, moment, sent, track
from made_terrain import STEP, OneClip
from morina.accountability import Role
from morina.accountability.adapters.postgres_trail import PostgresTrailReader
from morina.accountability.trail import Act
from morina.desk import sessions
from morina.desk.aerial import AerialServices
from morina.desk.api import serve
from morina.sense.aerial import Ground, SortieStep
from morina.sense.aerial.adapters.postgres_sorties_work import Film
from morina.sense.aerial.adapters.terrain_folder import TerrainFolder
from morina.sense.aerial.roles import NewSortie
from morina.sense.aerial.terrain.clip import Clip
from morina.sense.aerial.terrain.terrain_ground import TerrainGround

A = "/api/v1/aerial"
PURPOSE = {
    "code": "missing_person", "case_number": "C-2026-117", "legal_basis": "Police Act 12",
    "justification": "a walker missing since Monday",
}  # fmt: skip


@dataclass
class Air:
    """A node that keeps drone flights."""

    client: httpx.AsyncClient
    """The officer's, who pilots too."""

    app: FastAPI
    kept: Kept
    desk: Desk

    async def planned(self) -> UUID:
        """A flight that is cleared."""
        wanted = NewSortie(name="Ridge", case_number="C-7", task="look for a walker", officer="ana")
        made = await self.kept.sorties.plan(wanted, NOW)
        await self.kept.sorties.step(made.sortie_id, SortieStep.CLEAR, "ana", NOW)
        return made.sortie_id

    async def flown(self, folder: Path) -> UUID:
        """A flight of ten pictures with a track, worked through; the last has no pose."""
        sortie_id = await self.planned()
        content = film(folder / "film.avi", 10)
        names = ("film.avi", "said.srt")
        await self.kept.sorties.take_in(sortie_id, sent(content), sent(b"said"), names, "ana")
        work = self.kept.work
        assert await work.take_next()
        moments = [moment(frame) for frame in range(10)]
        moments[9] = replace(moments[9], at_s=9.0, pose=None, footprint=None)
        await work.film(sortie_id, Film(160, 120, 10, 10.0))
        await work.keep(sortie_id, moments, [track(sortie_id)], 1.0)
        await work.finish(sortie_id, ("gimbal angles",))
        return sortie_id

    async def entered(self) -> list[tuple[str, Act, str]]:
        """Who did what, oldest first."""
        entries = [one async for one in PostgresTrailReader(self.kept.pool).entries()]
        return [(one.deed.who, one.deed.act, one.deed.what.step) for one in entries]


def flat(height_m: float = 500.0) -> Clip:
    """Ground around 10 north, 20 east, five kilometres to each side."""
    return Clip(np.full((360, 360), height_m, np.float32), 10.05, 19.95, (STEP, STEP), 2.0)


@asynccontextmanager
async def node_with(
    desk: Desk, pool: AsyncConnectionPool, folder: Path, ground: Ground | None
) -> AsyncIterator[Air]:
    """The node of ``desk``, with drone flights kept over this ground."""
    async with kept_sorties(pool, folder / "sorties") as kept:
        aerial = AerialServices(sorties=kept.sorties, ground=ground)
        services = replace(desk.services, aerial=aerial)
        app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        sessions.install(app, services)
        serve(app, services)
        headers = dict(desk.client.headers)
        async with app.router.lifespan_context(app), client_of(app, headers) as client:
            yield Air(client, app, kept, desk)


@pytest.fixture
async def air(desk: Desk, pool: AsyncConnectionPool, tmp_path: Path) -> AsyncIterator[Air]:
    ground = TerrainGround(OneClip(flat()))
    async with node_with(desk, pool, tmp_path, ground) as made:
        yield made


async def test_a_node_without_drone_flights_says_so_on_every_route(desk: Desk) -> None:
    for path in ("sorties", f"sorties/{uuid4()}", f"sorties/{uuid4()}/moments"):
        answer = await desk.client.get(f"{A}/{path}")
        assert answer.status_code == 404
        assert answer.json()["detail"] == "this node keeps no sorties"


async def test_a_flight_is_planned_cleared_and_handed_in(air: Air, tmp_path: Path) -> None:
    sent_in = {"name": "Ridge", "case_number": "C-7", "task": "look for a walker"}
    planned = await air.client.post(f"{A}/sorties", json=sent_in)
    assert planned.status_code == 201
    there = f"{A}/sorties/{planned.json()['sortie_id']}"
    early = await air.client.post(f"{there}/files", files={"telemetry": ("said.srt", b"said")})
    assert (early.status_code, early.json()["place"]) == (409, "step")
    cleared = await air.client.post(f"{there}/steps", json={"step": "clear"})
    assert cleared.json()["state"] == "cleared"
    files = {"telemetry": ("said.srt", b"said"), "video": ("film.avi", film(tmp_path / "f.avi", 3))}
    taken = await air.client.post(f"{there}/files", files=files)
    assert (taken.status_code, taken.json()["state"]) == (202, "waiting")
    assert len(air.kept.files()) == 2
    [listed] = (await air.client.get(f"{A}/sorties")).json()
    assert (listed["name"], listed["officer"], listed["lacks"]) == (
        "Ridge",
        "ana",
        ["gimbal angles"],
    )
    unchecked = "cleared without a fleet check"
    assert [step for _, _, step in await air.entered()] == ["planned", unchecked, "received"]


async def test_what_the_telemetry_lacks_is_stated_and_works_the_flight_through_again(
    air: Air, tmp_path: Path
) -> None:
    there = f"{A}/sorties/{await air.flown(tmp_path)}"
    said = {"video_begins_s": 12.5, "heights_from": "above_takeoff", "takeoff_here": True}
    answer = await air.client.post(f"{there}/stated", json=said)
    assert (answer.status_code, answer.json()["state"]) == (200, "waiting")
    kept = (await air.client.get(there)).json()["stated"]
    assert {name: value for name, value in kept.items() if value} == said
    assert ("ana", Act.ALTERATION, "stated") in await air.entered()
    wrong = await air.client.post(f"{there}/stated", json={"view_down_deg": 40})
    assert (wrong.status_code, wrong.json()["place"]) == (422, "stated")
    assert (
        await air.client.post(f"{there}/stated", json={"video_begins_s": 1e9})
    ).status_code == 422


async def test_what_is_stated_may_come_with_the_files(air: Air) -> None:
    there = f"{A}/sorties/{await air.planned()}"
    files = {"telemetry": ("said.srt", b"said")}
    fields = {"takeoff_here": "on", "view_across_deg": "61,5", "film": "", "order": "lat_lon"}
    taken = await air.client.post(f"{there}/files", files=files, data=fields)
    assert taken.status_code == 202
    stated = air.kept.handed[-1].stated.said()
    assert stated == {"takeoff_here": True, "view_across_deg": 61.5, "order": "lat_lon"}
    wrong = await air.client.post(f"{there}/files", files=files, data={"film": "sepia"})
    assert (wrong.status_code, wrong.json()["place"]) == (422, "film")


async def test_what_cannot_be_trusted_is_refused_with_its_place_and_nothing_is_kept(
    air: Air,
) -> None:
    there = f"{A}/sorties/{await air.planned()}"
    broken = await air.client.post(f"{there}/files", files={"telemetry": ("a.srt", b"broken")})
    said = broken.json()
    assert (broken.status_code, said["place"]) == (422, "telemetry, a.srt, line 3")
    assert said["mend"] == "send another"
    empty = await air.client.post(f"{there}/files", files={"telemetry": ("a.srt", b"")})
    assert (empty.status_code, empty.json()["place"]) == (422, "telemetry")
    other = await air.client.post(f"{there}/files", files={"clip": ("a.avi", b"film")})
    assert (other.status_code, other.json()["place"]) == (422, "clip")
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    begun = b'--x\r\nContent-Disposition: form-data; name="telemetry"; filename="a"\r\n\r\nsaid'
    cut = await air.client.post(f"{there}/files", content=begun, headers=form)
    assert cut.status_code == 400
    assert air.kept.files() == []


async def test_mpeg_ts_alone_is_video_and_telemetry(air: Air) -> None:
    there = f"{A}/sorties/{await air.planned()}"
    packets = (b"\x47" + bytes(187)) * 3
    taken = await air.client.post(f"{there}/files", files={"telemetry": ("f.ts", packets)})
    assert taken.status_code == 202
    assert len(air.kept.files()) == 1
    async with air.kept.pool.connection() as connection:
        kinds = await (await connection.execute("SELECT kind FROM sortie_file")).fetchall()
    assert {str(row[0]) for row in kinds} == {"video", "telemetry"}


async def test_files_larger_than_the_node_takes_name_the_command(air: Air) -> None:
    there = f"{A}/sorties/{await air.planned()}/files"
    headers = {"Content-Length": "5000000000", "Content-Type": "multipart/form-data; boundary=x"}
    refused = await air.client.post(there, content=b"", headers=headers)
    assert refused.status_code == 413
    assert "morina aerial add" in refused.json()["mend"]


async def test_moments_and_tracks_are_told_and_looking_is_entered(air: Air, tmp_path: Path) -> None:
    there = f"{A}/sorties/{await air.flown(tmp_path)}"
    moments = (await air.client.get(f"{there}/moments")).json()
    assert [one["frame"] for one in moments] == list(range(10))
    assert moments[0]["footprint"]["ring"][0] == moments[0]["footprint"]["ring"][-1]
    assert moments[9]["footprint"] is None and "pose" not in moments[9]
    thin = (await air.client.get(f"{there}/moments?every_s=0.5")).json()
    assert [one["at_s"] for one in thin] == [0.0, 0.5, 9.0]
    [feature] = (await air.client.get(f"{there}/tracks")).json()["features"]
    of = feature["properties"]
    assert (feature["id"], of["kind"], of["agreeing"]) == (str(TRACK_ID), "person", 5)
    assert feature["geometry"]["type"] == "LineString"
    sizes = {len(of[name]) for name in ("at_s", "boxes", "ellipses", "speeds_ms")}
    assert sizes == {len(feature["geometry"]["coordinates"])} == {3}
    assert of["boxes"] == [[10.0, 20.0, 14.5, 30.25], None, [10.0, 20.0, 14.5, 30.25]]
    assert of["ellipses"][0] == pytest.approx([4.90, 4.18, 22.5], abs=0.01)
    seen = [one for one in await air.entered() if one[1] is Act.CONSULTATION]
    assert {step for who, _, step in seen if who == "ana"} == {"pictures shown", "tracks shown"}


async def test_the_picture_of_a_moment_is_a_jpeg_no_wider_than_asked(
    air: Air, tmp_path: Path
) -> None:
    there = f"{A}/sorties/{await air.flown(tmp_path)}/picture"
    early, late = [await air.client.get(f"{there}?at={at}&across=160") for at in (0, 0.9)]
    assert early.headers["content-type"] == "image/jpeg"
    levels = []
    for answer in (early, late):
        image = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)
        assert image is not None and image.shape[1] == 160
        levels.append(float(image.mean()))
    assert levels[1] > levels[0] + 30
    assert (await air.client.get(f"{there}?at=-1")).status_code == 422
    assert (await air.client.get(f"{there}?at=nan")).status_code == 422


async def test_a_pixel_has_a_place_with_its_error_and_the_place_its_pixel(
    air: Air, tmp_path: Path
) -> None:
    there = f"{A}/sorties/{await air.flown(tmp_path)}"
    middle = {"at_s": 0.0, "across": 0.5, "down": 0.5}
    place = (await air.client.post(f"{there}/place", json=middle)).json()
    assert (place["latitude"], place["longitude"]) == pytest.approx((10.0, 20.0), abs=2e-5)
    assert place["height_m"] == pytest.approx(500.0, abs=0.1)
    assert place["range_m"] == pytest.approx(120.5, abs=0.2)
    assert place["major_m"] >= place["minor_m"] > 2.0
    assert place["flags"] == []
    aside = {"at_s": 0.0, "across": 0.75, "down": 0.5}
    east = (await air.client.post(f"{there}/place", json=aside)).json()
    assert east["longitude"] > place["longitude"] + 1e-4
    asked = {"at_s": 0.0, "latitude": east["latitude"], "longitude": east["longitude"]}
    pixel = (await air.client.post(f"{there}/pixel", json=asked)).json()
    assert (pixel["across"], pixel["down"]) == pytest.approx((0.75, 0.5), abs=1e-3)
    away = (await air.client.post(f"{there}/pixel", json=asked | {"longitude": 20.04})).json()
    assert away == {"across": None, "down": None}


async def test_no_place_is_guessed_where_the_telemetry_says_too_little(
    air: Air, tmp_path: Path
) -> None:
    there = f"{A}/sorties/{await air.flown(tmp_path)}/place"
    unposed = await air.client.post(there, json={"at_s": 9.0, "across": 0.5, "down": 0.5})
    assert unposed.status_code == 422
    assert unposed.json()["detail"] == "the telemetry lacks gimbal angles"
    between = await air.client.post(there, json={"at_s": 5.0, "across": 0.5, "down": 0.5})
    assert (between.status_code, between.json()["place"]) == (422, "at_s")
    outside = await air.client.post(there, json={"at_s": 0.0, "across": 1.5, "down": 0.5})
    assert (outside.status_code, outside.json()["place"]) == (422, "body.across")


async def test_missing_terrain_names_its_tile_and_the_command(
    desk: Desk, pool: AsyncConnectionPool, tmp_path: Path
) -> None:
    asked = {"at_s": 0.0, "across": 0.5, "down": 0.5}
    (tmp_path / "none").mkdir()
    grounds = (TerrainGround(TerrainFolder(tmp_path / "none")), None)
    statuses = []
    for number, ground in enumerate(grounds):
        folder = tmp_path / str(number)
        folder.mkdir()
        async with node_with(desk, pool, folder, ground) as air:
            there = f"{A}/sorties/{await air.flown(folder)}/place"
            refused = await air.client.post(there, json=asked)
            statuses.append((refused.status_code, refused.json()["place"]))
            assert "morina aerial terrain import" in refused.json()["mend"]
    assert statuses == [(409, "terrain"), (409, "terrain")]


async def test_when_a_place_was_seen_needs_a_purpose_and_leads_to_the_moment(
    air: Air, tmp_path: Path
) -> None:
    sortie_id = await air.flown(tmp_path)
    place = {"latitude": 10.0002, "longitude": 20.0}
    bare = await air.client.post(f"{A}/looked", json=place)
    assert (bare.status_code, bare.json()["place"]) == (422, "body.purpose")
    short = {**place, "purpose": PURPOSE | {"justification": "because"}}
    said = await air.client.post(f"{A}/looked", json=short)
    assert (said.status_code, said.json()["place"]) == (422, "purpose.justification")
    [look] = (await air.client.post(f"{A}/looked", json={**place, "purpose": PURPOSE})).json()
    assert (look["sortie_id"], look["name"]) == (str(sortie_id), "Ridge")
    assert look["from_s"] <= look["best_s"] <= look["to_s"] <= 0.8
    at = f"{A}/sorties/{sortie_id}/pixel"
    pixel = (await air.client.post(at, json={"at_s": look["best_s"], **place})).json()
    assert pixel["across"] == pytest.approx(0.5, abs=0.01)
    async with air.kept.pool.connection() as connection:
        asked = await (await connection.execute("SELECT case_number FROM consultation")).fetchall()
    assert [str(row[0]) for row in asked] == ["C-2026-117"]


async def test_who_may_not_fly_plans_nothing_and_a_pilot_does_not_ask_what_was_seen(
    air: Air, tmp_path: Path
) -> None:
    sortie_id = await air.flown(tmp_path)
    plan = {"name": "Ridge", "case_number": "C-7", "task": "look for a walker"}
    place = {"latitude": 10.0, "longitude": 20.0, "purpose": PURPOSE}
    wanted = {
        Role.INVESTIGATOR: (403, 200, 200), Role.DRONE_PILOT: (201, 403, 200),
        Role.MOUNTAIN_RESCUE: (403, 403, 403),
    }  # fmt: skip
    for role, statuses in wanted.items():
        async with (
            air.desk.holding(role) as of_role,
            client_of(air.app, dict(of_role.headers)) as client,
        ):
            answers = (
                await client.post(f"{A}/sorties", json=plan),
                await client.post(f"{A}/looked", json=place),
                await client.get(f"{A}/sorties/{sortie_id}/moments"),
            )
        assert tuple(one.status_code for one in answers) == statuses


async def test_a_flight_that_is_not_there_or_forgotten_is_404(air: Air, tmp_path: Path) -> None:
    sortie_id = await air.flown(tmp_path)
    forget = {"step": "forget"}
    silent = await air.client.post(f"{A}/sorties/{sortie_id}/steps", json=forget)
    assert (silent.status_code, silent.json()["mend"]) == (409, "say why")
    said = {**forget, "reason": "the walkers are found"}
    gone = await air.client.post(f"{A}/sorties/{sortie_id}/steps", json=said)
    assert (gone.status_code, gone.json()["state"]) == (200, "forgotten")
    for known in (sortie_id, uuid4()):
        there = f"{A}/sorties/{known}"
        for path in ("", "/moments", "/tracks", "/picture?at=0"):
            answer = await air.client.get(f"{there}{path}")
            assert (answer.status_code, answer.json()["place"]) == (404, "sortie_id")
        asked = {"at_s": 0.0, "across": 0.5, "down": 0.5}
        assert (await air.client.post(f"{there}/place", json=asked)).status_code == 404


async def test_from_high_over_flat_ground_all_within_reach_is_seen(air: Air) -> None:
    eye = {"latitude": 10.0, "longitude": 20.0, "above_ground_m": 100, "reach_m": 1000}
    seen = (await air.client.post(f"{A}/viewshed", json=eye)).json()
    assert seen["share"] == 1.0
    west, south, east, north = seen["bounds"]
    assert west < 20.0 - 0.009 and south < 10.0 - 0.009 and east > 20.009 and north > 10.009
    encoded = np.frombuffer(base64.b64decode(seen["png"]), np.uint8)
    image = cv2.imdecode(encoded, cv2.IMREAD_UNCHANGED)
    assert image is not None and image.shape[2] == 4
    middle, corner = image[image.shape[0] // 2, image.shape[1] // 2], image[0, 0]
    assert (int(middle[3]) > 0, int(corner[3])) == (True, 0)
    far = await air.client.post(f"{A}/viewshed", json=eye | {"latitude": 40.0})
    assert (far.status_code, far.json()["place"]) == (409, "terrain")


async def test_what_was_looked_at_is_told_by_age_and_chance_with_gaps(
    air: Air, tmp_path: Path
) -> None:
    sortie_id = await air.flown(tmp_path)
    one = (await air.client.get(f"{A}/sorties/{sortie_id}/coverage")).json()
    west, south, east, north = one["bounds"]
    assert west < 19.999 < 20.001 < east and south < 9.999 < 10.001 < north
    assert 0 < one["mean"] < 1 and len(one["assumed"]) == 3
    assert {feature["properties"]["under"] for feature in one["gaps"]["features"]} == {0.5}
    for name in ("age_png", "chance_png"):
        encoded = np.frombuffer(base64.b64decode(one[name]), np.uint8)
        image = cv2.imdecode(encoded, cv2.IMREAD_UNCHANGED)
        assert image is not None and image[..., 3].max() > 0
    sides = {"west": 19.99, "south": 9.99, "east": 20.01, "north": 10.01}
    wide = (await air.client.get(f"{A}/coverage", params=sides)).json()
    assert wide["mean"] < one["mean"]
    later = sides | {"since": "2199-01-01T00:00:00Z"}
    assert (await air.client.get(f"{A}/coverage", params=later)).json()["mean"] == 0
    turned = await air.client.get(f"{A}/coverage", params=sides | {"east": 19.0})
    assert (turned.status_code, turned.json()["place"]) == (422, "area")
    nothing = await air.client.get(f"{A}/sorties/{await air.planned()}/coverage")
    assert (nothing.status_code, nothing.json()["place"]) == (409, "area")


async def test_a_flight_flies_lands_and_is_worked_through_again(air: Air, tmp_path: Path) -> None:
    flying = f"{A}/sorties/{await air.planned()}/steps"
    assert (await air.client.post(flying, json={"step": "fly"})).json()["state"] == "flying"
    landed = await air.client.post(flying, json={"step": "receive"})
    assert landed.status_code == 409 and "files are not here" in landed.text
    again = f"{A}/sorties/{await air.flown(tmp_path)}/steps"
    assert (await air.client.post(again, json={"step": "receive"})).json()["state"] == "waiting"
    for step in ("work", "finish"):
        assert (await air.client.post(again, json={"step": step})).status_code == 422
