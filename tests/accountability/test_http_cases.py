"""Whether a case exists, asked of a real HTTP server."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from brokers import Authority
from case_system import CaseServer, case_system
from morina.accountability.adapters import http_cases
from morina.accountability.adapters.http_cases import HttpCases
from running import free_port

WITHIN_S = 60.0
"""How long an answer may take here, where not the waiting is tried: machines are busy."""


def cases_at(template: str, token: str = "") -> HttpCases:
    return HttpCases(template=template, token=token, within_s=WITHIN_S)


@pytest.fixture
def server() -> Iterator[CaseServer]:
    with case_system() as cases:
        cases.cases = {"/api/cases/C-7"}
        yield cases


async def test_200_is_a_case_and_404_is_none(server: CaseServer) -> None:
    cases = cases_at(server.template)
    assert await cases.exists("C-7")
    assert not await cases.exists("C-8")
    assert server.tokens == [None, None]


@pytest.mark.parametrize("status", [204, 301, 400, 401, 403, 410, 429, 500, 503])
async def test_any_other_answer_tells_nothing(server: CaseServer, status: int) -> None:
    server.status = status
    with pytest.raises(ConnectionError, match=f"answers {status}"):
        await cases_at(server.template).exists("C-7")


async def test_nothing_is_told_by_one_that_does_not_answer_in_time(server: CaseServer) -> None:
    server.go.clear()
    cases = HttpCases(template=server.template, within_s=0.2)
    with pytest.raises(ConnectionError, match=r"nothing within 0\.2 s"):
        await cases.exists("C-7")
    server.go.set()
    assert await replace(cases, within_s=WITHIN_S).exists("C-7")


async def test_nothing_is_told_by_one_that_is_not_there() -> None:
    template = f"http://127.0.0.1:{free_port()}/{{case_number}}"
    with pytest.raises(ConnectionError, match="does not answer"):
        await cases_at(template).exists("C-7")


async def test_no_redirect_is_followed(server: CaseServer) -> None:
    server.status, server.location = 302, "/api/cases/C-7"
    with pytest.raises(ConnectionError, match="answers 302"):
        await cases_at(server.template).exists("C-8")
    assert server.asked == ["/api/cases/C-8"]


async def test_only_a_certificate_that_the_machine_trusts_is_believed(tmp_path: Path) -> None:
    ours, other = Authority(tmp_path, "ours"), Authority(tmp_path, "other")
    trusted = ssl.create_default_context(cafile=str(ours.file))
    with case_system(other.issue("stranger")) as stranger:
        stranger.cases = {"/api/cases/C-7"}
        for tls in (trusted, ssl.create_default_context()):
            with pytest.raises(ConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
                await replace(cases_at(stranger.template, "t"), tls=tls).exists("C-7")
        assert stranger.tokens == []
    with case_system(ours.issue("cases")) as known:
        known.cases = {"/api/cases/C-7"}
        assert await replace(cases_at(known.template), tls=trusted).exists("C-7")


@pytest.mark.parametrize(
    ("number", "sent"),
    [
        ("../x?y", "..%2Fx%3Fy"),
        ("a b#c%2F", "a%20b%23c%252F"),
        ("2026/117;é", "2026%2F117%3B%C3%A9"),
        ("http://elsewhere.example/", "http%3A%2F%2Felsewhere.example%2F"),
        ("{case_number}", "%7Bcase_number%7D"),
    ],
)
async def test_a_case_number_is_one_segment_of_the_path(
    server: CaseServer, number: str, sent: str
) -> None:
    server.cases = {f"/api/cases/{sent}"}
    assert await cases_at(server.template).exists(number)
    assert server.asked == [f"/api/cases/{sent}"]


@pytest.mark.parametrize("number", [".", ".."])
async def test_a_number_that_leads_out_of_the_path_is_no_case(
    server: CaseServer, number: str
) -> None:
    server.status = 200
    assert not await cases_at(server.template).exists(number)
    assert server.asked == []


async def test_a_number_too_long_for_an_address_tells_nothing(server: CaseServer) -> None:
    with pytest.raises(ConnectionError):
        await cases_at(server.template).exists("7" * 70_000)


async def test_the_token_is_sent_and_not_shown(server: CaseServer) -> None:
    cases = cases_at(server.template, "s3cret")
    assert await cases.exists("C-7")
    assert server.tokens == ["Bearer s3cret"]
    assert "s3cret" not in repr(cases)


async def test_a_body_is_not_read(server: CaseServer) -> None:
    server.ends.clear()
    assert await cases_at(server.template).exists("C-7")


async def test_answers_are_kept_for_a_minute_and_silence_is_not(server: CaseServer) -> None:
    now = [0.0]
    cases = replace(cases_at(server.template), clock=lambda: now[0])
    server.status = 500
    with pytest.raises(ConnectionError):
        await cases.exists("C-7")
    server.status = 0
    for moment in (0.0, 59.9):
        now[0] = moment
        assert await cases.exists("C-7")
        assert not await cases.exists("C-8")
    assert len(server.asked) == 3
    now[0], server.cases = 60.0, {"/api/cases/C-8"}
    assert not await cases.exists("C-7")
    assert await cases.exists("C-8")
    assert len(server.asked) == 5


async def test_only_so_many_answers_are_kept(
    server: CaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_cases, "MOST_KEPT", 2)
    cases = replace(cases_at(server.template), clock=lambda: 0.0)
    for number in ("1", "2", "3", "3", "2", "1"):
        await cases.exists(number)
    assert [path[-1] for path in server.asked] == ["1", "2", "3", "1"]
