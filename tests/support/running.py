"""A node as a user starts it: ``morina up`` in a process of its own."""

import asyncio
import json
import os
import queue
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psycopg

from morina.sense import Read
from morina.sense.adapters.nats import NatsHandOver

START_WITHIN_S = 300.0
"""Also for every command and every end: it costs nothing where all is well."""
ANSWERED = {
    "MORINA_NODE__OWNER": "Test authority",
    "MORINA_NODE__POLICY": "Rule of the tests",
    "MORINA_CAMERAS__MAY_BE_LOCAL": "true",
}
"""What no node starts without, and cameras of these tests being on this machine."""

OFFICER = "an.officer"
WORKING = ("operator", "investigator", "analyst", "supervisor", "list_owner", "camera_technician")
"""The roles of the officer of these tests; the administrator sees no reads."""


@dataclass
class RunningNode:
    """A started node: where it answers, and its first password."""

    home: Path
    port: int
    environment: Mapping[str, str]
    process: subprocess.Popen[str]
    password: str = ""
    officers_password: str = ""
    lines: "queue.Queue[str]" = field(default_factory=queue.Queue)

    @classmethod
    def start(
        cls, home: Path, environment: Mapping[str, str] | None = None, port: int | None = None
    ) -> Self:
        """Start and wait until the desk answers."""
        port = port or free_port()
        own = {"MORINA_READING__WORKERS": "0", "MORINA_DESK__PORT": str(port)}
        full = {**own, **(environment or {})}
        process = morina(["up", "--home", str(home)], full)
        node = cls(home, port, full, process)
        try:
            node._listen()
            node._wait()
        except BaseException:  # whatever it was, Ctrl-C too, no node is left running
            node.stop()
            raise
        return node

    def restart(self) -> None:
        """Start the same home again after it ended."""
        self.process = morina(["up", "--home", str(self.home)], self.environment)
        self._listen()
        self._wait()

    @property
    def url(self) -> str:
        """Where the desk answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def addresses(self) -> dict[str, str]:
        """The engines' addresses: postgres, nats, url."""
        found: dict[str, str] = json.loads((self.home / "run" / "node.json").read_text())
        return found

    @property
    def owner_dsn(self) -> str:
        """The node's own database as the role that owns its tables."""
        place = self.addresses["postgres"].rpartition("@")[2]
        return f"postgresql://postgres:{(self.home / 'secrets' / 'postgres').read_text()}@{place}"

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a ``morina`` command on this home to its end."""
        with morina([*arguments, "--home", str(self.home)], self.environment) as process:
            output, _ = process.communicate(timeout=START_WITHIN_S)
            return subprocess.CompletedProcess(arguments, process.returncode, output)

    def account(self, name: str, *roles: str) -> str:
        """The password of a new account with these roles, as if its owner had changed it."""
        chosen = [word for role in roles for word in ("--role", role)]
        added = self.command("user", "add", name, "--full-name", "An Officer", *chosen)
        self.settle(name)
        return added.stdout.split()[-1]

    def settle(self, name: str) -> None:
        """Let the first password of an account count as its owner's own."""
        with psycopg.connect(self.addresses["postgres"]) as connection:
            connection.execute("UPDATE account SET first_password = false WHERE name = %s", (name,))

    def officer(self) -> str:
        """The password of the officer, who is given an account when first asked for."""
        if not self.officers_password:
            self.officers_password = self.account(OFFICER, *WORKING)
        return self.officers_password

    def token(self, *roles: str) -> str:
        """An API token of the officer, or of somebody with these roles and no others."""
        name = "-".join(roles) if roles else OFFICER
        if roles:
            self.account(name, *roles)
        else:
            self.officer()
        return self.command("user", "token", name, "--label", "tests").stdout.split()[-1]

    def publish(self, reads: Sequence[Read]) -> None:
        """Hand reads over as a camera worker does."""

        async def hand_over() -> None:
            stream = await NatsHandOver.connect(self.addresses["nats"])
            await stream.publish_reads(reads)
            await stream.close()

        asyncio.run(hand_over())

    def kill(self) -> None:
        """End the node without warning, as a power cut of this one process would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """End the node as systemd does; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=START_WITHIN_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    def _listen(self) -> None:
        """Gather what this process says, the empty line last when it has ended."""
        output, self.lines = self.process.stdout, queue.Queue()
        threading.Thread(target=_gather, args=(output, self.lines), daemon=True).start()

    def _wait(self) -> None:
        """Until the node says where its desk is; AssertionError when it ends or takes too long."""
        said = ""
        while "desk is at" not in said:
            line = self.lines.get(timeout=START_WITHIN_S)
            said += line
            if not line:
                raise AssertionError(f"the node did not start: {said}")
        if found := re.search(r"shown only now:\n\s+(\S+)", said + self.lines_left()):
            self.password = found[1]

    def lines_left(self) -> str:
        """What the node has said since, waiting a moment for more."""
        said = ""
        try:
            while True:
                said += self.lines.get(timeout=0.3)
        except queue.Empty:
            return said


def _gather(output: IO[str], lines: "queue.Queue[str]") -> None:
    with output:
        for line in output:
            lines.put(line)
    lines.put("")


def morina(arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """The ``morina`` command as a process, its output and errors together."""
    return subprocess.Popen(
        [sys.executable, "-m", "morina.cli", *arguments],
        env={**os.environ, "PYTHONUNBUFFERED": "1", **ANSWERED, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


_GIVEN: set[int] = set()


def free_port() -> int:
    """A port nobody listens on, given once, and below those that systems give to connections: so
    nobody takes it before whoever asked listens there, or while that is down for a moment."""
    while True:
        port = 12_000 + secrets.randbelow(20_000)
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            if port not in _GIVEN:
                _GIVEN.add(port)
                return port
