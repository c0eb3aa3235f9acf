"""Pinned reads over HTTP: tiers, second persons and notices hold for them as for any question."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool
from tests.desk.api.conftest import Desk, a_read
from tests.desk.api.test_approvals import client

from guards import clearing_of, roles_of_users
from morina.accountability.policy import Role
from morina.desk import sessions
from morina.desk.api import serve
from morina.desk.services import Forgotten
from morina.plates import Plate
from morina.records.pins import CaseOfPins, Pin, Pinned, Wanted

NOW = datetime.now(UTC)
PINS, LOOK = "/api/v1/records/pins", "/api/v1/records/pinned"
LOG = "/api/v1/records/consultations"


@dataclass
class KeptPins:
    """Pins in memory; those of ClickHouse are tested where they are."""

    pinned: list[Pinned] = field(default_factory=list)

    async def pin(self, wanted: Wanted, pin: Pin) -> int:
        at = wanted.period.begins_at
        read = replace(a_read(), captured_at=at, plate=Plate(wanted.plate, "GB"))
        self.pinned.append(Pinned(read, pin))
        return 1

    async def of_plate(self, plate: str) -> list[Pinned]:
        return [one for one in self.pinned if one.read.plate and one.read.plate.text == plate]

    async def of_case(self, case_number: str, limit: int = 1000) -> list[Pinned]:
        return [one for one in self.pinned if one.pin.case_number == case_number][:limit]

    async def cases(self, _until: date | None = None) -> list[CaseOfPins]:
        return []

    def add(
        self, days_old: float, by: str, *, case: str = "C-7", pinned_days_ago: float = 0
    ) -> None:
        at = NOW - timedelta(days=pinned_days_ago)
        pin = Pin(case_number=case, by=by, at=at, review_at=at.date() + timedelta(days=400),
                  reason="needed for the trial")  # fmt: skip
        read = replace(a_read(), captured_at=NOW - timedelta(days=days_old))
        self.pinned.append(Pinned(replace(read, read_id=uuid4()), pin))


@dataclass(frozen=True)
class Office:
    """A desk with pins whose questions are judged, and one client a person."""

    desk: Desk
    pins: KeptPins
    investigator: httpx.AsyncClient
    colleague: httpx.AsyncClient
    analyst: httpx.AsyncClient
    supervisor: httpx.AsyncClient

    async def agreed(self, approval_id: str) -> None:
        decision = {"approved": True, "reason": "the case needs it"}
        where = f"/api/v1/approvals/{approval_id}/decision"
        answer = await self.supervisor.post(where, json=decision)
        assert answer.json()["stage"] == "approved"


@pytest.fixture
async def office(desk: Desk, empty_dsn: str) -> AsyncIterator[Office]:
    pins = KeptPins()
    nothing = dict.fromkeys(("forgetting", "erasures", "statements", "policies", "remembering"))
    kept = Forgotten(pins=pins, **cast(Any, nothing))  # type: ignore[arg-type]  # as far as used
    services = replace(desk.services, forgotten=kept)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    sessions.install(app, services)
    serve(app, services)
    with_pins = replace(desk, app=app, services=services)
    async with AsyncConnectionPool(empty_dsn, min_size=1, max_size=2, open=False) as pool:
        asking = services.search.asking
        clearing = clearing_of(pool, roles_of=roles_of_users(services.users))
        asking.rules = replace(asking.rules, clearance=clearing)
        async with (
            app.router.lifespan_context(app),
            await client(with_pins, "ian", Role.INVESTIGATOR) as investigator,
            await client(with_pins, "ida", Role.INVESTIGATOR) as colleague,
            await client(with_pins, "eva", Role.ANALYST) as analyst,
            await client(with_pins, "sup", Role.SUPERVISOR) as supervisor,
        ):
            yield Office(with_pins, pins, investigator, colleague, analyst, supervisor)


def why(code: str = "stolen_vehicle", case: str = "C-7") -> dict[str, Any]:
    return {"code": code, "case_number": case, "legal_basis": "Police Act 12",
            "justification": "stolen on Monday evening near the mill"}  # fmt: skip


def pins(days: float, purpose: dict[str, Any], **more: Any) -> dict[str, Any]:
    begins, ends = NOW - timedelta(days=days), NOW - timedelta(days=days - 1)
    return {"purpose": purpose, "plate": "AB12CDE", "begins_at": begins.isoformat(),
            "ends_at": ends.isoformat(), **more}  # fmt: skip


async def test_reads_older_than_ones_tier_are_not_pinned(office: Office) -> None:
    refused = await office.investigator.post(PINS, json=pins(200, why()))
    assert (refused.status_code, office.pins.pinned) == (403, [])
    assert "analyst" in refused.json()["detail"]
    ancient = await office.analyst.post(PINS, json=pins(500, why("terrorism")))
    assert (ancient.status_code, ancient.json()["place"]) == (403, "period")
    recent = await office.investigator.post(PINS, json=pins(30, why()))
    assert (recent.status_code, recent.json()) == (201, {"reads": 1})


async def test_old_reads_are_pinned_once_a_second_person_agrees(office: Office) -> None:
    sent = pins(200, why("serious_crime"))
    needed = await office.analyst.post(PINS, json=sent)
    assert (needed.status_code, office.pins.pinned) == (409, [])
    one = needed.json()["approval_id"]
    await office.agreed(one)
    other = pins(201, why("serious_crime"), approval_id=one)
    assert (await office.analyst.post(PINS, json=other)).status_code == 409
    done = await office.analyst.post(PINS, json=sent | {"approval_id": one})
    assert (done.status_code, done.json()) == (201, {"reads": 1}), done.text
    twice = await office.analyst.post(PINS, json=sent | {"approval_id": one})
    assert (twice.status_code, "was used" in twice.json()["detail"]) == (409, True)


async def test_pinned_reads_of_another_case_are_as_old_as_they_are(office: Office) -> None:
    office.pins.add(200, "eva", case="C-9")
    look = {"purpose": why(), "plate": "AB12CDE"}
    refused = await office.investigator.post(LOOK, json=look)
    assert (refused.status_code, (await office.investigator.get(LOG)).json()) == (403, [])
    office.pins.add(700, "eva", case="C-8", pinned_days_ago=600)
    nobody = await office.analyst.post(LOOK, json=look | {"purpose": why("terrorism")})
    assert nobody.status_code == 403 and "the case they are pinned to" in nobody.json()["mend"]


async def test_ones_own_case_may_look_at_what_it_could_ask_for_when_it_pinned(
    office: Office,
) -> None:
    office.pins.add(700, "ian", pinned_days_ago=650)
    seen = await office.investigator.post(LOOK, json={"purpose": why()})
    assert (seen.status_code, len(seen.json())) == (200, 1), seen.text
    needed = await office.colleague.post(LOOK, json={"purpose": why()})
    assert needed.status_code == 409 and "pinned by somebody else" in needed.json()["detail"]
    one = needed.json()["approval_id"]
    await office.agreed(one)
    shown = await office.colleague.post(LOOK, json={"purpose": why(), "approval_id": one})
    assert (shown.status_code, len(shown.json())) == (200, 1)
    office.pins.add(250, "eva", pinned_days_ago=10)
    assert (await office.investigator.post(LOOK, json={"purpose": why()})).status_code == 403
    analyst = await office.analyst.post(LOOK, json={"purpose": why("serious_crime")})
    assert analyst.status_code == 409


async def test_a_sensitive_plate_that_pinned_reads_show_raises_a_notice(office: Office) -> None:
    office.pins.add(5, "ian")
    watched = {"watch": "sensitive", "plate": "AB12CDE", "note": "car of our own staff"}
    listed = await office.supervisor.post("/api/v1/oversight/plates", json=watched)
    assert listed.status_code == 201, listed.text
    assert (await office.investigator.post(LOOK, json={"purpose": why()})).status_code == 200
    [alarm] = (await office.supervisor.get("/api/v1/oversight/alarms")).json()
    assert (alarm["rule"], alarm["officer"]) == ("sensitive", "ian")
