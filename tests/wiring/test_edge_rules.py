"""What a node asks of its sites, and what a site tells it of passages it has forgotten."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from invented import NOW, read
from morina.engines import Home
from morina.records.retention import Group, Retention
from morina.records.unkept import Counts
from morina.sense.recogniser.fitting import PictureSizes
from morina.sense.site import LinkError, SiteRules
from morina.settings import Images, RetentionGroup, Settings
from morina.settings import Retention as RetentionSettings
from morina.wiring.edge.counts import CountedHours, CountsToTell
from morina.wiring.edge.rules import HeldRules
from morina.wiring.site_counts import CountedSites
from morina.wiring.sites import rules_of

GATE = Group(
    name="gate", owner="Border police", policy="Order 12", days=30, cameras=frozenset({"gate"}),
    match_and_forget=True,
)  # fmt: skip


def held(folder: Path) -> HeldRules:
    sizes = PictureSizes(overview_bytes=0, patch_bytes=9_000)
    rules = HeldRules(folder / "rules.json", Retention(groups=(GATE,)), sizes)
    rules.load()
    return rules


def test_the_stricter_of_the_sites_and_the_nodes_word_counts_also_after_a_restart(
    tmp_path: Path,
) -> None:
    rules = held(tmp_path)
    assert rules.forgets("gate") and not rules.forgets("bridge")
    assert rules.sizes() == PictureSizes(overview_bytes=0, patch_bytes=9_000)
    rules.take(SiteRules(only_hits=("bridge",), overview_bytes=50_000, patch_bytes=40_000))
    for one in (rules, held(tmp_path)):
        assert one.forgets("gate") and one.forgets("bridge") and not one.forgets("mill")
        assert one.sizes() == PictureSizes(overview_bytes=50_000, patch_bytes=9_000)
    rules.take(SiteRules())
    assert held(tmp_path).forgets("gate") and not held(tmp_path).forgets("bridge")


def test_a_broken_file_of_rules_leaves_the_sites_own(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "rules.json").write_bytes(b"{")
    assert held(tmp_path).forgets("gate")
    assert "rules.json cannot be read" in caplog.text


def test_where_cameras_upload_files_it_is_said_that_these_stay(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rules = HeldRules(tmp_path / "r", Retention(), PictureSizes(), takes_files=True)
    rules.take(SiteRules(only_hits=("gate",)))
    assert "push.folders" in caplog.text


def test_a_node_asks_for_what_its_settings_say() -> None:
    group = RetentionGroup(
        cameras=("b", "a"), owner="Border police", policy="Order 12", match_and_forget=True
    )
    other = RetentionGroup(cameras=("c",), owner="Town", policy="Order 8", days=7)
    settings = Settings(
        retention=RetentionSettings(groups={"gate": group, "town": other}),
        images=Images(overview_bytes=100_000, patch_bytes=0),
    )
    assert rules_of(settings) == SiteRules(
        only_hits=("a", "b"), overview_bytes=100_000, patch_bytes=0
    )


class Link:
    """What the site tells its node; it answers only while it is ``up``."""

    def __init__(self) -> None:
        self.up, self.heard = True, list[CountedHours]()

    async def tell_counts(self, counted: bytes) -> None:
        self.heard.append(msgspec.json.decode(counted, type=CountedHours))
        if not self.up:
            raise LinkError("no answer")


def passages(counted: CountedHours) -> int:
    return sum(one.passages for one in counted.counts.values())


async def test_counts_wait_for_the_link_and_survive_a_restart(tmp_path: Path) -> None:
    link, counts = Link(), CountsToTell(tmp_path / "counts.json")
    link.up = False
    for number in range(5):
        counts.counting.count(read("AB12CDE", camera_id="gate"), NOW)
        counts.collect()
        await counts.tell(link)
        assert passages(link.heard[-1]) == 1, f"the first goes on alone, try {number}"
    assert len({one.batch for one in link.heard}) == 1, "the same again is known as the same"
    assert b"AB12CDE" not in counts.file.read_bytes()
    again = CountsToTell(counts.file)
    again.load()
    link.up, link.heard = True, []
    await again.tell(link)
    await again.tell(link)
    assert [passages(one) for one in link.heard] == [1, 4]
    assert counts.ever == {"gate": 5}


class Written:
    """The role UnkeptHours, in memory."""

    def __init__(self) -> None:
        self.counts: list[Counts] = []

    async def add(self, counts: Counts) -> None:
        self.counts.append(counts)


async def test_a_batch_told_twice_counts_once_also_after_the_node_was_started_again(
    tmp_path: Path,
) -> None:
    home, written = Home(tmp_path), Written()
    counts = CountsToTell(tmp_path / "counts.json")
    counts.counting.count(read("AB12CDE", camera_id="gate"), NOW)
    counts.collect()
    said = msgspec.json.encode(counts.waiting[0])
    for _ in range(2):
        heard = CountedSites(home, written)
        for _ in range(2):
            await heard.hear("kukes", said)
    assert len(written.counts) == 1
    await heard.hear("elsewhere", said)
    assert len(written.counts) == 2, "another site's batch is another"
    [(camera, hour)] = written.counts[0]
    assert camera == "gate" and hour.astimezone(UTC) <= NOW < hour + timedelta(hours=1)
    assert hour == datetime(NOW.year, NOW.month, NOW.day, NOW.hour, tzinfo=UTC)
