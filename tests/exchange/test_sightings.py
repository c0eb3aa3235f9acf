import asyncio
import base64
import dataclasses
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from invented import EVIDENCE, NOW, hotlist, listing, read
from morina.alerts import MORINA, TRANSITIONS, Act, AlertRules, State, Step
from morina.alerts.adapters.postgres import PostgresAlerts
from morina.alerts.adapters.postgres_forgetting import PostgresForgetting
from morina.exchange import Kind
from morina.exchange.adapters.postgres_sightings import (
    HeardSightings,
    PostgresSightings,
    SightingAnswers,
)
from morina.exchange.adapters.telling_sightings import SightingTelling
from morina.exchange.adapters.told_passages import Sources
from morina.exchange.sighting_messages import MOST_PICTURE
from morina.exchange.sightings import (
    NO_GROUP,
    NoSuchSightingError,
    SightingState,
    confirmed_by,
    taken_back_by,
)
from morina.watch import VehicleOfInterest
from seen_passages import GROUPS, JPEG, Cameras, Images
from two_nodes import (
    PairedNode,
    PlainAgreements,
    carry,
    hotlist_agreement,
    paired_node,
    sharing,
    sighting_agreement,
)


class Seer(PairedNode):
    """AL: its cameras see what GB listed, and its officers decide."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.images = Images()
        self.alerts = PostgresAlerts(self.pool, AlertRules(), self.trail)
        self.sightings = PostgresSightings(self.pool, self.trail)
        sources = Sources(alerts=self.alerts, cameras=Cameras(), images=self.images,
                          policies=GROUPS)  # type: ignore[arg-type]  # fmt: skip
        self.telling = SightingTelling(
            pool=self.pool, outbox=self.outbox, agreements=self.agreements, sources=sources,
            here=self.here, as_known=self.as_known,
        )  # fmt: skip
        self.takes.append(SightingAnswers())

    async def hit(self, plate: str = "AA11AAA", **fields: object) -> UUID:
        """An alert on a listed vehicle."""
        one = read(plate, **fields)
        [hit] = (await self.matched()).match(one)
        [alert] = await self.alerts.raise_for([(one, hit)], NOW)
        return alert.alert_id

    async def work(self, alert_id: UUID, *steps: Step, plate: str = "AA11AAA") -> None:
        """Take the steps as an officer does; expiry as the node does."""
        for step in steps:
            if step is Step.CONFIRM:
                await self.alerts.transcribe(alert_id, "an.officer", plate, NOW)
            by = MORINA if step is Step.EXPIRE else "an.officer"
            await self.alerts.take(alert_id, step, by, NOW, "seen by eye")

    async def told_kinds(self) -> list[Kind]:
        """Kinds of everything ever posted about sightings."""
        await self.telling.once(NOW)
        return [one.kind for one in await self.posted() if one.kind.startswith("sighting")]


@pytest.fixture
def agreements() -> PlainAgreements:
    return PlainAgreements([hotlist_agreement(), sighting_agreement()])


@pytest.fixture
async def gb(engines, agreements) -> AsyncIterator[PairedNode]:
    async with paired_node(engines.postgres, "GB", agreements) as node:
        node.sightings = PostgresSightings(node.pool, node.trail)
        node.takes.append(HeardSightings(agreements, node.trail, "GB"))
        yield node


@pytest.fixture
def entry() -> VehicleOfInterest:
    return listing("AA11AAA", source_reference="REF-1")


@pytest.fixture
async def al(engines, agreements, gb, entry) -> AsyncIterator[Seer]:
    async with paired_node(engines.postgres, "AL", agreements) as node:
        seer = Seer("AL", node.pool, agreements)
        made = await gb.hotlists.create(hotlist())
        await gb.hotlists.add(made.hotlist_id, entry, "a.owner")
        await gb.lists.share(sharing(made.hotlist_id, agreements.known[0]), NOW)
        await gb.post_all()
        await carry(gb, seer)
        yield seer


CONFIRMED = (Step.ACKNOWLEDGE, Step.CONFIRM)


def paths() -> list[tuple[Step, ...]]:
    """Every way through the lifecycle, from the table."""
    found: list[tuple[Step, ...]] = [()]
    begun: list[tuple[State, tuple[Step, ...]]] = [(State.RAISED, ())]
    while begun:
        state, way = begun.pop()
        for (before, step), after in TRANSITIONS.items():
            if before is state:
                found.append((*way, step))
                begun.append((after, (*way, step)))
    return found


def test_every_state_of_an_alert_is_reached_by_the_ways_tested():
    assert {TRANSITIONS[before, way[-1]] for way in paths() if way for before in State
            if (before, way[-1]) in TRANSITIONS} | {State.RAISED} == set(State)  # fmt: skip


@pytest.mark.parametrize("way", paths(), ids=lambda way: "-".join(way) or "raised")
async def test_only_what_a_person_confirmed_is_told_whatever_way_the_alert_goes(al, gb, way):
    alert_id = await al.hit()
    kinds: list[Kind] = []
    for number in range(len(way) + 1):
        if number:
            await al.work(alert_id, way[number - 1])
        kinds = await al.told_kinds()
        done = way[:number]
        wanted = [Kind.SIGHTING] if Step.CONFIRM in done else []
        if Step.CONFIRM in done and Step.REJECT in done:
            wanted.append(Kind.SIGHTING_CORRECTION)
        assert kinds == wanted
    await carry(al, gb)
    assert len(await gb.sightings.heard()) == (1 if kinds else 0)


@pytest.mark.parametrize("state", list(State))
def test_a_state_without_a_persons_confirmation_is_never_tellable(state):
    """Whatever a row says: without the act of a person it is no confirmation."""
    acts = (Act(NOW, MORINA, "raise"), Act(NOW, MORINA, "confirm"), Act(NOW, "", "confirm"))
    alert = _alert(state, acts)
    assert confirmed_by(alert) is None and taken_back_by(alert) is None
    by_person = replace(alert, acts=(*acts, Act(NOW, "an.officer", "confirm")))
    stands = state in (State.CONFIRMED, State.DISPATCHED, State.CLOSED)
    assert (confirmed_by(by_person) is not None) is stands


def _alert(state: State, acts: tuple[Act, ...]):
    from morina.alerts import Alert
    from morina.watch import Likeness, Listed

    one = read()
    return Alert(alert_id=uuid4(), state=state, read=one, listed=Listed(hotlist(), listing()),
                 likeness=Likeness.EXACT, differences=(), raised_at=NOW, last_seen_at=NOW,
                 acts=acts)  # fmt: skip


async def test_a_state_put_into_the_database_by_hand_tells_nothing(al):
    alert_id = await al.hit()
    async with al.pool.connection() as connection:
        await connection.execute("UPDATE alert SET state = 'confirmed'")
        await connection.execute(
            "INSERT INTO sighting_due (alert_id, kind) VALUES (%s, 'confirm')", (alert_id,)
        )
    assert await al.told_kinds() == []
    assert await al.sightings.told(alert_id) == []


async def test_a_confirmed_own_entry_is_told_to_nobody(al):
    own = await al.hotlists.create(hotlist("Own"))
    await al.hotlists.add(own.hotlist_id, listing("BB22BBB"), "an.officer")
    alert_id = await al.hit("BB22BBB")
    await al.work(alert_id, *CONFIRMED, plate="BB22BBB")
    assert await al.told_kinds() == []


async def test_the_owner_hears_what_is_agreed_and_no_more(al, gb, entry):
    alert_id = await al.hit()
    await al.work(alert_id, *CONFIRMED)
    await al.telling.once(NOW)
    await carry(al, gb)
    [heard] = await gb.sightings.heard()
    assert (heard.told_by, heard.listing_id, heard.state) == (
        "AL", entry.listing_id, SightingState.CONFIRMED,
    )  # fmt: skip
    assert heard.fields == {
        "plate": "AA11AAA", "country": "GB", "place": "Bridge", "latitude_e6": 41327500,
        "longitude_e6": 19818700,
    }  # fmt: skip
    assert (heard.seen_at, heard.camera_group) == (NOW, "border")
    assert heard.keep_until == NOW + timedelta(days=30)
    assert heard.officer.startswith("AL:")
    assert "an.officer" not in str(await al.posted())
    [told] = await al.sightings.told(alert_id)
    assert (told.partner, told.state, told.denied) == ("GB", SightingState.CONFIRMED, "")
    assert await gb.sightings.sighting("AL", heard.sighting_id) == heard
    assert await gb.sightings.heard(listing_id=uuid4()) == []


async def test_a_picture_is_told_only_where_it_is_agreed(al, gb, agreements):
    al.images.kept[EVIDENCE.overview] = JPEG
    known = agreements.known[1]
    agreements.change(known, fields=known.fields | {"picture", "confirmed_at", "state"})
    await al.work(await al.hit(), *CONFIRMED)
    await al.telling.once(NOW)
    await carry(al, gb)
    [heard] = await gb.sightings.heard()
    assert base64.b64decode(str(heard.fields["picture"])) == JPEG
    assert heard.fields["confirmed_at"] == NOW.isoformat()


async def test_what_was_taken_back_is_corrected_at_the_owner(al, gb):
    alert_id = await al.hit()
    await al.work(alert_id, *CONFIRMED)
    await al.telling.once(NOW)
    await al.work(alert_id, Step.REJECT)
    await al.telling.once(NOW)
    await carry(al, gb)
    [heard] = await gb.sightings.heard()
    assert heard.state is SightingState.FALSE_POSITIVE
    assert heard.correction == "AL took it back"
    states = [one.state for one in await al.sightings.told(alert_id)]
    assert states == [SightingState.CONFIRMED, SightingState.FALSE_POSITIVE]


async def test_what_was_taken_back_is_corrected_though_the_agreement_ended(al, gb, agreements):
    alert_id = await al.hit()
    await al.work(alert_id, *CONFIRMED)
    await al.telling.once(NOW)
    await carry(al, gb)
    agreements.change(agreements.known[1], ended=True)
    await al.work(alert_id, Step.REJECT)
    await al.telling.once(NOW)
    await carry(al, gb)
    [heard] = await gb.sightings.heard()
    assert heard.state is SightingState.FALSE_POSITIVE
    assert [one.denied for one in await al.sightings.told(alert_id)] == ["", ""]


async def test_confirmed_and_rejected_before_anybody_looked_tells_nothing(al):
    alert_id = await al.hit()
    await al.work(alert_id, *CONFIRMED, Step.REJECT)
    assert await al.told_kinds() == []


@pytest.mark.parametrize(("change", "said"), [
    ({"camera_groups": frozenset({"town"})}, "cameras of border are not among those agreed"),
    ({"camera_groups": frozenset()}, "cameras of border are not among those agreed"),
    ({"purposes": frozenset()}, "is not among its purposes"),
    ({"ended": True}, "no agreement about sightings with GB is in force"),
    ({"valid_to": NOW}, "no agreement about sightings with GB is in force"),
])  # fmt: skip
async def test_what_is_not_agreed_is_not_told_and_the_operator_reads_why(
    al, agreements, change, said
):
    agreements.change(agreements.known[1], **change)
    alert_id = await al.hit()
    await al.work(alert_id, *CONFIRMED)
    assert await al.told_kinds() == []
    [told] = await al.sightings.told(alert_id)
    assert said in told.denied
    await al.work(alert_id, Step.REJECT)
    assert await al.told_kinds() == []


async def test_what_was_denied_is_told_when_an_officer_asks_for_it_after_an_agreement(
    al, gb, agreements
):
    known = agreements.known[1]
    agreements.change(known, camera_groups=frozenset({"town"}))
    alert_id = await al.hit()
    await al.work(alert_id, *CONFIRMED)
    assert await al.told_kinds() == []
    agreements.change(agreements.known[-1], camera_groups=frozenset({"border"}))
    assert await al.told_kinds() == []
    await al.sightings.tell_again(alert_id, "an.officer", NOW)
    assert await al.told_kinds() == [Kind.SIGHTING]
    assert [one.denied for one in await al.sightings.told(alert_id)] == [""]
    await carry(al, gb)
    assert len(await gb.sightings.heard()) == 1
    with pytest.raises(NoSuchSightingError):
        await al.sightings.tell_again(alert_id, "an.officer", NOW)
    assert await al.told_kinds() == [Kind.SIGHTING]


async def test_told_again_it_is_not_told_where_it_became_too_old_or_was_taken_back(al, agreements):
    agreements.change(agreements.known[1], camera_groups=frozenset({"town"}))
    first, second = await al.hit(), await al.hit(captured_at=NOW + timedelta(hours=1))
    await al.work(first, *CONFIRMED)
    await al.work(second, *CONFIRMED)
    await al.telling.once(NOW)
    await al.work(second, Step.REJECT)
    agreements.change(agreements.known[-1], camera_groups=frozenset({"*"}), max_age_days=1)
    for one in (first, second):
        await al.sightings.tell_again(one, "an.officer", NOW)
    await al.telling.once(NOW + timedelta(days=2))
    assert await al.posted() == []
    [told] = await al.sightings.told(first)
    assert "older than the 1 days agreed" in told.denied
    assert await al.sightings.told(second) == []


async def test_who_would_see_it_is_said_before_and_is_what_is_told(al, gb, agreements):
    al.images.kept[EVIDENCE.overview] = JPEG
    known = agreements.known[1]
    agreements.change(known, fields=known.fields | {"picture"})
    alert_id = await al.hit()
    alert = await al.alerts.alert(alert_id)
    would = await al.telling.would_tell(alert, "an.officer", NOW)
    assert (would.partner, would.denied) == ("GB", "")
    assert {"camera", "captured_at", "listing_reference"} <= set(would.held_back)
    assert await al.posted() == []
    assert await al.sightings.told(alert_id) == []
    await al.work(alert_id, *CONFIRMED)
    await al.telling.once(NOW)
    await carry(al, gb)
    [heard] = await gb.sightings.heard()
    assert would.fields == tuple(sorted(heard.fields))
    assert "picture" in would.fields


async def test_that_nobody_would_see_it_is_said_before_with_the_reason(al, agreements):
    agreements.change(agreements.known[1], camera_groups=frozenset({"town"}))
    alert = await al.alerts.alert(await al.hit())
    would = await al.telling.would_tell(alert, "an.officer", NOW)
    assert would.fields == ()
    assert "cameras of border are not" in would.denied
    own = await al.hotlists.create(hotlist("Own"))
    await al.hotlists.add(own.hotlist_id, listing("BB22BBB"), "an.officer")
    mine = await al.alerts.alert(await al.hit("BB22BBB"))
    assert await al.telling.would_tell(mine, "an.officer", NOW) is None


@pytest.mark.parametrize(("own_days", "agreed", "kept"), [(90, 30, 30), (10, 30, 10)])
async def test_an_alert_on_a_partners_entry_is_kept_no_longer_than_agreed(
    al, own_days, agreed, kept
):
    alert_id = await al.hit()
    await al.work(alert_id, *CONFIRMED, Step.REJECT)
    own = await al.hotlists.create(hotlist("Own"))
    await al.hotlists.add(own.hotlist_id, listing("BB22BBB"), "an.officer")
    mine = await al.hit("BB22BBB")
    await al.work(mine, *CONFIRMED, Step.REJECT, plate="BB22BBB")
    forgetting = PostgresForgetting(al.pool, own_days, {}, al.trail)
    assert agreed == 30
    over = NOW + timedelta(days=kept)
    assert (await forgetting.due(over)).alert_ids == ()
    due = await forgetting.due(over + timedelta(seconds=1))
    assert set(due.alert_ids) == ({alert_id} if kept < own_days else {alert_id, mine})


async def test_a_picture_larger_than_partners_take_is_left_out_and_the_rest_is_told(
    al, gb, agreements
):
    al.images.kept[EVIDENCE.overview] = JPEG + bytes(MOST_PICTURE)
    known = agreements.known[1]
    agreements.change(known, fields=known.fields | {"picture"})
    await al.work(await al.hit(), *CONFIRMED)
    await al.telling.once(NOW)
    await carry(al, gb)
    [heard] = await gb.sightings.heard()
    assert "picture" not in heard.fields and heard.fields["plate"] == "AA11AAA"


async def test_what_is_too_old_is_not_told(al, agreements):
    agreements.change(agreements.known[1], max_age_days=1)
    old = NOW - timedelta(hours=25)
    async with al.pool.connection() as connection:
        await connection.execute(
            'UPDATE listing SET entry = entry || \'{"valid_from": "2026-01-01T00:00:00Z"}\''
        )
    alert_id = await al.hit(captured_at=old)
    await al.work(alert_id, *CONFIRMED)
    assert await al.told_kinds() == []
    assert "older than the 1 days agreed" in (await al.sightings.told(alert_id))[0].denied


async def test_a_camera_in_no_group_is_told_of_only_where_all_cameras_are_agreed(al, agreements):
    first = await al.hit(camera_id="lonely")
    await al.work(first, *CONFIRMED)
    assert await al.told_kinds() == []
    assert f"cameras of {NO_GROUP} are not" in (await al.sightings.told(first))[0].denied
    agreements.change(agreements.known[1], camera_groups=frozenset({"*"}))
    second = await al.hit(camera_id="lonely", captured_at=NOW + timedelta(hours=1))
    await al.work(second, *CONFIRMED)
    assert await al.told_kinds() == [Kind.SIGHTING]


async def test_nothing_is_told_twice_by_nodes_that_look_at_once_or_start_again(al):
    for number in range(5):
        alert_id = await al.hit(captured_at=NOW + timedelta(hours=number))
        await al.work(alert_id, *CONFIRMED)
    await asyncio.gather(*(al.telling.once(NOW) for _ in range(4)))
    again = dataclasses.replace(al.telling)
    await again.once(NOW)
    assert await al.told_kinds() == [Kind.SIGHTING] * 5


async def test_what_was_confirmed_while_nobody_looked_is_told_later(al, agreements):
    """A node that ended after the confirmation and before telling."""
    await al.work(await al.hit(), *CONFIRMED)
    restarted = Seer("AL", al.pool, agreements)
    assert await restarted.told_kinds() == [Kind.SIGHTING]


async def test_a_transaction_that_fails_tells_nothing_and_forgets_nothing(al, monkeypatch):
    alert_id = await al.hit()
    await al.work(alert_id, *CONFIRMED)

    async def broken(*_: object) -> None:
        raise ConnectionError("the database went away")

    with monkeypatch.context() as patched:
        patched.setattr(type(al.outbox), "post", broken)
        with pytest.raises(ConnectionError):
            await al.telling.once(NOW)
    assert await al.sightings.told(alert_id) == []
    assert await al.told_kinds() == [Kind.SIGHTING]


async def test_a_sighting_is_kept_as_long_as_agreed_and_then_erased(al, gb):
    await al.work(await al.hit(), *CONFIRMED)
    await al.telling.once(NOW)
    await carry(al, gb)
    [heard] = await gb.sightings.heard()
    assert await gb.sightings.forget(heard.keep_until - timedelta(seconds=1)) == 0
    assert await gb.sightings.forget(heard.keep_until) == 1
    assert await gb.sightings.heard() == []
    with pytest.raises(NoSuchSightingError):
        await gb.sightings.sighting("AL", heard.sighting_id)
    async with gb.pool.connection() as connection:
        asked = (
            "SELECT act, with_whom FROM trail WHERE what ->> 'kind' = 'sighting' ORDER BY number"
        )
        rows = await (await connection.execute(asked)).fetchall()
    assert rows == [("collection", "AL"), ("erasure", "AL")]


async def _sighting(al: Seer):
    await al.work(await al.hit(), *CONFIRMED)
    await al.telling.once(NOW)
    return (await al.posted())[-1]


async def test_the_same_sighting_again_is_one(al, gb):
    message = await _sighting(al)
    await gb.take(message)
    await gb.take(message)
    assert len(await gb.sightings.heard()) == 1


@pytest.mark.parametrize("state", [0, 1, 2, 4, "3", None])
async def test_a_sighting_that_is_not_confirmed_is_not_taken(al, gb, state):
    message = await _sighting(al)
    await gb.take(replace(message, said=dict(message.said) | {"state": state}))
    assert len(gb.refused) == 1
    assert await gb.sightings.heard() == []


async def test_a_sighting_of_an_entry_not_shared_with_the_sender_is_not_taken(al, gb):
    message = await _sighting(al)
    other = await gb.hotlists.create(hotlist("Secret"))
    secret = listing("CC33CCC")
    await gb.hotlists.add(other.hotlist_id, secret, "a.owner")
    for said in (
        {"list_id": str(other.hotlist_id), "listing_id": str(secret.listing_id)},
        {"listing_id": str(secret.listing_id)},
        {"listing_id": str(uuid4())},
    ):
        await gb.take(replace(message, said=dict(message.said) | said))
    await gb.take(replace(message, sender="XK"))
    assert [refused.code for refused in gb.refused] == ["listing"] * 4
    assert await gb.sightings.heard() == []
    await carry(gb, al)
    [told] = await al.sightings.told((await al.alerts.alerts())[0].alert_id)
    assert "GB did not take it" in told.denied


@pytest.mark.parametrize("fields", [
    {"picture": base64.b64encode(b"<svg onload=alert(1)>").decode()}, {"picture": "%%%"},
    {"place": "x" * 2001}, {"place": "a\x00b"}, {"place": ["a"]},
])  # fmt: skip
async def test_what_could_not_be_shown_is_not_taken(al, gb, fields):
    message = await _sighting(al)
    [item] = message.items
    changed = replace(item, fields=dict(item.fields) | fields)
    await gb.take(replace(message, items=(changed,)))
    assert [refused.code for refused in gb.refused] == ["form"]
