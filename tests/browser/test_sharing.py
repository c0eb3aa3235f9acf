"""Partners' entries, sightings, sharing and what a second person agreed to, in a real browser."""

import asyncio
import json
import os
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect
from psycopg.types.json import Jsonb
from tests.browser.conftest import PATIENCE_MS, connected, person
from tests.browser.test_sites import shown_everywhere

from authorities import Authority, first_directory, five, root_file
from desk_exchange import agreement
from invented import EVIDENCE, hit, hotlist, listed_at, listing, read
from morina.accountability import Role
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.alerts import AlertRules, Step
from morina.alerts.adapters.postgres import PostgresAlerts
from morina.desk.places import OF_EXCHANGE
from morina.exchange import Agreement, Category, Item, Kind, Message, Why
from morina.exchange.adapters.postgres_agreements import Hand, PostgresAgreements, add_signature
from morina.exchange.adapters.postgres_register import import_register
from morina.exchange.adapters.taking_lists import PartnerLists
from morina.exchange.adapters.tuf_directory import TufDirectory
from morina.exchange.list_messages import head_for, running
from morina.exchange.listing_fields import TELLABLE, told_fields
from morina.exchange.sealing import SEALING_SECRET, Keys
from morina.sense.cameras import Camera
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.watch.adapters.postgres import PostgresHotlists
from morina.watch.adapters.postgres_copies import PostgresListCopies
from morina.wiring.database import Database
from running import RunningNode

expect.set_options(timeout=PATIENCE_MS)
PLATE = "LN55KTE"
OWN = "Stolen here"
WHY = "a grey van left the ferry on Monday without papers, driver unknown"
SAW = {"plate": "QX11KTE", "country": "GB", "place": "Port of AL"}
InThread = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(scope="module")
def in_thread() -> Iterator[InThread]:
    """Playwright keeps an event loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        yield lambda work: thread.submit(asyncio.run, work).result()


class Partners:
    """The directory and the keys of five authorities; GB is the node."""

    def __init__(self, node: RunningNode, folder: Path) -> None:
        self.node, self.file = node, folder / "root.json"
        self.authorities: dict[str, Authority] = five()
        secrets = node.home / "secrets"
        texts = ((secrets / name).read_text() for name in ("signing", SEALING_SECRET))
        keys = Keys.of("GB", *texts)
        gb = self.authorities["GB"]
        self.authorities["GB"] = replace(gb, signing=keys.signer, sealing=keys.opener)

    async def directory(self, folder: Path) -> None:
        bundle = first_directory(self.authorities)
        assert root_file(folder, bundle) == self.file
        async with self.pool() as pool, pool.connection() as one:
            directory = TufDirectory(pool, self.file, PostgresTrail())
            await directory.take(one, bundle, "tests", datetime.now(UTC))

    async def sign(self, texts: Sequence[Agreement]) -> None:
        """As both did."""
        dsn = self.node.addresses["postgres"]
        async with await psycopg.AsyncConnection.connect(dsn) as one:
            for text in texts:
                for name in (text.giver, text.receiver):
                    signed = self.authorities[name].signing.sign(text.said())
                    hand = Hand(name, signed, f"{name}:0123456789abcdef")
                    await add_signature(one, text, hand, datetime.now(UTC))

    def pool(self) -> Database:
        return Database(self.node.addresses["postgres"], open=False, min_size=1, max_size=2)

    async def list_of_al(self, text: Agreement) -> None:
        """A list of AL with one entry, as its message is taken in."""
        now = datetime.now(UTC)
        theirs = replace(hotlist("Stolen in Tirana"), owner="Police of AL")
        entry = replace(
            listing(PLATE), valid_from=now - timedelta(days=1), valid_to=now + timedelta(days=9),
            colour="red", make="Audi", priority=100, source_reference="AL-77",
        )  # fmt: skip
        head = head_for(theirs, copy_id=uuid4(), part=1, base=0, version=1)
        head = replace(head, entries=(entry.listing_id,))
        items = (Item(fields=told_fields(entry, text.fields)),)
        head = replace(head, digest=running("", head, items))
        why = Why(agreement_id=text.agreement_id, purpose=min(text.purposes), case_number="L-1",
                  justification="stolen vehicles", officer="AL:0123")  # fmt: skip
        message = Message(
            message_id=uuid4(), sender="AL", to="GB", kind=Kind.HOTLIST_PART, conversation=uuid4(),
            seq=1, previous="0" * 64, created_at=now, said=head.said(), items=items, why=why,
        )  # fmt: skip
        async with self.pool() as pool, pool.connection() as one:
            directory = TufDirectory(pool, self.file, PostgresTrail())
            takes = PartnerLists(PostgresListCopies(), PostgresAgreements(pool, directory),
                                 PostgresTrail(), "GB")  # fmt: skip
            async with one.transaction():
                await takes.take(one, message, now)

    async def own_list(self) -> tuple[UUID, UUID]:
        """A list of this node with one entry; their ids."""
        now = datetime.now(UTC)
        entry = replace(listing(SAW["plate"]), valid_to=now + timedelta(days=9))
        async with self.pool() as pool:
            kept = PostgresHotlists(pool, PostgresTrail())
            made = await kept.create(hotlist(OWN))
            await kept.add(made.hotlist_id, entry, "a.owner")
        return made.hotlist_id, entry.listing_id

    async def own_alert(self) -> UUID:
        """A confirmed one on an entry of this node's own; its id."""
        now, trail = datetime.now(UTC), PostgresTrail()
        one = read(captured_at=now, received_at=now, evidence=EVIDENCE)
        async with self.pool() as pool:
            camera = Camera(camera_id=one.camera_id, name="North 1", site="North", latitude=42.1,
                            longitude=20.4)  # fmt: skip
            await PostgresCameras(pool, trail).put(camera)
            alerts = PostgresAlerts(pool, AlertRules(), trail)
            [alert] = await alerts.raise_for([hit(one, listed_at(now))], now)
            await alerts.take(alert.alert_id, Step.ACKNOWLEDGE, "ana", now)
            await alerts.transcribe(alert.alert_id, "ana", "AB12CDE", now)
            await alerts.take(alert.alert_id, Step.CONFIRM, "ana", now)
        return alert.alert_id

    async def alert_of(self, owner: str) -> UUID:
        """One on an entry of this partner's."""
        asked = "SELECT alert_id FROM alert WHERE listed -> 'hotlist' ->> 'owner_node' = %s"
        dsn = self.node.addresses["postgres"]
        async with await psycopg.AsyncConnection.connect(dsn) as one:
            found = await (await one.execute(asked, (owner,))).fetchone()
        assert found
        return UUID(str(found[0]))

    async def rows(self, statement: str, *values: object) -> None:
        dsn = self.node.addresses["postgres"]
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as one:
            await one.execute(statement, values)


