"""Acts of many kinds done at a node until it is killed, and what became of each of them."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Event, Lock
from time import sleep
from typing import Any

import httpx
import psycopg

from invented import listing, read
from morina.sense import Read
from morina.watch.exchange_file import dump_hotlist
from running import RunningNode

WHY = {
    "code": "stolen_vehicle", "case_number": "C-1", "legal_basis": "Invented Act 5",
    "justification": "a lorry taken from the yard on Monday",
}  # fmt: skip
LOOK = {
    "plate": "AB12CDE", "case_number": "DPO-1", "legal_basis": "Invented Act 5",
    "justification": "a complaint by the keeper of it",
}  # fmt: skip
WANTED = [f"KX{number}ABC" for number in range(10, 90)]
PASSING = [f"KY{number}ABC" for number in range(10, 90)]
SIGNER = "signer"
ENDED_WITHIN_S = 120


@dataclass
class Acting:
    """Who acts at a node, and on what: officer and overseer by their tokens, one by password."""

    node: RunningNode
    officer: str
    overseer: str
    password: str
    hotlist_id: str = ""
    passed: list[Read] = field(default_factory=list)
    _clients: dict[str, httpx.Client] = field(default_factory=dict)
    _making: Lock = field(default_factory=Lock)

    @classmethod
    def at(cls, node: RunningNode) -> "Acting":
        """Accounts, a list whose vehicles pass, and reads to be put right."""
        made = cls(node, node.token(), node.token("data_protection_officer"),
                   node.account(SIGNER, "operator"))  # fmt: skip
        now, day = datetime.now(UTC), timedelta(days=1)
        fields = {"valid_from": now - day, "valid_to": now + day, "review_at": (now + day).date()}
        listed = [listing(text, **fields) for text in WANTED]
        with made.client(made.officer) as client:
            made.hotlist_id = new_list(client, "Wanted")
            take_in(client, made.hotlist_id, dump_hotlist(listed, "json"))
        at = {"captured_at": now, "received_at": now}
        made.passed = [read(text, **at) for text in PASSING]
        node.publish([*made.passed, *(read(text, **at) for text in WANTED)])
        return made

    @contextmanager
    def client(self, token: str) -> Iterator[httpx.Client]:
        """Who acts with that token; made once, as making one takes longer than most acts."""
        with self._making:
            if token not in self._clients:
                headers = (
                    {"Authorization": f"Bearer {token}"} if token else {"Origin": self.node.url}
                )
                where = f"{self.node.url}/api/v1" if token else self.node.url
                self._clients[token] = httpx.Client(base_url=where, headers=headers, timeout=300)
        yield self._clients[token]

    def close(self) -> None:
        """Nobody acts any more."""
        for one in self._clients.values():
            one.close()

    @contextmanager
    def going_on(self, name: str) -> Iterator[Callable[[], None]]:
        """All of ``ACTS``, each again and again, until no answer comes; what is yielded raises
        what one of them met otherwise."""
        stop = Event()
        with ThreadPoolExecutor(len(ACTS)) as threads:
            running = [threads.submit(self._until, stop, one, name) for one in ACTS]
            try:
                yield lambda: _raised(running)
            finally:
                stop.set()
        _raised(running)

    def _until(self, stop: Event, act: "Act", name: str) -> None:
        for number in count():
            try:
                if stop.is_set():
                    return
                act(self, f"{name}-{number}")
            except httpx.TransportError:
                return
            except psycopg.OperationalError:  # its database ends with it, and not before
                self.node.process.wait(ENDED_WITHIN_S)
                return


Act = Callable[[Acting, str], object]


def _raised(running: list[Future[None]]) -> None:
    for one in running:
        if one.done():
            one.result()


def done(answer: httpx.Response) -> httpx.Response:
    assert answer.is_success, answer.text
    return answer


def new_list(client: httpx.Client, name: str) -> str:
    sent = {"name": name, "owner": "Invented Border Police", "purpose": "find stolen vehicles",
            "legal_basis": "Invented Act 5",
            "review_at": (datetime.now(UTC) + timedelta(days=9)).date().isoformat()}  # fmt: skip
    return str(done(client.post("/hotlists", json=sent)).json()["hotlist_id"])


def take_in(client: httpx.Client, hotlist_id: str, content: bytes) -> None:
    files = {"file": ("list.json", content)}
    done(client.post(f"/hotlists/{hotlist_id}/import", files=files))


def put_a_camera(acting: Acting, name: str) -> None:
    sent = {"name": "N", "site": "N", "latitude": 42.0, "longitude": 20.0}
    with acting.client(acting.officer) as client:
        done(client.put(f"/cameras/{name}", json=sent))


def look_up(acting: Acting, _name: str) -> None:
    with acting.client(acting.overseer) as client:
        done(client.post("/trail/plates", json=LOOK))


def sign_in(acting: Acting, _name: str) -> None:
    sent = {"name": SIGNER, "password": acting.password}
    with acting.client("") as browser:
        answer = browser.post("/sign-in", data=sent)
        browser.cookies.clear()  # another browser each time: the sessions stay
    if answer.status_code == 429:  # one address signs in so often only
        sleep(1)
        return
    assert answer.status_code == 303, answer.text


def import_a_list(acting: Acting, name: str) -> None:
    now = datetime.now(UTC)
    fields = {"valid_from": now - timedelta(days=1), "valid_to": now + timedelta(days=9),
              "review_at": (now + timedelta(days=5)).date()}  # fmt: skip
    with acting.client(acting.officer) as client:
        listed = [listing(f"QQ{number}ABC", **fields) for number in range(10, 40)]
        take_in(client, new_list(client, f"List {name}"), dump_hotlist(listed, "json"))


def export_a_list(acting: Acting, _name: str) -> None:
    with acting.client(acting.officer) as client:
        done(client.post(f"/hotlists/{acting.hotlist_id}/export", json=WHY))


def confirm_an_alert(acting: Acting, _name: str) -> None:
    with acting.client(acting.officer) as client:
        states = {"state": ["raised", "acknowledged"], "limit": "1"}
        found = done(client.get("/alerts", params=states)).json()
        if not found:
            sleep(0.05)
            return
        here = f"/alerts/{found[0]['alert_id']}"
        if found[0]["state"] == "raised":
            done(client.post(f"{here}/steps", json={"step": "acknowledge"}))
        with psycopg.connect(acting.node.addresses["postgres"]) as database:
            listed = "SELECT listed #>> '{listing,plate,text}' FROM alert WHERE alert_id = %s"
            for (text,) in database.execute(listed, (found[0]["alert_id"],)):
                done(client.post(f"{here}/transcription", json={"text": text}))
        done(client.post(f"{here}/steps", json={"step": "confirm"}))


def correct_a_read(acting: Acting, _name: str) -> None:
    if not acting.passed:
        return
    one = acting.passed.pop()
    assert one.plate
    sent = {"purpose": WHY, "read_id": str(one.read_id), "camera_id": one.camera_id,
            "captured_at": one.captured_at.isoformat(), "read_as": one.plate.text,
            "text": one.plate.text.replace("KY", "KV")}  # fmt: skip
    with acting.client(acting.officer) as client:
        answer = client.post("/records/corrections", json=sent)
    if answer.status_code == 404:  # it is not kept yet
        acting.passed.insert(0, one)
    else:
        done(answer)


def erase_a_plate(acting: Acting, name: str) -> None:
    """Asked for, agreed to by another, done."""
    sent: dict[str, Any] = {"purpose": WHY | {"code": "oversight"}, "plate": "ZZ99ZZZ",
                            "reference": f"ER-{name}"}  # fmt: skip
    with acting.client(acting.overseer) as client, acting.client(acting.officer) as second:
        asked = client.post("/records/erasures", json=sent)
        assert asked.status_code == 409, asked.text
        sent["approval_id"] = asked.json()["approval_id"]
        verdict = {"approved": True, "reason": "the letter asks for it"}
        where = f"/approvals/{sent['approval_id']}/decision"
        done(second.post(where, json=verdict))
        done(client.post("/records/erasures", json=sent))


ACTS: tuple[Act, ...] = (
    put_a_camera, look_up, sign_in, import_a_list, export_a_list, confirm_an_alert,
    correct_a_read, erase_a_plate,
)  # fmt: skip

EACH_ROUND = {
    "configuration camera": 10, "consultation consultation": 3, "sign_in account": 2,
    "alteration hotlist": 4, "export consultation": 3, "alteration alert": 6,
    "alteration read": 2, "erasure consultation": 1,
}  # fmt: skip
"""How often each has to be entered before a node is killed."""

_OF = "SELECT what -> 'ids' ->> 0 FROM trail WHERE what ->> 'kind' = "
_APPROVALS = "'approval' AND what ->> 'step' LIKE "
SAME: Mapping[str, tuple[str, str]] = {
    "cameras": ("SELECT camera_id FROM camera", _OF + "'camera'"),
    "questions, exports, erasures": (
        "SELECT number::text FROM consultation",
        _OF + "'consultation' AND what ->> 'step' = 'begun'",
    ),
    "their ends": (
        "SELECT number::text FROM consultation_outcome",
        _OF + "'consultation' AND what ->> 'step' <> 'begun'",
    ),
    "versions of lists": (
        "SELECT hotlist_id || ' ' || version FROM hotlist_version",
        "SELECT (what -> 'ids' ->> 0) || ' ' || substring(what ->> 'step' from '^version ([0-9]+)')"
        " FROM trail WHERE what ->> 'kind' = 'hotlist' AND act = 'alteration'",
    ),
    "steps of alerts": (
        "SELECT alert_id || ' ' || kind FROM alert_act"
        " WHERE kind IN ('acknowledge', 'transcribe', 'confirm')",
        "SELECT (what -> 'ids' ->> 0) || ' ' || (what ->> 'step') FROM trail"
        " WHERE what ->> 'kind' = 'alert' AND act = 'alteration'",
    ),
    "alerts": (
        "SELECT alert_id::text FROM alert",
        "SELECT jsonb_array_elements_text(what -> 'ids') FROM trail"
        " WHERE what ->> 'kind' = 'alert' AND act = 'combination'",
    ),
    "sign-ins": (
        f"SELECT row_number() OVER ()::text FROM session WHERE name = '{SIGNER}'",
        f"SELECT row_number() OVER ()::text FROM trail WHERE act = 'sign_in' AND who = '{SIGNER}'",
    ),
    "requests to agree": ("SELECT approval_id::text FROM approval", _OF + _APPROVALS + "'asked%'"),
    "decisions": (
        "SELECT approval_id::text FROM approval_decision", _OF + _APPROVALS + "'approved%'"
    ),
    "what was agreed to and done": (
        "SELECT approval_id::text FROM approval_use", _OF + _APPROVALS + "'used%'"
    ),
}  # fmt: skip
"""What the database has, and what its trail says, of each kind: the same, whatever was killed."""


def entered(node: RunningNode) -> dict[str, int]:
    """How often each of ``EACH_ROUND`` is in the trail."""
    counted = "SELECT act || ' ' || (what ->> 'kind'), count(*) FROM trail GROUP BY 1"
    with psycopg.connect(node.addresses["postgres"]) as connection:
        found = dict(connection.execute(counted).fetchall())
    return {name: found.get(name, 0) for name in EACH_ROUND}


def columns(node: RunningNode, *asked: str) -> list[set[str]]:
    """The texts of one column each, all of one moment."""
    with psycopg.connect(node.addresses["postgres"]) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        return [{row[0] for row in connection.execute(one)} for one in asked]  # type: ignore[arg-type]  # ours


def corrected(acting: Acting) -> set[str]:
    """The reads that stand corrected, of the records."""
    with acting.client(acting.officer) as client:
        found = done(client.get("/reads", params={"limit": "1000"})).json()
    return {one["read_id"] for one in found if one["correction"]}
