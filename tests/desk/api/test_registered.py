"""What registers say beside an alert, over HTTP; register and answers are in PostgreSQL."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool
from tests.desk.api.conftest import Desk, a_listing, a_read

from guards import clearing_of
from joined import Agreed
from morina.accountability import Role
from morina.accountability.adapters.postgres_trail import PostgresTrail, PostgresTrailReader
from morina.alerts import Alert
from morina.desk.exchange import ExchangeServices
from morina.exchange.adapters.postgres_questions import PostgresQuestions
from morina.exchange.adapters.postgres_register import PostgresRegister, import_register
from morina.sense import Vehicle
from morina.sense.cameras import Camera
from morina.watch import Hit, Hotlist, Likeness, Listed

REGISTER = (
    "plate,register_country,make,colour,valid_from,valid_to\n"
    "AB12CDE,GB,Volkswagen,silver,2020-01-01,"
)
ASK = """
INSERT INTO partner_question (question_id, number, partner, agreement_id, plate, country, vin,
    officer, why, asked_at, forget_at)
VALUES (%s, 1, %s, %s, 'AB12CDE', 'GB', '', %s, %s, now(), now() + interval '9 days')"""
ANSWER = """
INSERT INTO partner_answer (question_id, result, answered_at, found)
VALUES (%s, 'hit', now(), %s)"""
WHY = {"code": "crime", "case_number": "C-7", "legal_basis": "L", "justification": "a stolen car"}


@pytest.fixture
async def comparing(desk: Desk, empty_dsn: str, camera: Camera) -> AsyncIterator[Desk]:
    """The desk of a node with a register, which asks partners."""
    assert camera
    async with AsyncConnectionPool(empty_dsn, min_size=1, max_size=3, open=False) as pool:
        questions = PostgresQuestions(
            pool=pool, clearance=clearing_of(pool), consultations=None,  # type: ignore[arg-type]
            agreements=Agreed(), outbox=None, trail=PostgresTrail(),  # type: ignore[arg-type]
            pseudonym=str, node_id="AL",
        )  # fmt: skip
        exchange = ExchangeServices(
            node_id="AL", partners=None, agreements=Agreed(),  # type: ignore[arg-type]
            enter=PostgresTrailReader(pool).enter, questions=questions,
            register=PostgresRegister(pool),
        )  # fmt: skip
        object.__setattr__(desk.services, "exchange", exchange)
        yield desk


@pytest.fixture
async def red(comparing: Desk, hotlist: Hotlist) -> Alert:
    """An alert on a red Golf by its entry, seen grey."""
    services = comparing.services
    listing = replace(a_listing(), make="VW", colour="red")
    changed = await services.hotlists.add(hotlist.hotlist_id, listing, "ana")
    read = replace(a_read(), vehicle=Vehicle(colour="grey"))
    hit = Hit(read.read_id, Listed(changed, listing), Likeness.EXACT)
    [raised] = await services.alerts.raise_for([(read, hit)], datetime.now(UTC))
    return raised


async def answered(dsn: str, partner: str, officer: str, *found: dict[str, str]) -> None:
    question = uuid4()
    async with await psycopg.AsyncConnection.connect(dsn) as one:
        await one.execute(ASK, (question, partner, uuid4(), officer, Jsonb(WHY)))
        await one.execute(ANSWER, (question, Jsonb(list(found))))


async def test_what_registers_say_is_compared_with_the_entry_and_with_what_was_seen(
    comparing: Desk, red: Alert, empty_dsn: str
) -> None:
    async with await psycopg.AsyncConnection.connect(empty_dsn, autocommit=True) as one:
        await import_register(one, REGISTER.splitlines())
    listed, golf = {"category": "stolen"}, {"category": "registered", "colour": "black"}
    await answered(empty_dsn, "GB", "ana", listed, golf)
    await answered(empty_dsn, "XK", "ben", golf)
    where = f"/api/v1/alerts/{red.alert_id}"
    early = await comparing.client.get(f"{where}/registered")
    assert (early.status_code, early.json()["place"]) == (409, "alert_id")
    await comparing.client.post(f"{where}/steps", json={"step": "acknowledge"})
    await comparing.client.post(f"{where}/transcription", json={"text": "AB12CDE"})

    given = await comparing.client.get(f"{where}/registered")
    assert given.status_code == 200, given.text
    own, theirs = given.json()
    assert (own["partner"], own["found"][0]["make"]) == ("", "Volkswagen")
    assert own["clashes"] == [
        {"side": "listed", "field": "colour", "seen": "red", "registered": "silver"}
    ]
    assert (theirs["partner"], theirs["found"]) == ("GB", [listed, golf])
    assert [(one["side"], one["seen"], one["registered"]) for one in theirs["clashes"]] == [
        ("listed", "red", "black"), ("seen", "grey", "black"),
    ]  # fmt: skip
    async with comparing.holding(Role.DATA_PROTECTION_OFFICER) as overseer:
        entries = (await overseer.get("/api/v1/trail", params={"act": "consultation"})).json()
    assert "looked up for an alert" in str(entries)