@pytest.fixture(scope="module")
def partners(reachable_folder: Path, in_thread: InThread) -> Iterator[Partners]:
    """The node of GB; it has a list of AL's, and may share its own with AL and ask AL."""
    folder = reachable_folder / "sharing"
    folder.mkdir()
    chosen = {
        "MORINA_EXCHANGE__NODE_ID": "GB",
        "MORINA_EXCHANGE__DIRECTORY": str(folder / "root.json"),
    }
    with RunningNode.start(folder / "home", chosen) as node:
        made = Partners(node, folder)
        in_thread(made.directory(folder))
        lists = agreement("AL", "GB", Category.HOTLIST, fields=frozenset(TELLABLE))
        ours = agreement("GB", "AL", Category.HOTLIST, fields=frozenset(TELLABLE))
        asked = agreement("AL", "GB", Category.VEHICLE, fields=frozenset({"category"}))
        in_thread(made.sign([lists, ours, asked]))
        in_thread(made.list_of_al(lists))
        yield made


@pytest.fixture(scope="module")
def node(partners: Partners) -> RunningNode:
    return partners.node


@contextmanager
def of_role(browser: Browser, node: RunningNode, role: Role) -> Iterator[Page]:
    """Somebody of this role, at a browser."""
    yield from person(browser, node, f"is.{role}"[:30], role.value, ("/account", "Account"))


@pytest.fixture(scope="module")
def people(browser: Browser, node: RunningNode) -> Iterator[dict[Role, Page]]:
    """One of each role, signed in when first asked for."""
    opened: list[Any] = []

    class People(dict[Role, Page]):
        def __missing__(self, role: Role) -> Page:
            opened.append(of_role(browser, node, role))
            self[role] = opened[-1].__enter__()
            return self[role]

    yield People()
    for one in opened:
        one.__exit__(None, None, None)


