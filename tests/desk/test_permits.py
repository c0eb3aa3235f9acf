"""What each role is answered, on a whole node: every route and page, as the tables say."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from psycopg_pool import AsyncConnectionPool

from morina.accountability import Action, Role, User
from morina.accountability.adapters.postgres import PostgresUsers
from morina.desk.permits import KINDS, PAGES, PERMITS, acts_of, must, must_ask, refused
from morina.desk.problems import ProblemError
from running import RunningNode

SOURCE = Path(__file__).parents[2] / "src" / "morina" / "desk"
PASSWORD = "a password of these tests"
LEADS_ELSEWHERE = "GET /"
"""Whoever may not see alerts is led to the first page they may open."""

VALUES = {"z:int": "1", "x:int": "1", "y:int": "1", "number": "1", "path:path": "x", "name": "x"}
ENDLESS = {"GET /_nicegui_ws/{path:path}", "POST /_nicegui_ws/{path:path}"}
SAFE = {line for line in PERMITS if line.startswith("GET ")} - ENDLESS


def asked(line: str) -> tuple[str, str]:
    """Method and a path of that template, of something that is not there."""
    method, _, template = line.partition(" ")
    return method, re.sub(r"{([^}]+)}", lambda one: VALUES.get(one[1], str(UUID(int=7))), template)


def somebody(*roles: Role) -> User:
    return User(name="x", full_name="X", roles=frozenset(roles))


@pytest.fixture(scope="module")
def in_role(node: RunningNode) -> Iterator[dict[Role, httpx.Client]]:
    """A browser for each role, signed in."""

    async def add() -> None:
        async with AsyncConnectionPool(node.addresses["postgres"], open=False) as pool:
            users = PostgresUsers(pool)
            for role in Role:
                user = User(name=f"is.{role}", full_name="Somebody", roles=frozenset({role}))
                await users.add(user, PASSWORD)

    asyncio.run(add())
    with ExitStack() as opened:
        browsers = {}
        for role in Role:
            headers = {"Origin": node.url}
            browser = opened.enter_context(
                httpx.Client(base_url=node.url, headers=headers, timeout=60)
            )
            login = {"name": f"is.{role}", "password": PASSWORD}
            assert browser.post("/sign-in", data=login).status_code == 303
            browsers[role] = browser
        yield browsers


def status(browser: httpx.Client, line: str) -> int:
    """How the node begins to answer; what has no end is not waited for."""
    method, path = asked(line)
    with browser.stream(method, path) as answer:
        assert answer.status_code != 429
        return answer.status_code


@pytest.mark.parametrize("role", Role)
def test_a_role_is_refused_just_what_it_may_not(
    in_role: dict[Role, httpx.Client], role: Role
) -> None:
    for line in sorted(SAFE - {LEADS_ELSEWHERE}):
        is_refused = refused(somebody(role), PERMITS[line]) is not None
        assert (status(in_role[role], line) == 403) == is_refused, line


@pytest.mark.parametrize("role", Role)
def test_a_role_changes_nothing_it_may_not(in_role: dict[Role, httpx.Client], role: Role) -> None:
    lines = sorted(PERMITS.keys() - SAFE)
    kept_from = [line for line in lines if refused(somebody(role), PERMITS[line])]
    assert kept_from
    for line in kept_from:
        assert status(in_role[role], line) == 403, line


def test_each_pair_of_role_and_route_was_asked(in_role: dict[Role, httpx.Client]) -> None:
    pairs = len(in_role) * len(PERMITS)
    print(f"{len(PERMITS)} routes and pages, {len(Role)} roles: {pairs} pairs")
    assert pairs > 9 * 80


def test_every_route_of_the_api_has_a_line(in_role: dict[Role, httpx.Client]) -> None:
    described = in_role[Role.ADMINISTRATOR].get("/api/v1/openapi.json").json()["paths"]
    routes = {
        f"{method.upper()} {path}" for path, methods in described.items() for method in methods
    }
    undecided = {route for route in routes if not route.endswith("/healthz")} - PERMITS.keys()
    assert not undecided, "give these a line in desk/permits.py"
    stale = {line for line in PERMITS if " /api/v1/" in line} - routes
    assert stale == {"GET /api/v1/openapi.json"}, "these lines are of no route"


def test_every_page_has_a_line() -> None:
    built = {
        path
        for file in SOURCE.rglob("*.py")
        for path in re.findall(r"@page\(\s*\"([^\"]+)\"", file.read_text())
    }
    assert not built - PAGES.keys(), "give these a line in desk/permits.py"
    assert not PAGES.keys() - built, "these lines are of no page"


def test_no_two_templates_fit_one_path() -> None:
    for line in PERMITS:
        method, path = asked(line)
        fitting = [
            other
            for other in PERMITS
            if other.startswith(f"{method} ")
            and re.fullmatch(re.sub(r"{[^}:]+:path}", ".*", re.sub(r"{[^}:]+(:int)?}", "[^/]+",
                             other.partition(" ")[2])), path)
        ]  # fmt: skip
        assert [PERMITS[other] for other in fitting] == [PERMITS[line]] * len(fitting), fitting
        assert acts_of(method, path) == PERMITS[line]


def test_what_has_no_line_answers_nobody(in_role: dict[Role, httpx.Client]) -> None:
    for browser in in_role.values():
        assert browser.get("/api/v1/nothing").status_code == 404
        assert browser.get("/nothing").status_code == 404
        assert browser.delete("/api/v1/alerts").status_code == 404
        assert browser.get("/openapi.json").status_code == 404


def test_a_refusal_says_who_may(in_role: dict[Role, httpx.Client]) -> None:
    answer = in_role[Role.OPERATOR].get("/api/v1/trail")
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["detail"] == "see trail is for: data protection officer"
    assert problem["place"] == "GET /api/v1/trail"


def test_a_page_one_may_not_open_says_so_and_offers_what_one_may(
    in_role: dict[Role, httpx.Client],
) -> None:
    page = in_role[Role.LIST_OWNER].get("/search")
    assert page.status_code == 403
    assert "This page is for: analyst, investigator." in page.text
    assert "Your roles: list owner." in page.text
    assert 'href="/hotlists"' in page.text
    assert 'href="/search"' not in page.text


def test_who_may_not_see_alerts_is_led_to_what_they_may(
    in_role: dict[Role, httpx.Client],
) -> None:
    for role, browser in in_role.items():
        answer = browser.get("/")
        if refused(somebody(role), PAGES["/"]) is None:
            assert answer.status_code == 200
        else:
            assert answer.status_code == 303
            assert browser.get(answer.headers["location"]).status_code == 200


def test_the_navigation_shows_only_what_one_may_open(in_role: dict[Role, httpx.Client]) -> None:
    for role, browser in in_role.items():
        page = browser.get("/account").text
        for path, acts in PAGES.items():
            if "{" not in path and path != "/" and refused(somebody(role), acts):
                assert f'"href":"{path}"' not in page, (role, path)


def test_every_kind_of_question_is_an_act(in_role: dict[Role, httpx.Client]) -> None:
    described = in_role[Role.ANALYST].get("/api/v1/openapi.json").text
    kinds = set(re.findall(r'"kind":\{"type":"string","const":"([a-z-]+)"', described))
    assert not kinds ^ KINDS.keys(), "give each a line in desk/permits.py"


def test_a_question_about_patterns_is_for_analysts() -> None:
    for kind, action in KINDS.items():
        must_ask(somebody(Role.ANALYST), kind)
        if action is Action.SEARCH_PATTERNS:
            with pytest.raises(ProblemError, match="analyst"):
                must_ask(somebody(Role.INVESTIGATOR), kind)
    with pytest.raises(ProblemError):
        must_ask(somebody(*Role), "unheard-of")


def test_one_of_several_acts_is_enough_and_the_refusal_names_all_who_may() -> None:
    acts = PERMITS["GET /api/v1/images/{sha256}"]
    must(somebody(Role.LIST_OWNER), *acts)
    must(somebody(Role.CAMERA_TECHNICIAN), *acts)
    why = refused(somebody(Role.ADMINISTRATOR), acts)
    assert why
    assert {Role.OPERATOR, Role.LIST_OWNER, Role.INVESTIGATOR} <= why.roles
