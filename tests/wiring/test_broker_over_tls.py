"""A real broker over TLS: who vouches for it, and whom it asks to show a certificate."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiomqtt
import pytest
from tests.desk.api.conftest import Intake

from brokers import PASSWORD, USER, Authority, mosquitto, passwords, publish
from captured import PAYLOADS
from morina.sense.cameras.adapters.file_cursors import FileCursors
from morina.sense.cameras.adapters.file_pushing import FilePushing
from morina.sense.cameras.adapters.folder_pending import FolderPending
from morina.sense.cameras.adapters.toml_file import TomlCameras
from morina.sense.cameras.arrivals import Arrivals
from morina.sense.cameras.receiving import Receiving
from morina.sense.site.adapters.folder import FolderPictures
from morina.settings import Broker, Settings, SettingsError, load_settings
from morina.wiring.decoding import MAKERS
from morina.wiring.pushing import Ways, broker_of
from running import free_port

TOPIC = "frigate/tracked_object_update"
PAYLOAD = (PAYLOADS / "frigate" / "frigate_tracked_object_update_lpr.json").read_bytes()
CAMERAS = """
[cameras.gate]
latitude = 42.1
longitude = 20.4
[cameras.gate.push]
maker = "frigate"
device_keys = { camera = "al_tia_rinas_n1" }
"""
PATIENCE_S = 120
# the library leaves the socket of a refused login to the collector, which ``receiving`` calls
pytestmark = pytest.mark.filterwarnings("ignore:Exception ignored in. <ssl.SSLSocket")


@pytest.fixture
def receiving(tmp_path: Path) -> Iterator[Receiving]:
    """One camera behind a broker, without a database."""
    file = tmp_path / "cameras.toml"
    file.write_text(CAMERAS)
    cameras = FilePushing(TomlCameras(file, "kukes"), FileCursors(tmp_path / "cursors.json"))
    pictures = FolderPictures(tmp_path / "pictures", 10_000_000)
    arrivals = Arrivals(Intake(), pictures, FolderPending(tmp_path / "arrivals"), wait_s=0.0)  # type: ignore[arg-type]  # takes
    yield Receiving(MAKERS, cameras, arrivals)
    gc.collect()


@asynccontextmanager
async def listening(receiving: Receiving, *brokers: Broker) -> AsyncIterator[None]:
    """While the body runs, to brokers as the settings name them."""
    ways = Ways(receiving)
    work = [asyncio.create_task(ways.broker(broker_of(one, Settings()))) for one in brokers]
    try:
        async with asyncio.timeout(PATIENCE_S):
            yield
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)


async def a_read_arrives(receiving: Receiving, port: int, authority: Authority, **how: str) -> None:
    """Publish until it is one; ``how`` is the certificate or the user of who publishes."""
    intake = receiving.arrivals.stream
    assert isinstance(intake, Intake)
    tls = aiomqtt.TLSParameters(
        ca_certs=str(authority.file), certfile=how.get("certfile"), keyfile=how.get("keyfile")
    )
    user = (how.get("user"), how.get("password"))
    while not intake.reads:
        client = aiomqtt.Client(
            "127.0.0.1", port, username=user[0], password=user[1], tls_params=tls
        )
        await publish(client, TOPIC, PAYLOAD)
        await asyncio.sleep(0.1)
    assert [read.camera_id for read in intake.reads] == ["gate"]


async def logged(caplog: pytest.LogCaptureFixture, *parts: str) -> None:
    """Wait until one line says all of it."""
    while not any(all(one in line for one in parts) for line in caplog.messages):
        await asyncio.sleep(0.1)


def tls_of(authority: Authority) -> str:
    certificate, key = authority.issue("broker")
    return f"cafile {authority.file}\ncertfile {certificate}\nkeyfile {key}\n"


async def test_a_broker_that_the_right_one_vouches_for_is_heard_and_no_other(
    receiving: Receiving, reachable_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder, port = reachable_folder / "broker-tls", free_port()
    folder.mkdir()
    ours, other = Authority(folder, "ours"), Authority(folder, "other")
    known = {"host": "127.0.0.1", "port": port, "tls": True, "user": USER, "password": PASSWORD}
    with mosquitto(folder, port, passwords(folder) + tls_of(ours)):
        async with listening(receiving, Broker(**known, ca=other.file)):
            await logged(caplog, "127.0.0.1: ", "CERTIFICATE_VERIFY_FAILED", "set ca to")
        async with listening(receiving, Broker(**known)):
            await logged(caplog, "127.0.0.1: ", "CERTIFICATE_VERIFY_FAILED", "set ca to")
        async with listening(receiving, Broker(**known | {"password": "?"}, ca=ours.file)):
            await logged(caplog, "ot authorized", "mend user and password")
        async with listening(receiving, Broker(**known, ca=ours.file)):
            await a_read_arrives(receiving, port, ours, user=USER, password=PASSWORD)
    assert PASSWORD not in caplog.text


async def test_a_broker_may_ask_who_calls(
    receiving: Receiving, reachable_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder, port = reachable_folder / "mutual", free_port()
    folder.mkdir()
    ours, other = Authority(folder, "ours"), Authority(folder, "other")
    mine, key = ours.issue("site-kukes")
    strange, strange_key = other.issue("stranger")
    known = {"host": "127.0.0.1", "port": port, "tls": True, "ca": ours.file}
    asking = "require_certificate true\nuse_identity_as_username true\n"
    with mosquitto(folder, port, tls_of(ours) + asking):
        nameless = Broker(**known)
        stranger = Broker(**known, certificate=strange, key=strange_key)
        mixed_up = Broker(**known, certificate=mine, key=strange_key)
        async with listening(receiving, nameless, stranger):
            await logged(caplog, "it asks who calls; set certificate and key")
            await logged(caplog, "ones this broker vouches for")
        async with listening(receiving, mixed_up):
            await logged(caplog, str(mine), str(strange_key), "belong together")
        async with listening(receiving, Broker(**known, certificate=mine, key=key)):
            await a_read_arrives(receiving, port, ours, certfile=str(mine), keyfile=str(key))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("tls = true\ncertificate = 'a.pem'", "belong together"),
        ("ca = 'a.pem'", "set tls = true"),
    ],
)
def test_files_that_would_not_count_are_refused(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "morina.toml"
    file.write_text(f"[[push.brokers]]\nhost = 'broker.example'\n{text}\n")
    with pytest.raises(SettingsError, match=why):
        load_settings(file)


async def test_a_file_that_is_not_there_is_named(
    receiving: Receiving, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    absent = tmp_path / "absent.pem"
    async with listening(receiving, Broker(host="127.0.0.1", tls=True, ca=absent)):
        await logged(caplog, str(absent), "No such file", "name a file with PEM there")
