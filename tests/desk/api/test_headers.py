"""Strict headers on every answer of every route, whoever asks."""

import pytest
from tests.desk.api.conftest import Desk
from tests.desk.api.test_attempts import filled

from morina.desk import permits
from morina.desk.bounds import _PAGES

ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
}
ENDLESS = "/api/v1/events"


async def test_every_route_answers_with_strict_headers(desk: Desk) -> None:
    lacking = []
    async with desk.browser() as stranger:
        for line in permits.PERMITS:
            method, _, path = line.partition(" ")
            for client in (stranger, desk.client):
                if client is desk.client and path == ENDLESS:  # answers for ever
                    continue
                client.cookies.clear()
                answer = await client.request(method, filled(path))
                policy = answer.headers["content-security-policy"]
                strict = "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
                kept = answer.headers["cache-control"] == "no-store" or answer.is_success
                others = all(answer.headers[name] == value for name, value in ALWAYS.items())
                if not (strict and kept and others and "permissions-policy" in answer.headers):
                    lacking.append((line, dict(answer.headers)))
    assert lacking == []


@pytest.mark.parametrize("path", ["/sign-in", "/", "/cameras", "/api/v1/me", "/api/v1/nothing"])
async def test_nothing_personal_is_kept_by_a_browser_or_proxy(desk: Desk, path: str) -> None:
    assert (await desk.client.get(path)).headers["cache-control"] == "no-store"


async def test_no_policy_ever_names_another_host(desk: Desk) -> None:
    async with desk.browser() as stranger:
        policy = (await stranger.get("/healthz")).headers["content-security-policy"]
    assert policy == "default-src 'none'; frame-ancestors 'none'"
    assert "http" not in _PAGES and "*" not in _PAGES
