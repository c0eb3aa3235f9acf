"""Sites over HTTP and in the metrics, told as a node that serves sites keeps them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.desk.api.conftest import Desk

from invented import site_state
from morina.accountability import User
from morina.desk.pages.camera import queue
from morina.desk.pages.visit import Visit
from morina.desk.words import Words
from morina.engines import Home
from morina.settings import Settings
from morina.wiring.site_folder import SiteFolder
from morina.wiring.site_states import SiteStates, heard


@pytest.fixture
def folder(tmp_path: Path) -> SiteFolder:
    """The sites of the desk under test: two, of which nothing was heard."""
    sites = Settings.model_validate({"sites": {"port": 4223, "address": "127.0.0.1"}})
    made = SiteFolder(Home(tmp_path), sites)
    made.add("kukes", ("north",))
    made.add("bridge", ())
    return made


async def test_a_site_is_connected_while_it_tells_how_it_is(desk: Desk, folder: SiteFolder) -> None:
    now = datetime.now(UTC)
    states = SiteStates(folder.home)
    states.hear(site_state("kukes", reads_waiting=3), now, "kukes")
    bridge, kukes = (await desk.client.get("/api/v1/sites")).json()
    assert (bridge["site"], bridge["connected"], bridge["state"]) == ("bridge", False, None)
    assert (kukes["connected"], kukes["scope"]) == (True, ["north"])
    assert kukes["state"]["reads_waiting"] == 3
    states.hear(site_state("kukes"), now - timedelta(minutes=2), "kukes")
    _, kukes = (await desk.client.get("/api/v1/sites")).json()
    assert kukes["connected"] is False
    assert datetime.fromisoformat(kukes["heard_at"]) == now - timedelta(minutes=2)


async def test_the_figures_of_sites_are_metrics(desk: Desk, folder: SiteFolder) -> None:
    state = site_state(
        "kukes", reads_waiting=7, pictures_dropped=2, wrong_clocks={"lane-1": 95.0}, knocks=4,
        captures_waiting={"lane-2": 6},
    )  # fmt: skip
    SiteStates(folder.home).hear(state, datetime.now(UTC), "kukes")
    said = {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families((await desk.client.get("/metrics")).text)
        for sample in family.samples
    }
    assert said["morina_site_connected", ("kukes",)] == 1
    assert said["morina_site_connected", ("bridge",)] == 0
    assert said["morina_site_reads_waiting", ("kukes",)] == 7
    assert said["morina_site_pictures_dropped", ("kukes",)] == 2
    assert said["morina_site_knocks", ("kukes",)] == 4
    assert said["morina_site_camera_behind_seconds", ("lane-1", "kukes")] == 95
    assert said["morina_site_camera_waiting_captures", ("lane-2", "kukes")] == 6
    assert ("morina_site_reads_waiting", ("bridge",)) not in said


async def test_a_cameras_page_tells_what_waits_of_it_at_its_site(
    desk: Desk, folder: SiteFolder
) -> None:
    """Two captures of north-1 wait at the node under test."""
    visit = Visit(desk.services, User(name="ana", full_name="Ana"), Words("en"))
    state = site_state("kukes", captures_waiting={"north-1": 6, "lane-2": 1})
    SiteStates(folder.home).hear(state, datetime.now(UTC), "kukes")
    assert await queue(visit, "north-1") == "2, 6 at the site kukes"
    assert await queue(visit, "lane-2") == "0, 1 at the site kukes"
    assert await queue(visit, "lane-3") == "0"


def test_what_a_site_told_outlives_the_node_and_not_the_site(folder: SiteFolder) -> None:
    at = datetime.now(UTC)
    SiteStates(folder.home).hear(site_state("kukes", reads_waiting=5), at, "kukes")
    again = SiteStates(folder.home)
    again.hear(site_state("bridge"), at, "bridge")
    [_, kukes] = heard(folder)
    assert (kukes.heard_at, kukes.state) == (at, site_state("kukes", reads_waiting=5))
    again.forget("kukes")
    [_, kukes] = heard(folder)
    assert kukes.heard_at is None


def test_a_file_of_another_version_is_as_if_nothing_was_heard(folder: SiteFolder) -> None:
    (folder.home.folder("run") / "sites.json").write_text("{]")
    assert [one.heard_at for one in heard(folder)] == [None, None]
