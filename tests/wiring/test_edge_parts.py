"""A site's hotlist, alarm, clocks and files."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from invented import NOW, hotlist, listing, read
from morina.engines import Home
from morina.sense import Capture
from morina.sense.site import JoinToken, Ledger, SiteState, new_site
from morina.sense.site.keys import verifying_half
from morina.watch import CopyKeys, Hotlists, Listed, SiteCopy, VehicleOfInterest, seal
from morina.wiring.edge.alarm import SAYS, message
from morina.wiring.edge.clocks import SiteClocks
from morina.wiring.edge.health import metrics, write_state
from morina.wiring.edge.hotlist import HeldHotlist, best_now
from morina.wiring.edge.ledger import LedgerFile

SIGNING = Ed25519PrivateKey.generate().private_bytes_raw()
SITE, TOKEN = new_site("kukes", (), "127.0.0.1:1", "PEM", verifying_half(SIGNING))
SEEN = read("AB12CDE")


@dataclass
class Clock:
    """What the site takes for the node's time."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Held:
    """A held hotlist in a folder, and what is matched against."""

    folder: Path
    token: JoinToken = TOKEN
    ledger: Ledger = field(default_factory=Ledger)
    clock: Clock = field(default_factory=Clock)
    hotlists: Hotlists = field(default_factory=Hotlists)

    def start(self) -> HeldHotlist:
        held = HeldHotlist(self.token, self.file, self.ledger, self._use, self.clock)
        held.load()
        return held

    @property
    def file(self) -> Path:
        return self.folder / "sealed"

    def put(self, version: int = 1, days: int = 7, *listings: VehicleOfInterest) -> None:
        copy = SiteCopy(
            site="kukes",
            version=version,
            made_at=NOW,
            until=NOW + timedelta(days=days),
            listed=tuple(Listed(hotlist(), one) for one in listings or (listing("AB12CDE"),)),
        )
        self.file.write_bytes(seal(copy, CopyKeys(SIGNING, SITE.box_key)))

    def _use(self, hotlists: Hotlists) -> None:
        self.hotlists = hotlists


@pytest.fixture
def held(tmp_path: Path) -> Held:
    return Held(tmp_path)


def test_after_a_restart_without_a_link_the_copy_on_disk_counts(held: Held) -> None:
    held.put()
    held.start()
    assert held.hotlists.match(SEEN)
    assert b"AB12CDE" not in held.file.read_bytes()


def test_without_a_link_the_copy_goes_when_it_is_over(held: Held) -> None:
    held.put(days=2)
    running = held.start()
    running.expire()
    assert held.hotlists.match(SEEN)
    held.clock.at += timedelta(days=2)
    running.expire()
    assert not held.hotlists.match(SEEN)
    assert not held.file.exists()


def test_a_copy_that_was_over_before_the_start_is_not_used(held: Held) -> None:
    held.put(days=2)
    held.clock.at += timedelta(days=3)
    held.start()
    assert not held.hotlists.match(SEEN)
    assert not held.file.exists()


def test_an_entry_that_is_over_is_not_matched_though_the_copy_goes_on(held: Held) -> None:
    held.put(1, 7, listing("AB12CDE", valid_to=NOW + timedelta(hours=1)), listing("AB13CDE"))
    running = held.start()
    held.clock.at += timedelta(hours=2)
    running.expire()
    assert not held.hotlists.match(SEEN)
    assert held.hotlists.match(read("AB13CDE"))
    assert running.entries == 1


