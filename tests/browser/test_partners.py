"""Partners, agreements and what passed, in a real browser against a real node that exchanges."""

import asyncio
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
import standardwebhooks
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import PATIENCE_MS, connected, person
from tests.browser.test_sites import shown_everywhere

from authorities import Authority, first_directory, five, root_file
from desk_exchange import agreement
from morina.accountability.adapters.postgres_trail import PostgresTrail, PostgresTrailReader
from morina.accountability.trail import Sought
from morina.exchange import Agreement, Category
from morina.exchange.adapters.postgres_agreements import Hand, add_signature
from morina.exchange.adapters.tuf_directory import TufDirectory
from morina.exchange.agreement_rules import agreement_of
from morina.exchange.sealing import SEALING_SECRET, Keys
from morina.wiring.database import Database
from running import RunningNode
from told_program import Program, told_program

expect.set_options(timeout=PATIENCE_MS)
WHY = "agreed at the meeting in Tirana"
Signs = Callable[[Agreement], None]
PARTNERS = ("/partners", "Partners")


@pytest.fixture
def program() -> Iterator[Program]:
    with told_program() as made:
        yield made


@pytest.fixture(scope="module")
def authorities() -> dict[str, Authority]:
    """Five of them; GB gets the keys of the node."""
    return five()


@pytest.fixture(scope="module")
def node(reachable_folder: Path, authorities: dict[str, Authority]) -> Iterator[RunningNode]:
    """The node of GB, a directory of five authorities in force."""
    folder = reachable_folder / "partners"
    folder.mkdir()
    chosen = {
        "MORINA_EXCHANGE__NODE_ID": "GB",
        "MORINA_EXCHANGE__DIRECTORY": str(folder / "root.json"),
        "MORINA_EXCHANGE__WEBHOOKS_MAY_BE_LOCAL": "true",
    }
    with RunningNode.start(folder / "home", chosen) as running:
        secrets = running.home / "secrets"
        signing, sealing = ((secrets / name).read_text() for name in ("signing", SEALING_SECRET))
        keys = Keys.of("GB", signing, sealing)
        own = replace(authorities["GB"], signing=keys.signer, sealing=keys.opener)
        authorities["GB"] = own
        with ThreadPoolExecutor(1) as thread:  # Playwright keeps an event loop running in this one
            thread.submit(asyncio.run, _take(running, authorities, folder)).result()
        yield running


async def _take(node: RunningNode, authorities: dict[str, Authority], folder: Path) -> None:
    bundle = first_directory(authorities)
    file = root_file(folder, bundle)
    async with Database(node.addresses["postgres"], open=False) as pool, pool.connection() as one:
        directory = TufDirectory(pool, file, PostgresTrail())
        await directory.take(one, bundle, "tests", datetime.now(UTC))


@pytest.fixture(scope="module")
def liaison(browser: Browser, node: RunningNode) -> Iterator[Page]:
    """Who makes agreements."""
    yield from person(browser, node, "lena", "liaison_officer", PARTNERS)


@pytest.fixture(scope="module")
def supervisor(browser: Browser, node: RunningNode) -> Iterator[Page]:
    """The second person."""
    yield from person(browser, node, "sonja", "supervisor", PARTNERS)


@pytest.fixture(scope="module")
def overseer(browser: Browser, node: RunningNode) -> Iterator[Page]:
    """The data protection officer."""
    yield from person(browser, node, "dora", "data_protection_officer", PARTNERS)


@pytest.fixture
def signed_by_al(node: RunningNode, authorities: dict[str, Authority]) -> Iterator[Signs]:
    """Lets AL sign a version, as its message does when it is taken in."""
    al = authorities["AL"]

    async def sign(text: Agreement) -> None:
        hand = Hand("AL", al.signing.sign(text.said()), "AL:0123456789abcdef")
        dsn = node.addresses["postgres"]
        async with await psycopg.AsyncConnection.connect(dsn) as connection:
            await add_signature(connection, text, hand, datetime.now(UTC))

    with ThreadPoolExecutor(1) as thread:
        yield lambda text: thread.submit(asyncio.run, sign(text)).result()


def approve(supervisor: Page, what: str) -> None:
    """A second person reads it and agrees."""
    supervisor.goto("/approvals")
    connected(supervisor)
    request = supervisor.locator("article").filter(has_text=what).first
    request.locator("[name=decision]").select_option("yes")
    request.locator("[name=reason]").fill("read and compared it")
    request.get_by_role("button", name="Decide").click()
    expect(supervisor.get_by_text("Approved:").first).to_be_visible()


