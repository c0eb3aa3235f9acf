"""A node with a name among partners, set up with commands alone; partners meet its inbox."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from morina.exchange.adapters.https_inbox import PATH
from running import START_WITHIN_S, RunningNode, free_port, morina

HOST = "127.0.0.1"


@pytest.fixture(scope="module")
def node(reachable_folder: Path) -> Iterator[RunningNode]:
    home = reachable_folder / "exchanging"
    for made in (["ca", "--within", "127.0.0.0/8"], ["exchange", "GB-COAST", HOST]):
        with morina(["certs", *made, "--home", str(home)], {}) as command:
            assert command.wait(timeout=START_WITHIN_S) == 0
    chosen = {
        "MORINA_EXCHANGE__NODE_ID": "GB-COAST",
        "MORINA_EXCHANGE__HOST": HOST,
        "MORINA_EXCHANGE__PORT": str(free_port()),
        "MORINA_EXCHANGE__CERTIFICATE": str(home / "certs" / "GB-COAST.pem"),
        "MORINA_EXCHANGE__KEY": str(home / "secrets" / "GB-COAST.key"),
    }
    with RunningNode.start(home, chosen) as started:
        yield started


def test_the_inbox_speaks_to_nobody_without_a_certificate(node: RunningNode) -> None:
    trusting = ssl.create_default_context(cafile=str(node.home / "certs" / "ca.pem"))
    url = f"https://{HOST}:{node.environment['MORINA_EXCHANGE__PORT']}{PATH}"
    with pytest.raises(httpx.TransportError):
        httpx.post(url, content=b"", verify=trusting)


def test_without_a_directory_the_queue_says_what_is_missing(node: RunningNode) -> None:
    shown = node.command("exchange", "queue")
    assert shown.returncode == 1
    assert "directory" in shown.stdout


def test_a_stick_of_nobody_is_refused_in_words(node: RunningNode, tmp_path: Path) -> None:
    written = node.command("exchange", "stick", "write", str(tmp_path), "--to", "XK")
    assert (written.returncode, "directory" in written.stdout) == (1, True)
    read = node.command("exchange", "stick", "read", str(tmp_path))
    assert (read.returncode, "0 messages taken in" in read.stdout) == (0, True)


HEAD = "plate,register_country,vin,make,model,colour,valid_from,valid_to"
GOLF = "AB12CDE,GB,WVWZZZ1KZAW000001,Volkswagen,Golf,silver,2019-03-01,"
FABIA = "AB13CDE,GB,TMBZZZ1Z9A2000002,Skoda,Fabia,red,2019-03-01,"


def test_a_register_is_imported_shown_and_never_half_replaced(
    node: RunningNode, tmp_path: Path
) -> None:
    file = tmp_path / "register.csv"
    file.write_text("\n".join([HEAD, GOLF, FABIA]))
    imported = node.command("register", "import", str(file))
    assert imported.returncode == 0, imported.stdout
    assert "2 lines imported" in imported.stdout
    shown = node.command("register", "show")
    assert shown.stdout == "about 2 states of vehicles, in the node's database\n"

    file.write_text("\n".join([HEAD, FABIA, FABIA.replace("2019-03-01", "soon")]))
    refused = node.command("register", "import", str(file))
    assert refused.returncode == 1
    assert "line 3" in refused.stdout and "nothing was imported" in refused.stdout
    file.write_bytes(HEAD.encode() + b"\n\xff")
    refused = node.command("register", "import", str(file))
    assert (refused.returncode, "is not UTF-8" in refused.stdout) == (1, True)
    refused = node.command("register", "import", str(tmp_path / "none.csv"))
    assert (refused.returncode, "No such file" in refused.stdout) == (1, True)
    with psycopg.connect(node.addresses["postgres"]) as connection:
        asked = "SELECT who, what FROM trail WHERE what ->> 'kind' = 'register'"
        [(who, what)] = connection.execute(asked).fetchall()
        assert len(connection.execute("SELECT FROM registered_vehicle").fetchall()) == 2
    assert what["step"] == "imported: 2" and who.startswith("console:")