def test_a_copy_changed_on_disk_is_refused_and_removed(held: Held) -> None:
    held.put()
    content = bytearray(held.file.read_bytes())
    content[len(content) // 2] ^= 1
    held.file.write_bytes(content)
    held.start()
    assert not held.hotlists.match(SEEN)
    assert not held.file.exists()


def test_an_older_copy_put_back_is_refused(held: Held) -> None:
    held.put(version=5)
    old = held.file.read_bytes()
    held.put(version=6)
    held.start()
    assert held.ledger.hotlist_version == 6
    held.file.write_bytes(old)
    held.start()
    assert not held.file.exists()


def test_a_clock_set_back_keeps_no_copy_alive() -> None:
    told = datetime.now(UTC) + timedelta(days=30)
    assert best_now(None, Ledger(latest_at=told)) == told
    assert best_now(3600.0, Ledger()) > datetime.now(UTC) + timedelta(minutes=59)


def test_the_alarm_asks_for_eyes_and_names_every_difference() -> None:
    seen = read("AB1ZCDE")
    [hit] = Hotlists([Listed(hotlist(), listing("AB12CDE"))]).match(seen)
    said = json.loads(message(seen, hit))
    assert said["says"] == SAYS
    assert "by eye" in SAYS
    assert said["likeness"] == "look_alike"
    assert said["check"] == ["4: Z/2"]


def clocks(within_s: float = 2.0) -> SiteClocks:
    return SiteClocks(within_s, Ledger())


def test_a_read_of_good_clocks_is_not_marked() -> None:
    now = datetime.now(UTC)
    marked = clocks().marked(read(captured_at=now, received_at=now))
    assert (marked.clock_wrong, marked.clock_offset_s) == (False, None)


def test_reads_of_a_camera_with_a_wrong_clock_are_marked() -> None:
    site, now = clocks(), datetime.now(UTC)
    capture = Capture(
        capture_id=uuid4(),
        camera_id="bridge-north",
        captured_at=now - timedelta(seconds=90),
        received_at=now,
        image="0" * 64,
    )
    for _ in range(3):
        site.captured(capture)
    late = read(captured_at=now - timedelta(seconds=90), received_at=now)
    assert site.marked(late).clock_wrong
    assert not site.marked(replace(late, camera_id="another")).clock_wrong
    assert list(site.cameras.wrong()) == ["bridge-north"]


def test_a_read_from_the_future_is_marked_at_once() -> None:
    ahead = datetime.now(UTC) + timedelta(seconds=60)
    assert clocks().marked(read(captured_at=ahead, received_at=ahead)).clock_wrong


def test_the_ledger_survives_and_a_broken_one_starts_anew(tmp_path: Path) -> None:
    file = LedgerFile(tmp_path / "ledger.json")
    ledger = Ledger(stream="s", sent_to=7, reads_dropped=3, latest_at=NOW)
    file.save(ledger)
    assert file.load() == ledger
    file.file.write_bytes(b"{")
    assert file.load() == Ledger()


def test_the_state_is_written_for_people_and_for_prometheus(tmp_path: Path) -> None:
    state = SiteState(
        site="kukes", at=NOW, linked=True, reads_waiting=4, reads_waiting_bytes=10,
        oldest_waiting_at=NOW, pictures_waiting=2, pictures_bytes=20, reads_sent=9,
        pictures_sent=1, reads_dropped=5, pictures_dropped=6, disk_bytes=100,
        wrong_clocks={"bridge-north": 90.0}, captures_waiting={"bridge-south": 3},
    )  # fmt: skip
    write_state(Home(tmp_path), state)
    assert json.loads((tmp_path / "run" / "edge.json").read_text())["reads_dropped"] == 5
    text = metrics(state).decode()
    assert 'morina_edge_reads_dropped{site="kukes"} 5.0' in text
    assert 'morina_edge_camera_behind_s{camera="bridge-north",site="kukes"} 90.0' in text
    assert 'morina_edge_camera_waiting_captures{camera="bridge-south",site="kukes"} 3.0' in text
    assert "morina_edge_clock_offset_s{" not in text


def test_every_metric_is_in_the_docs() -> None:
    from morina.wiring.edge.health import METRICS, OF_CAMERAS

    page = (Path(__file__).parent.parent.parent / "docs" / "edge.md").read_text()
    for name in [*METRICS, *OF_CAMERAS]:
        assert f"| `morina_edge_{name}` |" in page
