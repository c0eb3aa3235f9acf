"""The federation guide, every command on it run as it stands, by two authorities on loopback."""

import asyncio
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_approvals import PostgresApprovals
from morina.accountability.approvals import Verdict
from running import START_WITHIN_S, free_port

GUIDE = Path(__file__).parents[2] / "docs" / "federation.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WRITES = re.compile(r"\b(AL|GB) writes `([\w.]+)`")
FINGERPRINT = re.compile(r"(?:[0-9a-f]{4}-){5}[0-9a-f]{4}")
PORTS = ("8600", "8601", "8610", "8611")
"""On the page; free ones stand for them here."""
ARRIVES_WITHIN_S = START_WITHIN_S
COMES = {
    "AL$ morina exchange agreement list": "AL has to sign",
    "GB$ morina exchange agreement list": "in force",
    "AL$ morina hotlist list": "GB: Stolen vehicles",
}
"""What is on its way from the partner when somebody looks, and is waited for."""


@dataclass
class Reader:
    """Somebody who follows the page to the letter, in a folder for each authority."""

    folder: Path
    ports: dict[str, str] = field(default_factory=lambda: {one: str(free_port()) for one in PORTS})
    nodes: dict[str, "subprocess.Popen[str]"] = field(default_factory=dict)
    agreement: str = ""
    approval: str = ""
    printed: dict[str, str] = field(default_factory=dict)
    """What each line of the page printed."""

    def write(self, name: str, file: str, text: str) -> None:
        """What an authority is told to write; both write their settings."""
        (self.folder / name.lower() / file).write_text(self.with_ports(text))
        if file == "morina.toml":
            own = text.replace("AL", "GB").replace("8600", "8601").replace("8610", "8611")
            (self.folder / "gb" / file).write_text(self.with_ports(own))

    def do(self, line: str) -> None:
        """One line of the page; what it makes others do is done as well."""
        name, _, command = line.partition("$ ")
        if command == "morina up":
            self.start(name)
            return
        command = command.replace("AGREEMENT", self.agreement).replace("APPROVAL", self.approval)
        code, said = self.run(name, command)
        deadline = time.monotonic() + ARRIVES_WITHIN_S
        while COMES.get(line, "") not in said and time.monotonic() < deadline:
            time.sleep(1)
            code, said = self.run(name, command)
        assert (code, COMES.get(line, "") in said) == (0, True), f"{line}\n{said}"
        self.printed[line] = said
        if "drafted: " in said:
            self.agreement = said.split("drafted: ")[1].split()[0]
        if "--approval " in said:
            self.approval = said.split("--approval ")[1].split()[0]
            self.approve(name)

    def run(self, name: str, command: str) -> tuple[int, str]:
        with self.process(name, command) as process:
            said, _ = process.communicate(timeout=START_WITHIN_S)
            return process.returncode, said

    def start(self, name: str) -> None:
        node = self.nodes[name] = self.process(name, "morina up")
        said = ""
        while "desk is at" not in said:
            assert node.stdout is not None
            line = node.stdout.readline()
            assert line, f"the node of {name} did not start: {said}"
            said += line

    def process(self, name: str, command: str) -> "subprocess.Popen[str]":
        words = shlex.split(self.with_ports(command))
        if words[0] == "morina":
            words = [sys.executable, "-m", "morina.cli", *words[1:]]
        chosen = {"MORINA_READING__WORKERS": "0", "COLUMNS": "200", "PYTHONUNBUFFERED": "1"}
        return subprocess.Popen(
            words, cwd=self.folder / name.lower(), env={**os.environ, **chosen}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def approve(self, name: str) -> None:
        """What the second person does at the desk."""
        where = self.folder / name.lower() / "morina-home" / "run" / "node.json"
        dsn = json.loads(where.read_text())["postgres"]
        approver = {"GB": "sam", "AL": "sara"}[name]

        async def decided() -> None:
            async with AsyncConnectionPool(dsn, open=False, min_size=1) as pool:
                verdict = Verdict(approver, True, "read and compared it")
                await PostgresApprovals(pool).decide(
                    UUID(self.approval), verdict, datetime.now(UTC)
                )

        asyncio.run(decided())

    def with_ports(self, text: str) -> str:
        return re.sub(r"\b86\d\d\b", lambda port: self.ports.get(port[0], port[0]), text)

    def stop(self) -> None:
        for node in self.nodes.values():
            node.send_signal(signal.SIGTERM)
        for node in self.nodes.values():
            node.communicate(timeout=START_WITHIN_S)


@pytest.fixture
def reader(reachable_folder: Path) -> Iterator[Reader]:
    folder = reachable_folder / "guide"
    for name in ("al", "gb", "post"):
        (folder / name).mkdir(parents=True)
    one = Reader(folder)
    try:
        yield one
    finally:
        one.stop()
        shutil.rmtree(folder)


def test_an_authority_joins_by_the_commands_of_the_page(reader: Reader) -> None:
    text = GUIDE.read_text()
    for block in BLOCK.finditer(text):
        if block[1] == "console":
            for line in block[2].splitlines():
                reader.do(line)
        else:
            name, file = WRITES.findall(text[: block.start()])[-1]
            reader.write(name, file, block[2])
    compared_by_telephone(reader.printed)
    last = "GB$ morina exchange queue"
    assert list(reader.printed)[-1] == last
    assert "AL" in reader.printed[last]


def compared_by_telephone(printed: dict[str, str]) -> None:
    """What is read out is what the other has."""
    [keys] = [said for line, said in printed.items() if line.startswith("AL$ morina exchange keys")]
    [own] = FINGERPRINT.findall(keys)
    there = printed["GB$ morina exchange directory fingerprint ../post/next.json"]
    here = printed["AL$ morina exchange directory fingerprint ../post/next.json"]
    assert there == here
    assert f"AL {own}" in there