def test_an_alert_on_a_partners_entry_says_who_would_see_it_and_what_was_told(
    people: dict[Role, Page], partners: Partners, in_thread: InThread,
    pass_by: Callable[[str], Any],
) -> None:  # fmt: skip
    register = (
        f"plate,register_country,make,colour,valid_from,valid_to\n{PLATE},GB,Audi,blue,2020-01-01,"
    )

    async def registered() -> None:
        dsn = partners.node.owner_dsn
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as one:
            await import_register(one, register.splitlines())

    in_thread(registered())
    operator = people[Role.OPERATOR]
    operator.goto("/")
    connected(operator)
    pass_by(PLATE)
    operator.locator("a[href^='/alerts/']").first.click()
    expect(operator.get_by_role("button", name="Acknowledge")).to_be_visible()
    connected(operator)
    expect(operator.get_by_role("heading", name="An entry of AL")).to_have_count(0)
    expect(operator.get_by_role("heading", name="What the register says")).to_have_count(0)
    operator.get_by_role("button", name="Acknowledge").click()
    operator.locator("#typed").fill(PLATE)
    operator.keyboard.press("Enter")

    expect(operator.get_by_role("heading", name="An entry of AL")).to_be_visible()
    expect(operator.get_by_text("AL-77").first).to_be_visible()
    would = operator.locator("[data-would]")
    expect(would).to_contain_text("nobody: if it is confirmed, AL is not told")
    expect(would).to_contain_text("no agreement about sightings with AL is in force")
    expect(operator.get_by_role("heading", name="What the register says")).to_be_visible()
    clash = operator.get_by_role("alert").filter(has_text="registered is blue")
    expect(clash).to_contain_text("listed is red")
    shown_everywhere(operator)

    sees = agreement("GB", "AL", Category.SIGHTING, fields=frozenset({"plate", "captured_at"}))
    narrow = replace(sees, camera_groups=frozenset({"border"}))
    in_thread(partners.sign([narrow]))
    expect(would).to_contain_text("cameras of no group are not among those agreed")
    operator.get_by_role("button", name="Confirm").click()
    expect(operator.get_by_text("not told to AL: cameras of no group")).to_be_visible()
    expect(would).to_have_count(0)
    in_thread(partners.sign([replace(sees, version=2)]))
    operator.get_by_role("button", name="Tell it now").click()
    expect(operator.get_by_text("told to AL: confirmed")).to_be_visible()
    expect(operator.get_by_role("button", name="Tell it now")).to_have_count(0)
    shown_everywhere(operator)


def test_a_list_is_shared_only_after_it_was_said_who_would_see_it(
    people: dict[Role, Page], partners: Partners, in_thread: InThread
) -> None:
    hotlist_id, listing_id = in_thread(partners.own_list())
    liaison = people[Role.LIAISON_OFFICER]
    liaison.goto(f"/hotlists/{hotlist_id}")
    connected(liaison)
    expect(liaison.get_by_text("With nobody.")).to_be_visible()
    liaison.get_by_text("Share with a partner", exact=True).click()
    expect(liaison.get_by_role("button", name="Share the list")).to_have_count(0)
    liaison.get_by_label("Case number").fill("L-7")
    liaison.locator("[name=justification]").fill("stolen vehicles are taken over the sea")
    liaison.get_by_role("button", name="See who would see it").click()
    expect(liaison.get_by_role("heading", name="Who would see this?")).to_be_visible()
    expect(liaison.get_by_text("Officers of AL would see: ")).to_be_visible()
    expect(liaison.get_by_text("1 entry would go now.")).to_be_visible()
    expect(liaison.locator("[data-example]")).to_contain_text(SAW["plate"])
    shown_everywhere(liaison)
    expect(liaison.get_by_text("With nobody.")).to_be_visible()
    liaison.get_by_role("button", name="Share the list").click()
    share = liaison.locator("[data-partner=AL]")
    expect(share).to_be_visible()
    expect(liaison.get_by_role("button", name="Share the list")).to_have_count(0)
    shown_everywhere(liaison)

    operator = people[Role.OPERATOR]
    operator.goto("/sightings")
    connected(operator)
    expect(operator.get_by_text("No partner has told of a vehicle yet.")).to_be_visible()
    now = datetime.now(UTC)
    in_thread(partners.rows(
        "INSERT INTO sighting (told_by, sighting_id, hotlist_id, listing_id, state, seen_at,"
        " heard_at, keep_until, camera_group, fields, officer)"
        " VALUES ('AL', %s, %s, %s, 3, %s, %s, %s, 'border', %s, 'AL:0123')",
        uuid4(), hotlist_id, listing_id, now, now, now + timedelta(days=9), Jsonb(SAW),
    ))  # fmt: skip
    row = operator.locator("tr[data-sighting]")
    expect(row).to_contain_text(SAW["plate"])
    expect(row).to_contain_text("Port of AL")
    expect(row.get_by_role("link", name=OWN)).to_be_visible()
    shown_everywhere(operator)
    liaison.goto(f"/hotlists/{hotlist_id}")
    connected(liaison)
    liaison.get_by_role("button", name="Share no longer").click()
    expect(share).to_contain_text("no longer shared")