def test_a_new_node_shows_whom_it_knows_and_that_nothing_is_told(
    liaison: Page, authorities: dict[str, Authority]
) -> None:
    liaison.goto("/partners")
    expect(liaison.get_by_text("This node is GB. Directory version 1.")).to_be_visible()
    expect(liaison.get_by_text("No agreement is in force")).to_be_visible()
    row = liaison.locator("tbody tr").filter(has_text="Police of AL")
    expect(row).to_contain_text(authorities["AL"].entry.party.fingerprint)
    expect(liaison.get_by_role("img", name="Who tells whom what")).to_be_visible()
    expect(liaison.locator("svg.graph .node")).to_have_count(5)
    shown_everywhere(liaison)
    for path in ("/inbox", "/deliveries", "/reconciliation"):
        liaison.goto(path)
        connected(liaison)
        shown_everywhere(liaison)


def test_an_agreement_is_drafted_previewed_approved_and_signed(
    liaison: Page, supervisor: Page, signed_by_al: Signs, node: RunningNode
) -> None:
    liaison.goto("/partners")
    liaison.get_by_role("link", name="AL", exact=True).click()
    liaison.get_by_role("link", name="Draft an agreement").click()
    liaison.get_by_role("link", name="confirmed sightings").click()
    expect(liaison).to_have_url(re.compile("category=sighting"))
    connected(liaison)
    shown_everywhere(liaison)
    liaison.get_by_label("stolen vehicle").check()
    liaison.get_by_label("plate", exact=True).check()
    liaison.get_by_label("time of passing").check()
    liaison.get_by_label("every camera").check()
    liaison.locator("[name=legal_basis]").fill("Memorandum of 2026, article 4")
    liaison.get_by_role("button", name="Keep the draft").click()

    expect(liaison.get_by_role("heading", name="Who would see this?")).to_be_visible()
    sees = liaison.get_by_text("Officers of AL would see: plate, time of passing.")
    expect(sees).to_be_visible()
    expect(liaison.get_by_text(re.compile("They would not see: .*picture"))).to_be_visible()
    connected(liaison)
    shown_everywhere(liaison)
    reason = liaison.get_by_label("Why, in a few words").first
    reason.fill("so")
    liaison.get_by_role("button", name="Ask for approval").click()
    expect(liaison.get_by_text("Write why, in three words or more.").first).to_be_visible()
    reason.fill(WHY)
    reason.press("Enter")
    expect(liaison.get_by_text("A supervisor has to agree.")).to_be_visible()
    address = liaison.url
    approve(supervisor, WHY)
    liaison.goto(address)
    connected(liaison)
    liaison.get_by_role("button", name="Sign and send").click()
    expect(
        liaison.get_by_text("signed by us; the partner has not signed yet").first
    ).to_be_visible()

    connected(liaison)
    liaison.get_by_role("link", name="Messages", exact=True).click()
    expect(liaison.get_by_role("heading", name="Version of an agreement GB → AL")).to_be_visible()
    connected(liaison)
    liaison.get_by_role("button", name="Show what it says").click()
    expect(liaison.locator(".content")).to_contain_text("Memorandum of 2026, article 4")
    shown_everywhere(liaison)
    signed_by_al(newest(node, UUID(address.rpartition("/")[2])))
    liaison.goto("/partners")
    arrow = liaison.locator("svg.graph .arrow")
    expect(arrow).to_have_attribute("data-from", "GB")
    expect(arrow).to_have_attribute("data-to", "AL")
    expect(liaison.get_by_role("link", name="GB tells AL: confirmed sightings")).to_be_visible()
    shown_everywhere(liaison)


def newest(node: RunningNode, agreement_id: UUID) -> Agreement:
    """The newest version at the node."""
    with psycopg.connect(node.addresses["postgres"]) as connection:
        row = connection.execute(
            "SELECT said FROM agreement_version WHERE agreement_id = %s ORDER BY version DESC",
            (agreement_id,),
        ).fetchone()
    assert row
    return agreement_of(row[0])


def test_a_proposal_waits_in_the_inbox_is_counted_and_can_be_signed_or_ended(
    liaison: Page, supervisor: Page, signed_by_al: Signs
) -> None:
    proposed = agreement("AL", "GB", Category.HOTLIST)
    signed_by_al(proposed)
    liaison.goto("/partners")
    count = liaison.get_by_label(re.compile(r"\d+ things? waits?"))
    expect(count).to_have_text(re.compile(r"[1-9]"))
    liaison.get_by_role("link", name="Inbox").click()
    liaison.get_by_role("link", name="An agreement is proposed").click()
    expect(liaison.get_by_text("proposed to us; we have not signed").first).to_be_visible()
    connected(liaison)
    liaison.get_by_label("Why, in a few words").first.fill("their list helps us here")
    liaison.get_by_role("button", name="Ask for approval").click()
    expect(liaison.get_by_text("A supervisor has to agree.")).to_be_visible()
    approve(supervisor, "their list helps us here")
    liaison.reload()
    connected(liaison)
    liaison.get_by_role("button", name="Sign and send").click()
    expect(liaison.get_by_text("in force", exact=True).first).to_be_visible()
    connected(liaison)
    liaison.get_by_text("End this agreement").click()
    liaison.get_by_label("Why, in a few words").last.fill("it was meant otherwise")
    liaison.get_by_role("button", name="End it now").click()
    expect(liaison.get_by_text("Nobody: it ends the agreement")).to_be_visible()
    shown_everywhere(liaison)


