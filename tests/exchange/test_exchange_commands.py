"""Joining the exchange and making an agreement by commands, as a liaison officer would."""

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_approvals import PostgresApprovals
from morina.accountability.approvals import Verdict
from morina.exchange.directory import bundle_of
from morina.exchange.entries import entry_of
from running import START_WITHIN_S, RunningNode, morina

NAMES = ("AL", "GB", "ME", "MK", "XK")
DRAFT = """
giver = "GB"
receiver = "AL"
category = "hotlist"
purposes = ["stolen_vehicle"]
fields = ["plate", "country", "action"]
legal_basis = "Arrangement of both on stolen vehicles"
valid_from = 2026-01-01
valid_to = 2099-01-01
keep_days = 30
"""


class Exchange:
    """One node that runs, and homes of the other authorities, which hold their directory keys."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        chosen = {
            "MORINA_EXCHANGE__NODE_ID": "GB",
            "MORINA_EXCHANGE__DIRECTORY": str(folder / "directory.json"),
        }
        self.node = RunningNode.start(folder / "GB", chosen)

    def run(self, *words: str, name: str = "GB") -> str:
        """What a command of ``exchange`` says, of one authority's home; it succeeds."""
        code, output = self.tried(*words, name=name)
        assert code == 0, output
        return output

    def tried(self, *words: str, name: str = "GB") -> tuple[int, str]:
        environment = {**self.node.environment, "MORINA_EXCHANGE__NODE_ID": name}
        homeless = words[:2] in [("directory", one) for one in ("init", "add", "fingerprint")]
        home = [] if homeless else ["--home", str(self.folder / name)]
        with morina(["exchange", *words, *home], environment) as process:
            output, _ = process.communicate(timeout=START_WITHIN_S)
            return process.returncode, output

    def file(self, name: str) -> str:
        return str(self.folder / name)


@pytest.fixture(scope="module")
def exchange(reachable_folder: Path) -> Iterator[Exchange]:
    folder = reachable_folder / "exchange"
    folder.mkdir()
    made = Exchange(folder)
    try:
        for name in NAMES:
            entry = made.file(f"{name}.json")
            made.run("keys", "--name", f"Police of {name}", "--to", entry, name=name)
        yield made
    finally:
        made.node.stop()


def fingerprints(said: str) -> list[str]:
    return re.findall(r"(?:[0-9a-f]{4}-){5}[0-9a-f]{4}", said)


def test_five_authorities_make_a_directory_and_an_agreement(exchange: Exchange) -> None:
    directory(exchange)
    agreement(exchange)
    keys_renewed(exchange)
    webhooks(exchange)
    without_its_root_it_does_not_start(exchange)


def directory(exchange: Exchange) -> None:
    run, file = exchange.run, exchange.file("directory.json")
    entries = [exchange.file(f"{name}.json") for name in NAMES]
    said = run("directory", "init", *entries, "--to", file, "--threshold", "3")
    assert "directory: 3 more must sign, of AL, GB, ME, MK, XK" in said
    code, said = exchange.tried("directory", "take", file)
    assert (code, "does not hold" in said) == (1, True)
    for name in ("AL", "GB"):
        said = run("directory", "sign", file, name=name)
    assert "directory: 1 more must sign, of ME, MK, XK" in said
    assert "enough" in run("directory", "sign", file, name="XK")
    heard = fingerprints(run("directory", "fingerprint", file))
    assert len(heard) == len(NAMES) + 1
    assert fingerprints(run("keys", "--name", "Police of ME", "--to", exchange.file("again.json"),
                            name="ME")) == [heard[1 + NAMES.index("ME")]]  # fmt: skip
    assert "version 1 is in force" in run("directory", "take", file)
    assert heard[0] in run("directory", "show")
    code, said = exchange.tried("directory", "take", file)
    assert (code, "is in force already" in said) == (1, True)
    second = exchange.file("second.json")
    said = run("directory", "add", file, "--to", second, "--remove", "MK")
    assert "root, by those before: 3 more" in said
    for name in ("AL", "ME", "XK"):
        run("directory", "sign", second, name=name)
    assert "version 2 is in force" in run("directory", "take", second)
    assert "Police of MK" not in run("directory", "show")
    code, said = exchange.tried("directory", "take", file)
    assert (code, "version 2 is in force" in said) == (1, True)


