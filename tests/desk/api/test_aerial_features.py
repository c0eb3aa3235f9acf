"""OGC API Features and files of tracks: read by GDAL over HTTP, given for a purpose, entered."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID, uuid4

import httpx
import pytest
import uvicorn
from defusedxml.ElementTree import fromstring
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool
from stanag4609.st0903 import decode_vmti_local_set
from tests.desk.api.conftest import Desk, client_of
from tests.desk.api.test_aerial import flat
from tstrans.klv import VMTI_LS_UL

import gdal
from guards import clearing_of
from kept_sorties import LATITUDE, LONGITUDE, NOW, TRACK_ID, Kept, film, kept_sorties, moment, track
from kept_sorties import sent as chunks
from made_terrain import OneClip
from morina.accountability import PurposeCode, Role
from morina.accountability.adapters.postgres_trail import PostgresTrailReader
from morina.accountability.clearing import PurposeRules
from morina.desk import sessions
from morina.desk.aerial import AerialServices
from morina.desk.api import serve
from morina.sense.aerial import SortieStep
from morina.sense.aerial.adapters.postgres_sorties_work import Film
from morina.sense.aerial.giving.allowed import GivenTracks
from morina.sense.aerial.roles import NewSortie
from morina.sense.aerial.terrain.terrain_ground import TerrainGround
from morina.settings import Settings
from morina.wiring.aerial.giving import give_tracks
from morina.wiring.refused import RefusedError
from running import free_port

F = "/api/v1/aerial/features"
PURPOSE = {
    "code": "missing_person", "case_number": "C-2026-117", "legal_basis": "Police Act 12",
    "justification": "a walker missing since Monday",
}  # fmt: skip
HEADER = {"Morina-Purpose": urlencode(PURPOSE)}

LATER = NOW + timedelta(minutes=1)


@dataclass
class Air:
    """A node with two flights of ten pictures, the first of them with a clock and two tracks."""

    client: httpx.AsyncClient
    app: FastAPI
    kept: Kept
    desk: Desk
    first: UUID
    second: UUID

    async def asked(self) -> list[str]:
        """Questions in the log of consultations."""
        return [one.question for one in await self.kept.log.newest()]


@pytest.fixture
async def air(desk: Desk, pool: AsyncConnectionPool, tmp_path: Path) -> AsyncIterator[Air]:
    async with kept_sorties(pool, tmp_path / "sorties") as kept:
        given = GivenTracks(kept.sorties, kept.log)
        ground = TerrainGround(OneClip(flat()))
        aerial = AerialServices(sorties=kept.sorties, ground=ground, given=given)
        app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        services = replace(desk.services, aerial=aerial)
        sessions.install(app, services)
        serve(app, services)
        kept.begins(NOW)
        first = await flown(kept, "Ridge", tmp_path, (TRACK_ID, UUID(int=8)))
        kept.begins(None)
        second = await flown(kept, "Valley", tmp_path, (UUID(int=9),), LATER)
        headers = dict(desk.client.headers)
        async with app.router.lifespan_context(app), client_of(app, headers) as client:
            yield Air(client, app, kept, desk, first, second)


async def flown(
    kept: Kept, name: str, folder: Path, tracks: tuple[UUID, ...], at: datetime = NOW
) -> UUID:
    """A flight worked through."""
    wanted = NewSortie(name=name, case_number="C-7", task="look for a walker", officer="ana")
    sortie_id = (await kept.sorties.plan(wanted, at)).sortie_id
    await kept.sorties.step(sortie_id, SortieStep.CLEAR, "ana", NOW)
    names, content = ("film.avi", "said.srt"), film(folder / "film.avi", 10)
    await kept.sorties.take_in(sortie_id, chunks(content), chunks(b"said"), names, "ana")
    assert await kept.work.take_next()
    await kept.work.film(sortie_id, Film(160, 120, 10, 10.0))
    made = [track(sortie_id, one) for one in tracks]
    await kept.work.keep(sortie_id, [moment(frame) for frame in range(10)], made, 1.0)
    await kept.work.finish(sortie_id, ())
    return sortie_id


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The app behind a real socket: its address."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off"))
    running = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(120):
            while not server.started:
                await asyncio.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running


def token_of(air: Air) -> str:
    return f"Authorization: {air.client.headers['Authorization']}"


async def test_ogrinfo_reads_what_a_pilot_may_see(air: Air) -> None:
    async with served(air.app) as address, air.desk.holding(Role.DRONE_PILOT) as pilot:
        source, token = f"OAPIF:{address}{F}", f"Authorization: {pilot.headers['Authorization']}"
        found = await gdal.layers(source, token)
        assert set(found) == {"sorties", f"footprints.{air.first}", f"footprints.{air.second}"}
        ways = await gdal.features(source, "sorties", headers=token)
        assert {one["properties"]["name"] for one in ways} == {"Ridge", "Valley"}
        seen = f"footprints.{air.first}"
        said = await gdal.summary(source, seen, token)
        assert "Feature Count: 10" in said and "WGS 84" in said and "Polygon" in said
        footprints = await gdal.features(source, seen, headers=token)
        assert len(footprints) == 10
        ring = footprints[0]["geometry"]["coordinates"][0]
        assert min(p[0] for p in ring) == pytest.approx(LONGITUDE - 0.001)
        assert min(p[1] for p in ring) == pytest.approx(LATITUDE - 0.001)


async def test_ogrinfo_is_given_tracks_for_a_purpose_alone(air: Air) -> None:
    layer = f"tracks.{air.first}"
    headers = f"{token_of(air)}\r\nMorina-Purpose: {HEADER['Morina-Purpose']}"
    async with served(air.app) as address:
        source = f"OAPIF:{address}{F}"
        found = await gdal.features(source, layer, headers=headers)
        assert {one["properties"]["id"] for one in found} == {str(TRACK_ID), str(UUID(int=8))}
        assert {one["properties"]["sortie_id"] for one in found} == {str(air.first)}
        assert all(question.startswith("tracks of sortie Ridge") for question in await air.asked())
        before = len(await air.asked())
        with pytest.raises(AssertionError, match="422"):
            await gdal.features(source, layer, headers=token_of(air))
    assert len(await air.asked()) == before > 0


async def test_ogrinfo_asks_for_a_box(air: Air) -> None:
    async with served(air.app) as address:
        near = [str(part) for part in (LONGITUDE, LATITUDE + 0.00135, 20.5, 10.5)]
        found = await gdal.features(
            f"OAPIF:{address}{F}", f"footprints.{air.first}", "-spat", *near, headers=token_of(air)
        )
    assert sorted(one["properties"]["frame"] for one in found) == [7, 8, 9]


async def test_pages_are_linked_and_together_are_all(air: Air) -> None:
    there: str | None = f"{F}/collections/footprints.{air.first}/items?limit=4"
    frames: list[int] = []
    while there:
        answer = await air.client.get(there)
        assert answer.headers["Content-Type"] == "application/geo+json"
        page = answer.json()
        assert page["numberMatched"] == 10 and page["numberReturned"] == len(page["features"]) <= 4
        frames += [one["properties"]["frame"] for one in page["features"]]
        links = {one["rel"]: one["href"] for one in page["links"]}
        there = links.get("next")
    assert frames == list(range(10))


WAYS = [
    ("", ["Valley", "Ridge"], 2),
    ("limit=1", ["Valley"], 2),
    ("limit=1&offset=1", ["Ridge"], 2),
    ("offset=7", [], 2),
    (f"bbox={LONGITUDE},{LATITUDE},{LONGITUDE + 1},{LATITUDE + 1}", ["Valley", "Ridge"], 2),
    (f"bbox={LONGITUDE - 1},{LATITUDE - 1},{LONGITUDE - 0.5},{LATITUDE - 0.5}", [], 0),
    (f"bbox={LONGITUDE - 1},{LATITUDE - 1},-170,{LATITUDE + 1}", ["Valley", "Ridge"], 2),
    (f"bbox=170,{LATITUDE - 1},{LONGITUDE + 1},{LATITUDE + 1}", ["Valley", "Ridge"], 2),
    (f"bbox=170,{LATITUDE - 1},{LONGITUDE - 1},{LATITUDE + 1}", [], 0),
    ("datetime=2026-03-01T08:00:00.300Z", ["Ridge"], 1),
    ("datetime=../2026-03-01T07:59:59Z", [], 0),
    ("datetime=2026-03-01T08:00:02Z/..", [], 0),
    (f"datetime=../..&bbox={LONGITUDE},{LATITUDE},21,11&limit=1", ["Ridge"], 1),
]


@pytest.mark.parametrize(("asked", "names", "matched"), WAYS)
async def test_the_ways_flown_are_paged_by_the_database(
    air: Air, asked: str, names: list[str], matched: int
) -> None:
    page = (await air.client.get(f"{F}/collections/sorties/items?{asked}")).json()
    assert [one["properties"]["name"] for one in page["features"]] == names
    assert (page["numberMatched"], page["numberReturned"]) == (matched, len(names))


async def test_only_what_a_page_shows_is_looked_at(air: Air, pool: AsyncConnectionPool) -> None:
    """Of whose flight no place leaves the database, nobody was shown one."""
    await air.client.get(f"{F}/collections/sorties/items?limit=1")
    steps = [one.deed.what async for one in PostgresTrailReader(pool).entries()]
    assert [one.ids for one in steps if one.step == "pictures shown"] == [(str(air.second),)]


async def test_one_way_and_none(air: Air) -> None:
    there = f"{F}/collections/sorties/items"
    one = (await air.client.get(f"{there}/{air.first}")).json()
    assert (one["id"], one["geometry"]["type"]) == (str(air.first), "Point")
    for gone in (uuid4(), "7"):
        answer = await air.client.get(f"{there}/{gone}")
        assert (answer.status_code, answer.json()["place"]) == (404, "feature_id")


TIMES = [
    ("2026-03-01T08:00:00.300Z", [3]),
    ("2026-03-01T08:00:00.650Z/..", [7, 8, 9]),
    ("../2026-03-01T08:00:00.100Z", [0, 1]),
    ("2026-03-01T09:00:00%2B01:00/2026-03-01T08:00:00.050Z", [0]),
    ("2026-03-02T00:00:00Z", []),
]


async def test_a_time_is_met(air: Air) -> None:
    for asked, frames in TIMES:
        there = f"{F}/collections/footprints.{air.first}/items?datetime={asked}"
        page = (await air.client.get(there)).json()
        assert [one["properties"]["frame"] for one in page["features"]] == frames, asked


async def test_a_flight_without_a_clock_meets_no_time(air: Air) -> None:
    there = f"{F}/collections/footprints.{air.second}/items"
    assert (await air.client.get(there)).json()["numberMatched"] == 10
    assert (await air.client.get(f"{there}?datetime=../..")).json()["numberMatched"] == 0


WRONG = (
    "bbox=1,2,3", "bbox=a,b,c,d", "bbox=0,50,1,40", "bbox=nan,0,1,1", "datetime=yesterday",
    "datetime=2026-03-02T00:00:00Z/2026-03-01T00:00:00Z", "limit=0", "limit=x", "offset=-1",
    "colour=red", "f=html", "code=crime",
)  # fmt: skip


async def test_what_cannot_be_asked_is_400_and_named(air: Air) -> None:
    for query in WRONG:
        answer = await air.client.get(f"{F}/collections/sorties/items?{query}")
        assert answer.status_code == 400, query
        assert answer.json()["place"] == f"query {query.partition('=')[0]}"


async def test_the_pages_of_the_standard(air: Air) -> None:
    landing = (await air.client.get(F)).json()
    assert {one["rel"] for one in landing["links"]} == {
        "self", "service-desc", "conformance", "data",
    }  # fmt: skip
    for one in landing["links"]:
        assert (await air.client.get(one["href"])).status_code == 200
    conforms = (await air.client.get(f"{F}/conformance")).json()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in conforms
    for one in (await air.client.get(f"{F}/collections")).json()["collections"]:
        about = await air.client.get(f"{F}/collections/{one['id']}")
        assert about.json() == one


async def test_one_feature_and_none(air: Air) -> None:
    there = f"{F}/collections/footprints.{air.first}/items"
    one = await air.client.get(f"{there}/{air.first}.3")
    assert one.json()["properties"]["frame"] == 3
    gone = await air.client.get(f"{there}/{air.first}.77")
    assert (gone.status_code, gone.json()["place"]) == (404, "feature_id")
    for name in ("walks", f"tracks.{uuid4()}", "tracks.7", f"sorties.{air.first}"):
        answer = await air.client.get(f"{F}/collections/{name}/items", headers=HEADER)
        assert answer.status_code == 404


async def test_who_does_not_review_tracks_is_given_none(air: Air) -> None:
    async with air.desk.holding(Role.PATROL, Role.DRONE_PILOT) as other:
        bearer = {"Authorization": other.headers["Authorization"]}
    async with client_of(air.app, bearer) as client:
        listed = (await client.get(f"{F}/collections")).json()["collections"]
        assert not [one for one in listed if one["id"].startswith("tracks")]
        items = f"{F}/collections/tracks.{air.first}/items"
        assert (await client.get(items, headers=HEADER)).status_code == 403
        body = {"form": "kml", "purpose": PURPOSE}
        there = f"/api/v1/aerial/sorties/{air.first}/given"
        assert (await client.post(there, json=body)).status_code == 403
    assert await air.asked() == []


async def given(air: Air, sortie_id: UUID, form: str) -> httpx.Response:
    there = f"/api/v1/aerial/sorties/{sortie_id}/given"
    return await air.client.post(there, json={"form": form, "purpose": PURPOSE})


async def test_geojson_is_given_and_entered(air: Air, tmp_path: Path) -> None:
    answer = await given(air, air.first, "geojson")
    assert "attachment" in answer.headers["Content-Disposition"]
    file = tmp_path / "given.geojson"
    file.write_bytes(answer.content)
    kinds = [one["geometry"]["type"] for one in json.loads(answer.content)["features"]]
    assert kinds.count("Polygon") >= 1 and kinds.count("LineString") == 2
    assert await gdal.layers(str(file)) == ["given"]
    assert await air.asked() == [f"tracks of sortie Ridge ({air.first}) as geojson"]


async def test_kml_is_read_by_gdal(air: Air, tmp_path: Path) -> None:
    answer = await given(air, air.first, "kml")
    file = tmp_path / "given.kml"
    file.write_bytes(answer.content)
    root = fromstring(answer.content)
    assert root.tag == "{http://www.opengis.net/kml/2.2}kml"
    assert await gdal.features(str(file), "Gaps: a person found with a chance under a half")
    tracks = await gdal.features(str(file), "Tracks")
    assert len(tracks) == 2 and tracks[0]["geometry"]["type"] == "LineString"
    assert tracks[0]["geometry"]["coordinates"][0][:2] == pytest.approx([LONGITUDE, LATITUDE])


async def test_vmti_is_read_by_another_library(air: Air) -> None:
    content = (await given(air, air.first, "vmti")).content
    parts = [VMTI_LS_UL + part for part in content.split(VMTI_LS_UL)[1:]]
    read = [decode_vmti_local_set(part) for part in parts]
    assert len(read) == 10
    assert [len(one.targets) for one in read] == [2] + [0] * 9
    place = read[0].targets[0].value(17)
    assert place.latitude == pytest.approx(LATITUDE, abs=1e-6)
    assert place.hae == pytest.approx(500, abs=40)


async def test_vmti_of_a_flight_without_a_clock_is_refused(air: Air) -> None:
    answer = await given(air, air.second, "vmti")
    assert (answer.status_code, answer.json()["place"]) == (409, "form")


async def test_a_purpose_that_says_too_little_is_refused(air: Air) -> None:
    there = f"/api/v1/aerial/sorties/{air.first}/given"
    poor = {"form": "kml", "purpose": PURPOSE | {"justification": "because"}}
    assert (await air.client.post(there, json=poor)).status_code == 422
    items = f"{F}/collections/tracks.{air.first}/items"
    short = {"Morina-Purpose": urlencode(PURPOSE | {"justification": "because"})}
    for headers in ({}, short, {"Morina-Purpose": "code=curiosity"}, {"Morina-Purpose": "%00=&&"}):
        answer = await air.client.get(items, headers=headers)
        assert answer.status_code == 422
    assert await air.asked() == []


@pytest.mark.parametrize(
    ("changed", "place"),
    [({"code": "crime"}, "code"), ({"case_number": "7"}, "case_number"),
     ({"justification": "ongoing police investigation case"}, "justification")],
)  # fmt: skip
async def test_every_question_of_tracks_is_cleared_by_the_rules_of_all_questions(
    air: Air, pool: AsyncConnectionPool, changed: dict[str, str], place: str
) -> None:
    asking = air.desk.services.search.asking
    rules = PurposeRules(case_format="C-[0-9-]+", barred=frozenset({PurposeCode.CRIME}))
    asking.rules = replace(asking.rules, clearance=clearing_of(pool, rules))
    there = f"/api/v1/aerial/sorties/{air.first}/given"
    tracks = f"{F}/collections/tracks.{air.first}/items"
    asked = {"latitude": LATITUDE, "longitude": LONGITUDE}

    async def answers(purpose: dict[str, str]) -> list[httpx.Response]:
        header = {"Morina-Purpose": urlencode(purpose)}
        return [
            await air.client.post(there, json={"form": "geojson", "purpose": purpose}),
            await air.client.get(tracks, headers=header),
            await air.client.get(f"{tracks}/{TRACK_ID}", headers=header),
            await air.client.post("/api/v1/aerial/looked", json={**asked, "purpose": purpose}),
        ]

    refused = await answers(PURPOSE | changed)
    assert [one.status_code for one in refused] == [422] * 4
    assert {one.json()["place"].rpartition(".")[2] for one in refused} == {place}
    assert await air.asked() == []
    assert [one.status_code for one in await answers(PURPOSE)] == [200] * 4


async def test_a_command_takes_tracks_out_of_the_running_node(air: Air, tmp_path: Path) -> None:
    token, file = tmp_path / "token", tmp_path / "given.kml"
    token.write_text(token_of(air).rpartition(" ")[2])
    token.chmod(0o600)
    sent = {"form": "kml", "purpose": PURPOSE}
    settings = Settings(home=tmp_path)
    (tmp_path / "run").mkdir()
    async with served(air.app) as url:
        (tmp_path / "run" / "node.json").write_text(json.dumps({"url": url}))
        await give_tracks(settings, token, (air.first, file), sent)
        assert fromstring(file.read_bytes()).tag.endswith("kml")
        assert await air.asked() == [f"tracks of sortie Ridge ({air.first}) as kml"]
        with pytest.raises(RefusedError, match="name a new file"):
            await give_tracks(settings, token, (air.first, file), sent)
        other = tmp_path / "other.kml"
        with pytest.raises(RefusedError, match="there is no sortie"):
            await give_tracks(settings, token, (uuid4(), other), sent)
        assert not other.exists() and not list(tmp_path.glob(".*.part"))
