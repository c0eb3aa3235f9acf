"""Asking a partner and following up a hit, in a real browser against a real node."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect
from psycopg.types.json import Jsonb
from tests.browser.conftest import PATIENCE_MS, person
from tests.browser.test_sites import shown_everywhere

from authorities import first_directory, five, root_file
from morina.accountability import PurposeCode
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.exchange import Agreement, Category
from morina.exchange.adapters.postgres_agreements import Hand, add_signature
from morina.exchange.adapters.tuf_directory import TufDirectory
from morina.exchange.sealing import SEALING_SECRET, Keys
from morina.wiring.database import Database
from running import RunningNode

expect.set_options(timeout=PATIENCE_MS)
WHY = "a grey van left the ferry on Monday without papers, driver unknown"
ANSWER = [{"category": "registered", "make": "Volkswagen", "model": "Golf", "colour": "silver"}]
ASKED_OF_US = {
    "about": str(uuid4()), "named": {"plate": "AA777BB", "country": "GB"},
    "why": {"code": "stolen_vehicle", "case_number": "AL-9", "justification": WHY},
    "offence": "theft of a vehicle", "urgency": "danger_to_life", "wanted": ["holder_name"],
    "officers": [],
}  # fmt: skip
FOLLOW_UPS = ("/follow-ups", "Follow-ups")


def agreements(now: datetime) -> list[Agreement]:
    """AL answers GB, AL gives GB details, GB gives AL details."""
    usual = Agreement(
        agreement_id=uuid4(), version=1, giver="AL", receiver="GB", category=Category.VEHICLE,
        purposes=frozenset({PurposeCode.STOLEN_VEHICLE}), fields=frozenset({"category", "make"}),
        legal_basis="Memorandum of the tests", valid_from=now - timedelta(days=1),
        valid_to=now + timedelta(days=30), keep_days=30, officer_cap=50, node_cap=500,
    )  # fmt: skip
    details = replace(usual, agreement_id=uuid4(), category=Category.FOLLOW_UP,
                      fields=frozenset({"holder_name", "holder_address"}))  # fmt: skip
    ours = replace(details, agreement_id=uuid4(), giver="GB", receiver="AL")
    return [usual, details, ours]


@pytest.fixture(scope="module")
def in_thread() -> Iterator[Callable[..., object]]:
    """Playwright keeps an event loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        yield lambda work: thread.submit(asyncio.run, work).result()


@pytest.fixture(scope="module")
def node(reachable_folder: Path, in_thread: Callable[..., object]) -> Iterator[RunningNode]:
    """The node of GB, with agreements AL and GB both signed."""
    folder = reachable_folder / "asking"
    folder.mkdir()
    chosen = {
        "MORINA_EXCHANGE__NODE_ID": "GB",
        "MORINA_EXCHANGE__DIRECTORY": str(folder / "root.json"),
    }
    with RunningNode.start(folder / "home", chosen) as running:
        in_thread(_agree(running, folder))
        yield running


async def _agree(node: RunningNode, folder: Path) -> None:
    authorities = five()
    secrets = node.home / "secrets"
    keys = Keys.of("GB", *((secrets / name).read_text() for name in ("signing", SEALING_SECRET)))
    own = replace(authorities["GB"], signing=keys.signer, sealing=keys.opener)
    authorities["GB"] = own
    bundle, now = first_directory(authorities), datetime.now(UTC)
    file = root_file(folder, bundle)
    async with Database(node.addresses["postgres"], open=False) as pool, pool.connection() as one:
        await TufDirectory(pool, file, PostgresTrail()).take(one, bundle, "tests", now)
        made = agreements(now)
        for text in made:
            for name in ("AL", "GB"):
                signed = authorities[name].signing.sign(text.said())
                await add_signature(one, text, Hand(name, signed, f"{name}:0123"), now)
        await one.execute(
            "INSERT INTO follow_up (follow_up_id, side, partner, agreement_id, requester, stage,"
            " said, written_at, asked_at, approver) VALUES"
            " (%s, 'owning', 'AL', %s, 'AL:1', 'asked', %s, %s, %s, 'AL:2')",
            (uuid4(), made[2].agreement_id, Jsonb(ASKED_OF_US), now, now - timedelta(hours=3)),
        )


@pytest.fixture(scope="module")
def ivo(browser: Browser, node: RunningNode) -> Iterator[Page]:
    yield from person(browser, node, "ivo", "investigator", FOLLOW_UPS)


