"""Confirmed alerts as MISP over HTTP: to whom, why, and nothing that nobody confirmed."""

import json
from dataclasses import replace
from typing import Any

import pytest
from psycopg_pool import AsyncConnectionPool
from pymisp import MISPEvent
from tests.desk.api.conftest import Desk

from guards import clearing_of
from joined import Agreed
from morina.accountability import PurposeCode, Role
from morina.accountability.adapters.postgres_trail import PostgresTrailReader
from morina.accountability.clearing import PurposeRules
from morina.alerts import Alert
from morina.desk.exchange import ExchangeServices
from morina.sense.cameras import Camera

HERE = "/api/v1/alerts"


@pytest.fixture
async def exporting(desk: Desk, empty_dsn: str, camera: Camera) -> Any:
    """The desk of a node that exchanges."""
    assert camera
    async with AsyncConnectionPool(empty_dsn, min_size=1, max_size=2, open=False) as pool:
        exchange = ExchangeServices(
            node_id="AL", partners=None, agreements=Agreed(),  # type: ignore[arg-type]
            enter=PostgresTrailReader(pool).enter,
        )  # fmt: skip
        object.__setattr__(desk.services, "exchange", exchange)
        yield desk


def asked(alert: Alert) -> dict[str, Any]:
    return {
        "alert_ids": [str(alert.alert_id)], "info": "one car", "code": "stolen_vehicle",
        "case_number": "C-7", "legal_basis": "Police Act 12", "to": "MISP of the ministry",
        "justification": "the case needs it",
    }  # fmt: skip


async def confirm(desk: Desk, alert: Alert) -> None:
    where = f"{HERE}/{alert.alert_id}"
    await desk.client.post(f"{where}/steps", json={"step": "acknowledge"})
    await desk.client.post(f"{where}/transcription", json={"text": "AB12CDE"})
    done = await desk.client.post(f"{where}/steps", json={"step": "confirm"})
    assert done.status_code == 200, done.text


async def test_a_confirmed_alert_is_given_and_entered(exporting: Desk, alert: Alert) -> None:
    desk = exporting
    early = await desk.client.post(f"{HERE}/misp", json=asked(alert))
    assert (early.status_code, early.json()["place"]) == (409, "alert_ids")
    await confirm(desk, alert)
    given = await desk.client.post(f"{HERE}/misp", json=asked(alert))
    assert given.status_code == 200, given.text
    assert given.headers["content-disposition"].startswith('attachment; filename="morina-')
    event = MISPEvent()
    event.load(json.dumps(given.json()))
    [plate] = event.objects[0].get_attributes_by_relation("license-plate-number")
    assert plate.value == "AB12CDE"
    async with desk.holding(Role.DATA_PROTECTION_OFFICER) as overseer:
        entries = (await overseer.get("/api/v1/trail", params={"act": "export"})).json()
    assert "MISP of the ministry" in str(entries) and "C-7" in str(entries)


async def test_it_needs_a_purpose_and_a_role(exporting: Desk, alert: Alert, empty_dsn: str) -> None:
    await confirm(exporting, alert)
    short = await exporting.client.post(f"{HERE}/misp", json=asked(alert) | {"justification": "x"})
    assert short.status_code == 422
    asking = exporting.services.search.asking
    rules = PurposeRules(case_format="C-[0-9]+", barred=frozenset({PurposeCode.CRIME}))
    async with AsyncConnectionPool(empty_dsn, min_size=1, max_size=1, open=False) as pool:
        asking.rules = replace(asking.rules, clearance=clearing_of(pool, rules))
        for changed in ({"justification": "ongoing police investigation case"},
                        {"case_number": "7"}, {"code": "crime"}):  # fmt: skip
            vague = await exporting.client.post(f"{HERE}/misp", json=asked(alert) | changed)
            assert vague.status_code == 422, changed
    async with exporting.holding(Role.OPERATOR) as operator:
        assert (await operator.post(f"{HERE}/misp", json=asked(alert))).status_code == 403
