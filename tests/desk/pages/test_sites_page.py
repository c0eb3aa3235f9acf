"""What the page of sites says, without a browser."""

from dataclasses import replace
from datetime import timedelta
from typing import cast

from invented import NOW, site_state
from morina.accountability import User
from morina.desk.pages.site_lines import COLUMNS, cells, refusals
from morina.desk.pages.visit import Visit
from morina.desk.services import Services
from morina.desk.words import Words
from morina.sense.site import SiteHeard

WITHIN_S = 2.0
BUSY = SiteHeard(
    site="kukes",
    scope=("north", "kukes"),
    heard_at=NOW,
    state=site_state(
        reads_waiting=1,
        oldest_waiting_at=NOW - timedelta(hours=2),
        captures_waiting={"lane-1": 30, "lane-2": 1},
        pictures_waiting=12,
        pictures_dropped=3,
        clock_offset_s=130.0,
        wrong_clocks={"lane-2": -21_830_397.0, "lane-1": 95.0},
        alarms=4,
        hotlist_entries=1,
        hotlist_until=NOW + timedelta(hours=5),
        knocks=7,
        knocking={"192.0.2.7 hikvision": 6},
        bad_payloads={"gate": "Picture.Plate: <b>missing</b>; send it"},
    ),
)


def visit(language: str = "en") -> Visit:
    user = User(name="arta", full_name="Arta", time_zone="UTC")
    return Visit(cast(Services, None), user, Words(language))


def said(one: SiteHeard, language: str = "en", seconds: float = 1) -> dict[str, list[str]]:
    """Column to its lines."""
    of = cells(one, visit(language), NOW + timedelta(seconds=seconds), WITHIN_S)
    return {column: [line.text for line in cell] for column, cell in zip(COLUMNS, of, strict=True)}


def marked(one: SiteHeard) -> set[str]:
    """The lines that say what is wrong."""
    of = cells(one, visit(), NOW, WITHIN_S)
    return {line.text for cell in of for line in cell if "faulty" in line.classes}


def test_a_connected_site_tells_what_waits_was_dropped_and_refused() -> None:
    told = said(BUSY)
    assert told["Site"] == ["kukes", "north; kukes"]
    assert told["Connection"] == ["connected", "last heard"]
    assert told["Waiting there"] == [
        "1 read", "the oldest of 1 Mar 2026 10:00:00 (10:00:00 UTC)",
        "31 captures to be read", "12 pictures",
    ]  # fmt: skip
    assert told["Dropped, ever"] == ["0 reads", "3 pictures"]
    assert told["Clocks"] == [
        "the clock is 2 min behind",
        "lane-1: the clock is 95 s behind",
        "lane-2: the clock is 253 d ahead",
    ]
    assert told["Alarms there"] == [
        "4 since its start", "1 entry until 1 Mar 2026 17:00:00 (17:00:00 UTC)",
    ]  # fmt: skip
    assert told["Refused there"] == ["7 knocks", "payloads of 1 camera"]


def test_a_site_of_which_only_hits_are_kept_says_how_many_passages_it_forgot() -> None:
    state = site_state(forgotten={"gate-1": 40, "gate-2": 2})
    told = said(SiteHeard(site="kukes", heard_at=NOW, state=state))
    assert told["Alarms there"][1] == "42 passages that were no hits, forgotten"


def test_only_what_is_wrong_is_marked() -> None:
    assert marked(BUSY) == {
        "3 pictures",
        "the clock is 2 min behind",
        "lane-1: the clock is 95 s behind",
        "lane-2: the clock is 253 d ahead",
        "payloads of 1 camera",
    }
    well = SiteHeard(site="kukes", heard_at=NOW, state=site_state(clock_offset_s=-0.4))
    assert marked(well) == set()
    assert said(well)["Clocks"] == ["the clock is right within 0.4 s"]
    assert said(well)["Refused there"] == ["0 knocks"]


def test_a_cut_link_says_since_when_and_that_the_rest_is_old() -> None:
    told = said(BUSY, seconds=40)
    assert told["Connection"] == [
        "not connected since 1 Mar 2026 12:00:00 (12:00:00 UTC)",
        "the rest is what it last told",
        "last heard",
    ]
    assert told["Waiting there"][0] == "1 read"


def test_a_site_that_never_came_shows_just_that() -> None:
    told = said(SiteHeard(site="new"))
    assert told["Site"] == ["new", "entries for everywhere"]
    assert told["Connection"] == ["has never connected"]
    assert not any(told[column] for column in COLUMNS[2:])


def test_a_site_is_told_of_in_albanian() -> None:
    told = said(replace(BUSY, scope=()), "sq", seconds=40)
    assert told["Site"][1] == "regjistrimet për kudo"
    assert told["Connection"][0].startswith("pa lidhje që nga 1 mar 2026")
    assert told["Clocks"][1] == "lane-1: ora është 95 s prapa"
    assert told["Waiting there"][3] == "12 pamje"


def test_who_was_refused_there_is_told_one_by_one() -> None:
    assert [line.text for line in refusals(BUSY, visit())] == [
        "kukes: 192.0.2.7 hikvision knocked 6 times",
        "kukes: payload of gate refused: Picture.Plate: <b>missing</b>; send it",
    ]
    assert list(refusals(SiteHeard(site="new"), visit())) == []