def test_who_oversees_sees_what_passed_and_not_what_it_says(
    liaison: Page, overseer: Page, node: RunningNode
) -> None:
    compares = "/api/v1/exchange/partners/AL/comparison"
    assert liaison.request.post(compares, headers={"Origin": node.url}).status == 204
    overseer.goto("/deliveries?kind=checkpoint")
    overseer.get_by_role("link", name="checkpoint").first.click()
    expect(overseer.get_by_text("You see that messages passed, not what they say.")).to_be_visible()
    expect(overseer.get_by_role("button", name="Show what it says")).to_have_count(0)
    expect(overseer.get_by_text("Take the evidence along")).to_have_count(0)
    shown_everywhere(overseer)

    async def looks() -> list[str]:
        async with Database(node.addresses["postgres"], open=False) as pool:
            found = await PostgresTrailReader(pool).read(Sought(who="dora"))
        return [one.deed.what.kind for one in found]

    with ThreadPoolExecutor(1) as thread:
        assert "messages passed" in thread.submit(asyncio.run, looks()).result()


def test_another_program_is_told_tried_paused_and_removed(
    liaison: Page, overseer: Page, program: Program
) -> None:
    liaison.goto("/partners")
    liaison.get_by_role("link", name="Webhooks").click()
    expect(liaison.get_by_role("heading", name="Webhooks")).to_be_visible()
    connected(liaison)
    liaison.get_by_text("Tell another program").click()
    liaison.get_by_label("Address").fill("ftp://nowhere")
    liaison.get_by_role("button", name="Tell it from now on").click()
    expect(liaison.get_by_text("write https://HOST/PATH, without a login").last).to_be_visible()
    liaison.get_by_label("Address").fill(program.url)
    liaison.get_by_role("button", name="Tell it from now on").click()
    expect(liaison.get_by_text("Its secret, shown only now")).to_be_visible()
    secret = liaison.get_by_text(re.compile("^whsec_")).inner_text()
    shown_everywhere(liaison)

    liaison.reload()
    connected(liaison)
    expect(liaison.get_by_role("heading", name=program.url)).to_be_visible()
    expect(liaison.get_by_text("whsec_")).to_have_count(0)
    hook = liaison.locator("section", has=liaison.get_by_role("heading", name=program.url))
    expect(hook).to_contain_text("an alert was confirmed")
    hook.get_by_role("button", name="Send a test").click()
    expect(hook.locator("tbody tr")).to_contain_text(["a test"])
    expect(hook.locator("tbody tr").first).to_contain_text("taken")
    headers, body = program.came[0]
    assert standardwebhooks.Webhook(secret).verify(body, headers)["type"] == "webhook.test"
    hook.get_by_role("button", name="Pause").click()
    expect(hook).to_contain_text("paused: it never hears what happens meanwhile")
    hook.get_by_role("button", name="Tell it again").click()
    program.answer = 500
    hook.get_by_role("button", name="Send a test").click()
    expect(hook.locator("tbody tr").first).to_contain_text("answered 500")
    hook.get_by_text("Remove it", exact=True).click()
    hook.get_by_role("button", name="Remove it now").click()
    expect(hook).to_contain_text("removed")
    expect(hook.get_by_role("button")).to_have_count(0)
    shown_everywhere(liaison)

    overseer.goto("/partners")
    expect(overseer.get_by_role("link", name="Reconciliation")).to_be_visible()
    expect(overseer.get_by_role("link", name="Webhooks")).to_have_count(0)
    answer = overseer.goto("/webhooks")
    assert answer and answer.status == 403


def test_nobody_drafts_who_may_only_look(overseer: Page) -> None:
    overseer.goto("/partners/AL")
    expect(overseer.get_by_role("heading", name="AL, Police of AL")).to_be_visible()
    expect(overseer.get_by_role("link", name="Draft an agreement")).to_have_count(0)
    expect(overseer.get_by_role("button", name="Try again now")).to_have_count(0)
    answer = overseer.goto("/partners/AL/draft")
    assert answer and answer.status == 403
    answer = overseer.goto("/partners/FR")
    assert answer and answer.status == 404
