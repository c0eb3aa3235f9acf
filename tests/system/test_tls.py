"""The desk over TLS, with certificates of its own authority, as an administrator sets it up."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from running import RunningNode, free_port, morina

HOST = "127.0.0.1"


@pytest.fixture(scope="module")
def desk(reachable_folder: Path) -> Iterator[RunningNode]:
    home = reachable_folder / "tls"
    for made in (["ca", "--within", "127.0.0.0/8"], ["node", HOST]):
        with morina(["certs", *made, "--home", str(home)], {}) as command:
            assert command.wait(timeout=300) == 0
    chosen = {
        "MORINA_DESK__CERTIFICATE": str(home / "certs" / f"{HOST}.pem"),
        "MORINA_DESK__KEY": str(home / "secrets" / f"{HOST}.key"),
        "MORINA_DESK__HOST": "0.0.0.0",  # noqa: S104 - what is tried
    }
    with RunningNode.start(home, chosen) as node:
        yield node


@pytest.fixture
def trusting(desk: RunningNode) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(desk.home / "certs" / "ca.pem"))


def test_whoever_trusts_the_authority_reaches_the_desk(
    desk: RunningNode, trusting: ssl.SSLContext
) -> None:
    answer = httpx.get(f"https://{HOST}:{desk.port}/sign-in", verify=trusting, timeout=120)
    assert answer.status_code == 200
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "server" not in answer.headers
    with pytest.raises(httpx.ConnectError, match="certificate"):
        httpx.get(f"https://{HOST}:{desk.port}/sign-in", timeout=120)


def test_plain_http_gets_no_answer(desk: RunningNode) -> None:
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://{HOST}:{desk.port}/healthz", timeout=120)


def test_an_old_version_of_tls_is_not_spoken(desk: RunningNode, trusting: ssl.SSLContext) -> None:
    trusting.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        trusting.minimum_version = trusting.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection((HOST, desk.port), timeout=120) as raw,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        trusting.wrap_socket(raw, server_hostname=HOST)


def test_commands_on_this_machine_know_their_node(desk: RunningNode, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(desk.token())
    token.chmod(0o600)
    ran = desk.command("records", "consultations", "--token", str(token))
    assert "does not answer" not in ran.stdout


def test_a_node_does_not_start_with_plain_http_beyond_this_machine(reachable_folder: Path) -> None:
    chosen = {"MORINA_DESK__HOST": "0.0.0.0", "MORINA_DESK__PORT": str(free_port())}  # noqa: S104
    with morina(["up", "--home", str(reachable_folder / "plain")], chosen) as command:
        said, _ = command.communicate(timeout=300)
    assert command.returncode == 1
    assert said.startswith("morina: desk.host 0.0.0.0 would serve plain HTTP beyond this machine")


def test_a_node_does_not_start_while_nobody_answers_for_it(reachable_folder: Path) -> None:
    chosen = {"MORINA_NODE__OWNER": "", "MORINA_DESK__PORT": str(free_port())}
    with morina(["up", "--home", str(reachable_folder / "nobody")], chosen) as command:
        said, _ = command.communicate(timeout=300)
    assert command.returncode == 1
    assert said.startswith("morina: node.owner is not set")