def agreement(exchange: Exchange) -> None:
    run, draft = exchange.run, exchange.folder / "draft.toml"
    draft.write_text(DRAFT.replace('"action"', '"shoe_size"'))
    code, said = exchange.tried("agreement", "draft", str(draft))
    assert (code, "no field 'shoe_size'" in said) == (1, True)
    draft.write_text(DRAFT)
    assert "There are 0 entries now." in run("agreement", "preview", "--file", str(draft))
    said = run("agreement", "draft", str(draft))
    agreement_id = said.split("drafted: ")[1].split()[0]
    said = run("agreement", "sign", agreement_id, "--reason", "agreed with Tirana")
    approval = said.split("--approval ")[1].split()[0]
    code, said = exchange.tried("agreement", "sign", agreement_id, "--approval", approval)
    assert (code, "nobody decided it yet" in said) == (1, True)
    approve(exchange, UUID(approval))
    said = run("agreement", "sign", agreement_id, "--approval", approval)
    assert "AL has to sign it" in said
    assert "AL has to sign" in re.sub(r"\s+", " ", run("agreement", "list"))
    assert f'"agreement_id": "{agreement_id}"' in run("agreement", "show", agreement_id, "--json")
    assert "officer GB:" in run("agreement", "show", agreement_id)
    assert "ended" in run("agreement", "end", agreement_id, "--reason", "no longer needed")
    assert "ended" in run("agreement", "list")
    code, said = exchange.tried("agreement", "end", str(UUID(int=1)), "--reason", "a mistake")
    assert (code, "agreement list" in said) == (1, True)


def keys_renewed(exchange: Exchange) -> None:
    run, entry, third = exchange.run, exchange.file("renewed.json"), exchange.file("third.json")
    said = run("keys", "renew", "--to", entry, "--reason", "once a year")
    fresh, whole = fingerprints(said)
    assert fingerprints(run("keys", "renew", "--to", entry, "--reason", "again"))[0] == fresh
    run("directory", "add", exchange.file("second.json"), "--to", third, "--entry", entry)
    assert whole != fresh and fingerprints(run("directory", "fingerprint", third))
    for name in ("AL", "ME", "XK"):
        run("directory", "sign", third, name=name)
    assert "version 3 is in force" in run("directory", "take", third)
    party = entry_of(bundle_of(Path(third).read_text()).files["parties/GB.json"]).party
    assert (party.fingerprint, len(party.old_keys)) == (fresh, 1)
    secrets = exchange.folder / "GB" / "secrets"
    assert {one.name for one in secrets.glob("*-[23]")} == {
        "exchange-signing-2", "sealing-exchange-2"
    }  # fmt: skip
    code, said = exchange.tried("settle", "AL", "--reason", "a mistake")
    assert (code, "compare GB" in re.sub(r"\s+", " ", said)) == (1, True)
    code, said = exchange.tried("keys")
    assert (code, "--name, --to" in said) == (2, True)


def webhooks(exchange: Exchange) -> None:
    run = exchange.run
    code, said = exchange.tried("webhook", "add", "http://127.0.0.1:9/told")
    assert (code, "webhooks_may_be_local" in re.sub(r"\s+", "", said)) == (1, True)
    hook = run("webhook", "add", "https://8.8.8.8/told").split(":")[0].split()[-1]
    for step, told in (("pause", "told nothing"), ("resume", "told again")):
        assert told in run("webhook", step, hook)
    assert "told nothing more" in run("webhook", "end", hook)
    for step in ("pause", "resume", "test", "end"):
        code, said = exchange.tried("webhook", step, hook)
        assert (code, "webhook list" in re.sub(r"\s+", " ", said)) == (1, True)
    assert "ended" in run("webhook", "list")


def approve(exchange: Exchange, approval_id: UUID) -> None:
    """By another person."""

    async def decided() -> None:
        dsn = exchange.node.addresses["postgres"]
        async with AsyncConnectionPool(dsn, open=False, min_size=1) as pool:
            verdict = Verdict("ben", True, "read and compared it")
            await PostgresApprovals(pool).decide(approval_id, verdict, datetime.now(UTC))

    asyncio.run(decided())


def without_its_root_it_does_not_start(exchange: Exchange) -> None:
    exchange.node.stop()
    file = exchange.folder / "directory.json"
    file.rename(exchange.folder / "elsewhere.json")
    with pytest.raises(AssertionError, match=r"exchange\.directory: .* is not read"):
        exchange.node.restart()