def test_a_question_a_second_person_agreed_to_is_asked_from_the_approvals(
    people: dict[Role, Page],
) -> None:
    analyst, supervisor = people[Role.ANALYST], people[Role.SUPERVISOR]
    analyst.goto("/ask")
    connected(analyst)
    analyst.get_by_label("AL", exact=True).check()
    analyst.get_by_label("Plate", exact=True).fill("AA 123 BB")
    analyst.locator("[name=country]").select_option("AL")
    then = datetime.now() - timedelta(days=300)  # noqa: DTZ005 - as somebody types it
    analyst.locator("[name=at]").fill(f"{then:%Y-%m-%dT%H:%M}")
    analyst.locator("[name=code]").select_option("serious_crime")
    analyst.get_by_label("Case number").fill("C-2026-7")
    analyst.get_by_label("Legal basis").fill("Memorandum, article 4")
    analyst.get_by_label("What is looked for, and why").fill(WHY)
    analyst.get_by_role("button", name="Ask", exact=True).click()
    expect(analyst.get_by_text("then ask it from the approvals").first).to_be_visible()
    expect(analyst.locator("article[data-question]")).to_have_count(0)

    supervisor.goto("/approvals")
    connected(supervisor)
    request = supervisor.locator("article").filter(has_text="AL AA123BB as it was on")
    request.locator("[name=decision]").select_option("yes")
    request.locator("[name=reason]").fill("read and compared it")
    request.get_by_role("button", name="Decide").click()
    expect(supervisor.get_by_text("Approved:").first).to_be_visible()
    expect(request).to_have_count(0)

    analyst.goto("/approvals")
    connected(analyst)
    asks = analyst.get_by_role("link", name="Ask it now")
    expect(asks).to_be_visible()
    asks.click()
    expect(analyst.get_by_role("heading", name="Approval of a question")).to_be_visible()
    connected(analyst)
    shown_everywhere(analyst)
    analyst.get_by_role("button", name="Ask it now").click()
    expect(analyst.locator("article[data-question]")).to_contain_text("AL: AL AA123BB")
    analyst.goto("/approvals")
    expect(analyst.get_by_text("approved and used").first).to_be_visible()
    expect(analyst.get_by_role("link", name="Ask it now")).to_have_count(0)


def test_what_a_partner_answered_is_compared_with_what_is_listed(
    people: dict[Role, Page], partners: Partners, in_thread: InThread
) -> None:
    """A red Audi by the entry; a blue one by the partner that registers it."""
    investigator = people[Role.INVESTIGATOR]
    investigator.goto("/")
    connected(investigator)
    question = uuid4()
    alert_id = in_thread(partners.alert_of("AL"))
    why = {
        "code": "stolen_vehicle",
        "case_number": "C-9",
        "legal_basis": "Act",
        "justification": WHY,
    }
    in_thread(partners.rows(
        "INSERT INTO partner_question (question_id, number, partner, agreement_id, plate, country,"
        " vin, officer, why, asked_at, forget_at) VALUES (%s, 1, 'AL', %s, %s, 'GB', '', %s, %s,"
        " now(), now() + interval '9 days')",
        question, uuid4(), PLATE, f"is.{Role.INVESTIGATOR}"[:30], Jsonb(why),
    ))  # fmt: skip
    told = [{"category": "registered", "make": "Audi", "colour": "blue"}]
    in_thread(partners.rows(
        "INSERT INTO partner_answer (question_id, result, answered_at, found)"
        " VALUES (%s, 'hit', now(), %s)", question, Jsonb(told),
    ))  # fmt: skip
    investigator.goto(f"/alerts/{alert_id}")
    connected(investigator)
    expect(investigator.get_by_role("heading", name="What AL answered")).to_be_visible()
    clash = investigator.get_by_role("alert").filter(has_text="registered is blue")
    expect(clash.last).to_contain_text("listed is red")
    shown_everywhere(investigator)
    investigator.get_by_role("link", name="Ask partners about this plate").click()
    connected(investigator)
    expect(investigator.get_by_label("Plate", exact=True)).to_have_value(PLATE)
    article = investigator.locator(f"article[data-question='{question}']")
    expect(article.get_by_role("alert")).to_contain_text("listed is red, registered is blue")
    shown_everywhere(investigator)
    investigator.goto("/ask")
    connected(investigator)
    expect(article).to_be_visible()
    expect(article.get_by_role("alert")).to_have_count(0)


