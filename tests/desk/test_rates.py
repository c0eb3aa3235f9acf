"""Guessing is slowed down, by address and by person."""

from typing import Any

import pytest

from morina.accountability import User
from morina.desk import rates
from morina.desk.rates import AddressRates, Bucket, PersonRates, address_key


class Clock:
    """Stands still until it is told."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def scope_of(path: str, method: str = "GET", client: str = "192.0.2.7") -> dict[str, Any]:
    return {
        "type": "http", "method": method, "path": path, "client": (client, 1), "headers": [],
        "state": {},
    }  # fmt: skip


async def answer(app: Any, scope: dict[str, Any]) -> tuple[int, dict[bytes, bytes]]:
    said: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        said.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    await app(scope, receive, send)
    return said[0]["status"], dict(said[0]["headers"])


def stopped(app: Any) -> Any:
    """With a clock that stands still: a slow machine would fill its buckets meanwhile."""
    for one in vars(app).values():
        if isinstance(one, Bucket):
            one.clock = Clock()
    return app


def answering(status: int) -> Any:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": status, "headers": []})

    return app


def test_a_bucket_fills_again_with_time_and_is_each_ones_own() -> None:
    clock = Clock()
    bucket = Bucket(2.0, 3.0, clock)
    assert [bucket.wait_s("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert bucket.wait_s("b") == 0
    clock.now += 0.5
    assert [bucket.wait_s("a"), bucket.wait_s("a")] == [0, 0.5]


def test_the_table_of_who_asked_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MOST_KNOWN", 100)
    bucket = Bucket(0.001, 3.0, Clock())
    for one in range(1000):
        bucket.wait_s(str(one))
    assert len(bucket._left) <= 100


async def test_tries_to_sign_in_are_counted_by_address() -> None:
    app = stopped(AddressRates(answering(200), 3, 100))
    tries = [await answer(app, scope_of("/sign-in", "POST")) for _ in range(4)]
    assert [status for status, _ in tries] == [200, 200, 200, 429]
    assert int(tries[3][1][b"retry-after"]) == 20
    assert (await answer(app, scope_of("/sign-in")))[0] == 200  # the page itself
    assert (await answer(app, scope_of("/sign-in", "POST", "192.0.2.8")))[0] == 200


async def test_guessed_tokens_are_counted_by_address_and_cameras_are_not_held_up() -> None:
    app = stopped(AddressRates(answering(401), 3, 2))
    tries = [(await answer(app, scope_of("/api/v1/me")))[0] for _ in range(6)]
    assert tries == [401, 401, 401, 401, 429, 429]
    assert (await answer(app, scope_of("/push/x", "POST")))[0] == 401


async def test_one_person_has_their_own_rate_whatever_the_address() -> None:
    app = stopped(PersonRates(answering(200), 2))
    statuses = []
    for number in range(5):
        scope = scope_of("/api/v1/me", client=f"192.0.2.{number}")
        scope["state"]["officer"] = User(name="ana", full_name="Ana")
        statuses.append((await answer(app, scope))[0])
    assert statuses == [200, 200, 200, 200, 429]
    assert (await answer(app, scope_of("/api/v1/me")))[0] == 200


@pytest.mark.parametrize(
    ("client", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::1:2:3:4", "2001:db8::/64"),
        ("2001:db8::ffff", "2001:db8::/64"),
        ("testclient", ""),
    ],
)
def test_a_subscriber_of_ipv6_is_one_address(client: str, key: str) -> None:
    assert address_key(scope_of("/", client=client)) == key


@pytest.mark.parametrize("language", ["en", "sq"])
async def test_too_many_tries_at_the_page_are_told_in_a_page(language: str) -> None:
    limited = stopped(AddressRates(answering(401), 1, 100))
    headers = {"accept": "text/html,*/*;q=0.8", "accept-language": language}
    scope = scope_of("/sign-in", "POST") | {
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()]
    }
    said: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        said.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    for _ in range(2):
        said.clear()
        await limited(scope, receive, send)
    sent = dict(said[0]["headers"])
    assert said[0]["status"] == 429
    assert sent[b"content-type"] == b"text/html; charset=utf-8"
    assert sent[b"retry-after"] == b"60"
    page = said[1]["body"].decode()
    words = {"en": "Wait 60 s, then try again.", "sq": "Prisni 60 s"}
    assert f'<html lang="{language}">' in page
    assert words[language] in page
    assert 'href="/sign-in"' in page


async def test_programs_are_told_in_json_also_by_a_page_that_fetches() -> None:
    limited = stopped(AddressRates(answering(401), 1, 100))
    for mode in (b"cors", b"navigate"):
        scope = scope_of("/sign-in", "POST")
        scope["headers"] = [(b"sec-fetch-mode", mode)]
        scope["headers"] += [(b"accept", b"text/html")] if mode == b"cors" else []
        await answer(limited, scope)
        status, sent = await answer(limited, scope)
        assert (status, sent[b"content-type"]) == (429, b"application/problem+json")
