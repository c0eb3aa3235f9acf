"""Every route of a running node with generated requests, as each role and as nobody.

Schemathesis makes the requests from the node's own OpenAPI description. None may be answered with
a fault of the server, and none with what a role may not have.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from psycopg_pool import AsyncConnectionPool
from requests import Request, RequestException

from morina.accountability import User
from morina.accountability.adapters.postgres import PostgresUsers
from morina.accountability.policy import Role
from morina.desk import permits
from running import RunningNode

EXAMPLES = 2
"""Generated requests a route; each is sent once as every role and once as nobody."""

ENDLESS = "/api/v1/events"
NOBODY = "nobody"
Clients = Mapping[str, httpx.Client]


async def tokens_of(dsn: str) -> dict[str, str]:
    """An account with each role alone, and its token."""
    found = {}
    async with AsyncConnectionPool(dsn, open=False, min_size=1, max_size=1) as pool:
        users = PostgresUsers(pool)
        for role in Role:
            name = f"role-{role.value.replace('_', '-')}"
            await users.add(
                User(name=name, full_name=role.value, roles=frozenset({role})), "a-long-password-7"
            )
            until = datetime.now(UTC) + timedelta(days=1)
            found[role.value] = await users.issue_token(name, "schema", until)
    return found


@pytest.fixture(scope="module")
def clients(node: RunningNode) -> Iterator[Clients]:
    tokens = asyncio.run(tokens_of(node.addresses["postgres"]))
    headers = {name: {"Authorization": f"Bearer {token}"} for name, token in tokens.items()}
    opened = {
        name: httpx.Client(base_url=node.url, headers=one, timeout=300)
        for name, one in {**headers, NOBODY: {}}.items()
    }
    yield opened
    for client in opened.values():
        client.close()


def wrong(case: Any, client: httpx.Client, name: str, answered: Counter[int]) -> str:
    """What is wrong with the answer to this person; "" where nothing is."""
    made = case.as_transport_kwargs(base_url=str(client.base_url))
    fields = ("method", "url", "params", "json", "data", "files", "headers")
    try:
        sent = Request(**{name: made.get(name) for name in fields}).prepare()
        kept = {name: value for name, value in sent.headers.items()
                if name.lower() not in ("authorization", "cookie", "user-agent")}  # fmt: skip
        answer = client.request(case.method, str(sent.url), content=sent.body, headers=kept)
    except (RequestException, TypeError, ValueError, httpx.InvalidURL, httpx.LocalProtocolError):
        return ""  # no client can send it
    answered[answer.status_code] += 1
    place = f"{case.method} {answer.request.url.path} as {name}: {answer.status_code}"
    if answer.status_code >= 500:
        return f"{place} {answer.text[:200]}"
    if name == NOBODY:
        return "" if answer.status_code == 401 else place
    acts = permits.acts_of(case.method.upper(), answer.request.url.path)
    user = User(name="one", full_name="One", roles=frozenset({Role(name)}))
    may_not = acts is not None and permits.refused(user, acts) is not None
    if may_not and answer.status_code != 403:
        return f"{place}, which this role may not have"
    return "" if answer.status_code != 401 else f"{place}, although it is signed in"


def test_no_route_answers_with_a_fault_or_with_what_a_role_may_not_have(
    node: RunningNode, clients: Clients
) -> None:
    described = clients[Role.OPERATOR].get("/api/v1/openapi.json").json()
    schema = schemathesis.openapi.from_dict(described)
    faults: list[str] = []
    sent, answered = 0, Counter[int]()

    def tried(operation: Any) -> None:
        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def each(case: Any) -> None:
            nonlocal sent
            for name, client in clients.items():
                sent += 1
                if fault := wrong(case, client, name, answered):
                    faults.append(fault)

        each()

    operations = [one.ok() for one in schema.get_all_operations()]
    for operation in operations:
        if operation.path != ENDLESS:
            tried(operation)
    assert node.process.poll() is None
    assert faults == []
    assert len(operations) > 80
    assert sent >= (len(operations) - 1) * len(clients)
    assert answered.total() > 0.8 * sent
    assert answered[200] > 100
    print(f"{len(operations)} routes, {len(clients)} callers, {dict(answered)}")