def test_a_confirmed_alert_is_given_as_a_misp_event_and_one_on_a_partners_entry_is_not(
    people: dict[Role, Page], partners: Partners, in_thread: InThread
) -> None:
    investigator = people[Role.INVESTIGATOR]
    own = in_thread(partners.own_alert())
    investigator.goto(f"/alerts/{own}")
    connected(investigator)
    investigator.get_by_text("Give it as a MISP event").click()
    part = investigator.locator("section", has=investigator.locator("#giving"))
    shown_everywhere(investigator)
    part.get_by_label("Given to").fill("MISP of the ministry")
    part.get_by_label("Title of the event").fill("one car")
    part.locator("[name=code]").select_option("stolen_vehicle")
    part.locator("[name=case_number]").fill("C-7")
    part.locator("[name=legal_basis]").fill("Police Act 12")
    part.locator("[name=justification]").fill("x")
    part.get_by_role("button", name="Give it").click()
    expect(part.get_by_role("alert")).not_to_be_empty()
    part.locator("[name=justification]").fill("the ministry compares it with its own")
    with investigator.expect_download() as taken:
        part.get_by_role("button", name="Give it").click()
    event = json.loads(Path(taken.value.path()).read_bytes())["Event"]
    assert (event["info"], event["Object"][0]["name"]) == ("one car", "vehicle")
    expect(part.get_by_role("status")).to_contain_text("Saved as morina-")
    investigator.goto(f"/alerts/{in_thread(partners.alert_of('AL'))}")
    connected(investigator)
    expect(investigator.get_by_text("only its owner gives it to others")).to_be_visible()
    expect(investigator.get_by_text("Give it as a MISP event")).to_have_count(0)
    operator = people[Role.OPERATOR]  # may take nothing out
    operator.goto(f"/alerts/{own}")
    connected(operator)
    expect(operator.get_by_role("heading", name="The passage")).to_be_visible()
    expect(operator.locator("#giving")).to_have_count(0)


def test_answers_drawn_for_review_are_reviewed_by_who_oversees(
    people: dict[Role, Page], partners: Partners, in_thread: InThread
) -> None:
    overseer = people[Role.DATA_PROTECTION_OFFICER]
    why = {"code": "stolen_vehicle", "case_number": "AL-9", "justification": WHY}
    in_thread(partners.rows(
        "INSERT INTO answer_given VALUES (%s, %s, 'AL', 'AL:77aa', 'AB12CDE', 'GB', '', %s, now(),"
        " 'no_hit', true, true)", uuid4(), uuid4(), Jsonb(why),
    ))  # fmt: skip
    overseer.goto("/oversight")
    connected(overseer)
    answer = overseer.locator("article[data-answer]")
    expect(answer).to_contain_text("AL: GB AB12CDE")
    expect(answer).to_contain_text("no hit")
    expect(answer).to_contain_text("AL-9")
    shown_everywhere(overseer)
    answer.locator("[name=words]").fill("fine")
    answer.get_by_role("button", name="Close with this finding").click()
    expect(answer.get_by_role("alert")).to_contain_text("write 3 or more")
    answer.locator("[name=words]").fill("it fits the case it names")
    answer.get_by_role("button", name="Close with this finding").click()
    expect(answer).to_have_count(0)
    expect(overseer.get_by_text("Your review is written down.")).to_be_visible()


WITHOUT_EXCHANGE = {
    Role.CAMERA_TECHNICIAN, Role.DRONE_PILOT, Role.MOUNTAIN_RESCUE, Role.PATROL,
}  # fmt: skip


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_the_navigation_fits_for_every_role(people: dict[Role, Page], role: Role) -> None:
    page = people[role]
    page.goto("/account")
    connected(page)
    shown_everywhere(page)
    page.set_viewport_size({"width": 1280, "height": 844})
    if shots := os.environ.get("SHOTS"):
        page.screenshot(path=f"{shots}/{role}.png")
    paths = {link.get_attribute("href") for link in page.locator("header nav a").all()}
    assert bool(paths & OF_EXCHANGE) is (role not in WITHOUT_EXCHANGE)