@pytest.fixture(scope="module")
def liaison(browser: Browser, node: RunningNode) -> Iterator[Page]:
    yield from person(browser, node, "lena", "liaison_officer", FOLLOW_UPS)


def connected(page: Page) -> None:
    """What is pressed before that is lost."""
    page.wait_for_function("window.did_handshake")


def purposes(page: Page) -> None:
    page.locator("[name=code]").select_option("stolen_vehicle")
    page.get_by_label("Case number").fill("C-2026-7")
    page.get_by_label("Legal basis").fill("Memorandum, article 4")
    page.get_by_label("What is looked for, and why").fill(WHY)


async def _answer(node: RunningNode) -> None:
    """As AL's message is taken in."""
    async with await psycopg.AsyncConnection.connect(node.addresses["postgres"]) as connection:
        await connection.execute(
            "INSERT INTO partner_answer SELECT question_id, 'hit', asked_at"
            " + interval '234 milliseconds', %s FROM partner_question", (Jsonb(ANSWER),),
        )  # fmt: skip


def test_a_partner_is_asked_and_its_answer_appears_and_is_followed_up(
    ivo: Page, node: RunningNode, in_thread: Callable[..., object]
) -> None:
    ivo.goto("/ask")
    connected(ivo)
    ivo.get_by_label("AL", exact=True).check()
    ivo.get_by_label("Plate", exact=True).fill("AA*")
    ivo.locator("[name=country]").select_option("AL")
    purposes(ivo)
    ivo.keyboard.press("Enter")
    expect(ivo.get_by_role("alert").filter(has_text="wildcards are not asked")).to_be_visible()
    ivo.get_by_label("Plate", exact=True).fill("AA 123 BB")
    ivo.keyboard.press("Enter")
    question = ivo.locator("article").filter(has_text="AL: AL AA123BB")
    expect(question).to_be_visible()
    shown_everywhere(ivo)

    in_thread(_answer(node))
    expect(question).to_contain_text("hit")
    expect(question).to_contain_text("Answered in 234 ms")
    expect(question).to_contain_text("registered, not stolen")
    expect(question).to_contain_text("silver")
    shown_everywhere(ivo)

    question.get_by_role("link", name="Ask for details").click()
    expect(ivo.get_by_role("heading", name="Ask AL for details")).to_be_visible()
    connected(ivo)
    shown_everywhere(ivo)
    ivo.get_by_label("holder: name").check()
    ivo.get_by_label("Offence").fill("theft of a vehicle")
    purposes(ivo)
    ivo.get_by_role("button", name="Ask for approval").click()
    expect(ivo.get_by_role("heading", name="AL AA123BB")).to_be_visible()
    expect(ivo.get_by_text("waits for a second person")).to_be_visible()
    connected(ivo)
    shown_everywhere(ivo)
    ivo.get_by_role("button", name="Send").click()
    expect(ivo.get_by_role("alert").filter(has_text="nobody decided it yet")).to_be_visible()
    ivo.get_by_role("button", name="Drop").click()
    expect(ivo.get_by_text("dropped").first).to_be_visible()


def test_a_liaison_officer_sees_the_clock_and_releases_or_refuses(liaison: Page) -> None:
    liaison.goto("/follow-ups")
    row = liaison.locator("tbody tr").filter(has_text="AL asks us")
    expect(row).to_contain_text("to be acknowledged: over for 2 h")
    expect(row).to_contain_text("danger to life")
    shown_everywhere(liaison)
    row.get_by_role("link").click()
    connected(liaison)
    liaison.get_by_role("button", name="Acknowledge").click()
    expect(liaison.get_by_text("Release: fields left empty are not told")).to_be_visible()
    connected(liaison)
    shown_everywhere(liaison)
    liaison.get_by_role("button", name="Release").click()
    expect(liaison.get_by_role("alert").filter(has_text="nothing is released")).to_be_visible()
    liaison.get_by_label("holder: name").fill("Arta Invented")
    liaison.get_by_role("button", name="Release").click()
    expect(liaison.get_by_text("details released").first).to_be_visible()
    expect(liaison.get_by_text("Arta Invented")).to_have_count(0)


def test_an_investigator_does_not_see_what_partners_ask(ivo: Page) -> None:
    ivo.goto("/follow-ups")
    expect(ivo.get_by_text("AL asks us")).to_have_count(0)
    ivo.goto(f"/follow-ups/{UUID(int=7)}")
    expect(ivo.get_by_text("There is no such follow-up")).to_be_visible()
