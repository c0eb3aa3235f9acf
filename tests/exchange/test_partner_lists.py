from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from invented import NOW, hotlist, listing, read
from list_changes import changes_since
from morina.accountability import PurposeCode
from morina.exchange import Because, Kind, NotAgreedError, Told, denial
from morina.exchange import list_copying as copying
from morina.exchange.adapters import posting_lists
from morina.exchange.listing_fields import NEEDED
from morina.exchange.lists import NoSuchShareError, RefusedShareError, Stage
from morina.watch import Action, Hotlist, Hotlists, NotOurListError, id_here
from two_nodes import PairedNode, PlainAgreements, carry, hotlist_agreement, paired_node, sharing


@pytest.fixture
def agreements() -> PlainAgreements:
    return PlainAgreements([hotlist_agreement()])


@pytest.fixture
async def gb(engines, agreements) -> AsyncIterator[PairedNode]:
    async with paired_node(engines.postgres, "GB", agreements) as node:
        yield node


@pytest.fixture
async def al(engines, agreements) -> AsyncIterator[PairedNode]:
    async with paired_node(engines.postgres, "AL", agreements) as node:
        yield node


async def shared(gb: PairedNode, *listings: object, **fields: object) -> Hotlist:
    """A list of GB with these entries, shared with AL."""
    made = await gb.hotlists.create(hotlist())
    if listings:
        made = await gb.hotlists.replace(made.hotlist_id, listings, "a.owner")
    await gb.lists.share(sharing(made.hotlist_id, gb.agreements.known[0], **fields), NOW)
    return made


async def tell(gb: PairedNode, al: PairedNode, now=NOW) -> None:
    """Everything posted and taken in, refusals and what follows from them too."""
    while await gb.post_all(now) + await carry(gb, al, now) + await carry(al, gb, now):
        pass


async def texts(node: PairedNode) -> list[str]:
    return sorted(one.listing.plate.text for one in await node.matched())


async def test_a_shared_list_is_matched_at_the_partner_and_says_whose_it_is(gb, al):
    entry = listing("AB12CDE", source_reference="REF-1", action=Action.OBSERVE)
    made = await shared(gb, entry, listing("XY99XYZ"))
    await tell(gb, al)
    [hit] = (await al.matched()).match(read("AB12CDE"))
    assert hit.listed.hotlist.owner_node == "GB"
    assert hit.listed.hotlist.name == "GB: Stolen vehicles"
    assert hit.listed.listing.listing_id == id_here("GB", entry.listing_id)
    assert (hit.listed.listing.action, hit.listed.listing.source_reference) == (
        Action.OBSERVE, "REF-1",
    )  # fmt: skip
    [state] = await gb.lists.shares()
    assert (state.stage, state.version, state.latest, state.entries) == (Stage.CURRENT, 2, 2, 2)
    [heard] = await al.lists.heard()
    assert (heard.version, heard.entries, heard.owner_list_id) == (2, 2, made.hotlist_id)


async def test_no_officer_is_named_to_the_partner(gb, al):
    await shared(gb, listing(created_by="j.smith", approved_by="m.jones"), approver="m.jones")
    await tell(gb, al)
    [message] = await gb.posted()
    assert not {"created_by", "approved_by", "share_scope"} & set(message.items[0].fields)
    assert message.why.officer.startswith("GB:") and message.why.approver.startswith("GB:")
    for name in ("j.smith", "m.jones", "a.owner"):
        assert name not in str(message)
    [hit] = (await al.matched()).match(read())
    assert hit.listed.listing.created_by == "GB"


async def test_a_list_larger_than_a_part_is_applied_when_its_last_part_is_there(
    gb, al, monkeypatch
):
    monkeypatch.setattr(posting_lists, "ENTRIES", 3)
    plates = [f"AB{number:02}CDE" for number in range(8)]
    await shared(gb, *(listing(text) for text in plates))
    for _ in range(2):
        assert await gb.posting.once(NOW) == 1
        await carry(gb, al)
        assert await texts(al) == []
    [heard] = await al.lists.heard()
    assert (heard.staged, heard.version) == (2, 0)
    assert (await gb.lists.shares())[0].stage is Stage.COPYING
    await tell(gb, al)
    assert await texts(al) == plates
    assert (await gb.lists.shares())[0].entries == 8


async def test_a_copy_goes_on_after_a_restart_where_it_was_though_the_list_changed(
    gb, al, agreements, monkeypatch
):
    monkeypatch.setattr(posting_lists, "ENTRIES", 2)
    entries = [listing(f"AB{number:02}CDE") for number in range(5)]
    made = await shared(gb, *entries)
    await gb.posting.once(NOW)
    await gb.hotlists.withdraw(made.hotlist_id, entries[0].listing_id, "a.owner")
    await gb.hotlists.add(made.hotlist_id, listing("ZZ99ZZZ"), "a.owner")
    restarted = PairedNode("GB", gb.pool, agreements)
    await tell(restarted, al)
    assert await texts(al) == ["AB01CDE", "AB02CDE", "AB03CDE", "AB04CDE", "ZZ99ZZZ"]
    kinds = [message.kind for message in await gb.posted()]
    assert kinds == [Kind.HOTLIST_PART] * 3 + [Kind.HOTLIST_DELTA]


async def test_each_version_goes_as_its_changes(gb, al):
    kept, gone, changed = listing("AA11AAA"), listing("BB22BBB"), listing("CC33CCC")
    made = await shared(gb, kept, gone, changed)
    await tell(gb, al)
    observed = replace(changed, action=Action.OBSERVE)
    await gb.hotlists.replace(made.hotlist_id, [kept, observed, listing("DD44DDD")], "a.owner")
    await tell(gb, al)
    assert await texts(al) == ["AA11AAA", "CC33CCC", "DD44DDD"]
    [hit] = (await al.matched()).match(read("CC33CCC"))
    assert hit.listed.listing.action is Action.OBSERVE
    last = (await gb.posted())[-1]
    assert last.kind is Kind.HOTLIST_DELTA
    assert (len(last.items), len(last.said["withdrawn"])) == (2, 1)
    assert (await gb.lists.shares())[0].entries == 3
    assert (await al.lists.heard())[0].entries == 3


async def test_many_changes_come_in_parts_and_are_applied_at_once(gb, al, monkeypatch):
    made = await shared(gb, listing("AA11AAA"))
    await tell(gb, al)
    monkeypatch.setattr(copying, "ENTRIES", 2)
    plates = [f"AB{number:02}CDE" for number in range(5)]
    await gb.hotlists.replace(made.hotlist_id, [listing(text) for text in plates], "a.owner")
    await gb.posting.once(NOW)
    await carry(gb, al)
    assert await texts(al) == ["AA11AAA"]
    await tell(gb, al)
    assert await texts(al) == plates
    assert (await gb.lists.shares())[0].entries == (await al.lists.heard())[0].entries == 5


async def test_the_same_change_again_changes_nothing(gb, al):
    made = await shared(gb, listing("AA11AAA"))
    await tell(gb, al)
    await gb.hotlists.add(made.hotlist_id, listing("BB22BBB"), "a.owner")
    await tell(gb, al)
    before = await changes_since(al.hotlists, 0)
    whole, change = al.got
    await al.take(change)
    assert (await changes_since(al.hotlists, 0)).revision == before.revision
    for message in (whole, change):
        await al.take(message)
    assert (await changes_since(al.hotlists, before.revision)).withdrawn == ()
    assert await texts(al) == ["AA11AAA", "BB22BBB"]
    assert al.refused == []


async def test_a_change_of_a_version_that_is_not_here_brings_the_whole_list(gb, al):
    made = await shared(gb, listing("AA11AAA"))
    await tell(gb, al)
    await gb.hotlists.add(made.hotlist_id, listing("BB22BBB"), "a.owner")
    await gb.post_all()
    async with gb.pool.connection() as connection:
        await connection.execute("UPDATE posted SET carried = true")
    await gb.hotlists.add(made.hotlist_id, listing("CC33CCC"), "a.owner")
    await tell(gb, al)
    assert [refused.code for refused in al.refused] == ["base"]
    assert await texts(al) == ["AA11AAA", "BB22BBB", "CC33CCC"]
    kinds = [message.kind for message in await gb.posted()]
    assert kinds[-1] is Kind.HOTLIST_PART
    assert (await gb.lists.shares())[0].said == ""


async def test_parts_that_were_changed_on_the_way_are_not_applied(gb, al):
    await shared(gb, listing("AA11AAA"))
    await gb.post_all()
    [message] = await gb.posted()
    [item] = message.items
    other = replace(item, fields=dict(item.fields) | {"plate": "ZZ99ZZZ"})
    await al.take(replace(message, items=(other,)))
    assert [refused.code for refused in al.refused] == ["base"]
    assert await texts(al) == []


@pytest.mark.parametrize(("name", "value"), [
    ("plate", ""), ("plate", "=1+1"), ("action", "shoot"), ("valid_to", "2020-01-01"),
    ("instruction", "a\x00b"), ("priority", 1000), ("reason_code", None), ("plate", ["A", {}]),
])  # fmt: skip
async def test_an_entry_no_list_would_take_refuses_the_copy(gb, al, name, value):
    await shared(gb, listing("AA11AAA"))
    await gb.post_all()
    [message] = await gb.posted()
    [item] = message.items
    other = replace(item, fields=dict(item.fields) | {name: value})
    unsummed = replace(message, items=(other,), said=dict(message.said) | {"digest": ""})
    await al.take(unsummed)
    assert [refused.code for refused in al.refused] == ["entry"]
    assert await texts(al) == []


@pytest.mark.parametrize("change", [
    {"list_id": "x"}, {"part": -1}, {"part": True}, {"name": ""}, {"name": "a\nb"},
    {"entries": []}, {"version": "2"}, {"base": 1}, {"review_at": "soon"},
])  # fmt: skip
async def test_a_part_that_says_nonsense_of_itself_is_refused(gb, al, change):
    await shared(gb, listing("AA11AAA"))
    await gb.post_all()
    [message] = await gb.posted()
    await al.take(replace(message, said=dict(message.said) | change))
    assert [refused.code for refused in al.refused] == ["form"]


async def test_one_vehicle_twice_refuses_the_copy_and_says_so_to_the_owner(gb, al):
    await shared(gb, listing("AA11AAA"), listing("BB22BBB"))
    await gb.post_all()
    [message] = await gb.posted()
    first, second = message.items
    twice = replace(second, fields=dict(second.fields) | {"plate": first.fields["plate"]})
    said = dict(message.said) | {"digest": ""}
    from morina.exchange.list_messages import head_of, running

    items = (first, twice)
    said["digest"] = running("", head_of(said, items), items)
    await al.take(replace(message, items=items, said=said))
    await carry(al, gb)
    assert [refused.code for refused in al.refused] == ["twice"]
    assert "AL did not take it" in (await gb.lists.shares())[0].said


async def test_a_partner_cannot_name_an_entry_of_another(gb, al):
    """Ids are made anew for each owner, so one that is known cannot be taken over."""
    own = await al.hotlists.create(hotlist("Own"))
    entry = listing("AA11AAA")
    await al.hotlists.add(own.hotlist_id, entry, "an.officer")
    await shared(gb, replace(entry, action=Action.INFORM_OWNER))
    await tell(gb, al)
    found = (await al.matched()).match(read("AA11AAA"))
    assert {(one.listed.hotlist.owner_node, one.listed.listing.action) for one in found} == {
        ("", Action.STOP), ("GB", Action.INFORM_OWNER),
    }  # fmt: skip


async def test_withdrawing_an_entry_stops_matching_it(gb, al):
    entry = listing("AA11AAA")
    made = await shared(gb, entry, listing("BB22BBB"))
    await tell(gb, al)
    followed = await al.matched()
    await gb.hotlists.withdraw(made.hotlist_id, entry.listing_id, "a.owner")
    await tell(gb, al)
    followed.apply(await changes_since(al.hotlists, followed.revision))
    assert followed.match(read("AA11AAA")) == []
    assert len(followed.match(read("BB22BBB"))) == 1


async def test_a_list_no_longer_shared_is_taken_out_and_can_be_shared_again(gb, al, agreements):
    made = await shared(gb, listing("AA11AAA"))
    await tell(gb, al)
    state = await gb.lists.stop(made.hotlist_id, "AL", "a.owner", NOW)
    assert (state.stage, state.said) == (Stage.STOPPED, "")
    await tell(gb, al)
    assert await texts(al) == []
    assert (await al.lists.heard())[0].ended == "withdrawn by its owner"
    await gb.hotlists.add(made.hotlist_id, listing("BB22BBB"), "a.owner")
    await tell(gb, al)
    assert await texts(al) == []
    await gb.lists.share(sharing(made.hotlist_id, agreements.known[0]), NOW)
    await tell(gb, al)
    assert await texts(al) == ["AA11AAA", "BB22BBB"]
    assert (await al.lists.heard())[0].ended == ""


async def test_that_a_list_is_no_longer_shared_is_told_although_the_agreement_ended(
    gb, al, agreements
):
    made = await shared(gb, listing("AA11AAA"))
    await tell(gb, al)
    agreements.change(agreements.known[0], ended=True)
    state = await gb.lists.stop(made.hotlist_id, "AL", "a.owner", NOW)
    assert (state.stage, state.said) == (Stage.STOPPED, "")
    await tell(gb, al)
    assert await texts(al) == []
    assert (await al.lists.heard())[0].ended == "withdrawn by its owner"


async def test_nobody_takes_out_a_list_that_is_not_theirs(gb, al):
    made = await shared(gb, listing("AA11AAA"))
    await tell(gb, al)
    await gb.lists.stop(made.hotlist_id, "AL", "a.owner", NOW)
    withdrawal = (await gb.posted())[-1]
    assert withdrawal.kind is Kind.HOTLIST_WITHDRAW
    await al.take(replace(withdrawal, sender="XK"))
    assert await texts(al) == ["AA11AAA"]
    await al.take(withdrawal)
    assert await texts(al) == []


async def test_an_agreement_that_is_ended_takes_the_list_out_without_a_word(gb, al, agreements):
    made = await shared(gb, listing("AA11AAA"))
    await tell(gb, al)
    agreements.change(agreements.known[0], ended=True)
    assert await al.keeping.end_due(NOW) == 1
    assert await texts(al) == []
    assert "no longer in force" in (await al.lists.heard())[0].ended
    assert await al.keeping.end_due(NOW) == 0
    await gb.hotlists.add(made.hotlist_id, listing("BB22BBB"), "a.owner")
    assert await gb.post_all() == 0
    state = (await gb.lists.shares())[0]
    assert state.stage is Stage.WAITING and "not in force" in state.said


async def test_with_the_link_cut_entries_end_with_their_agreement_by_the_clock(gb, al, agreements):
    """Nothing is carried and nobody looks: matching itself ends."""
    await shared(gb, listing("AA11AAA", valid_to=NOW + timedelta(days=300)))
    await tell(gb, al)
    followed = await al.matched()
    until = agreements.known[0].valid_to
    before, after = until - timedelta(seconds=1), until
    assert len(followed.match(read("AA11AAA", captured_at=before))) == 1
    assert followed.match(read("AA11AAA", captured_at=after)) == []


async def test_with_the_link_cut_an_entry_ends_by_its_own_time(gb, al):
    until = NOW + timedelta(days=2)
    await shared(gb, listing("AA11AAA", valid_to=until))
    await tell(gb, al)
    followed = await al.matched()
    assert followed.match(read("AA11AAA", captured_at=until)) == []


async def test_a_list_not_heard_of_for_long_is_old_and_matched_still(gb, al):
    await shared(gb, listing("AA11AAA"))
    await tell(gb, al)
    [heard] = await al.lists.heard()
    hours = timedelta(hours=48)
    assert not heard.is_old(NOW + hours, hours)
    assert heard.is_old(NOW + hours + timedelta(seconds=1), hours)
    assert len((await al.matched()).match(read("AA11AAA", captured_at=NOW + hours))) == 1


async def test_a_changed_agreement_brings_the_list_anew_with_its_fields_alone(gb, al, agreements):
    await shared(gb, listing("AA11AAA", instruction="Call us", colour="red"))
    await tell(gb, al)
    agreements.change(agreements.known[0], fields=frozenset(NEEDED))
    await tell(gb, al)
    [hit] = (await al.matched()).match(read("AA11AAA"))
    entry = hit.listed.listing
    assert (entry.instruction, entry.colour, entry.owner_unit) == ("", "", "GB")
    assert entry.legal_basis == "Invented treaty, article 4"
    assert set((await gb.posted())[-1].items[0].fields) == set(NEEDED)


@pytest.mark.parametrize("missing", NEEDED)
async def test_fields_matching_needs_must_be_agreed(gb, agreements, missing):
    agreements.change(agreements.known[0], fields=agreements.known[0].fields - {missing})
    with pytest.raises(RefusedShareError, match=missing):
        await shared(gb, listing())
    assert await gb.lists.shares() == []


async def test_a_list_is_shared_once_under_an_agreement_in_force_for_its_purpose(gb, agreements):
    made = await shared(gb, listing())
    agreement = agreements.known[0]
    with pytest.raises(RefusedShareError, match="already"):
        await gb.lists.share(sharing(made.hotlist_id, agreement), NOW)
    with pytest.raises(NotAgreedError, match="no agreement"):
        await gb.lists.share(sharing(made.hotlist_id, replace(agreement, receiver="XK")), NOW)
    with pytest.raises(NotAgreedError, match="no agreement"):
        await gb.lists.share(sharing(made.hotlist_id, agreement), agreement.valid_to)
    other = await gb.hotlists.create(hotlist("Other"))
    with pytest.raises(NotAgreedError, match="not among the purposes"):
        terror = sharing(other.hotlist_id, agreement, purpose=PurposeCode.TERRORISM)
        await gb.lists.share(terror, NOW)
    with pytest.raises(NoSuchShareError):
        await gb.lists.stop(uuid4(), "AL", "a.owner", NOW)


@pytest.mark.parametrize(("scope", "told"), [
    ("", True), ("AL", True), ("xk; al", True), ("XK,AL", True), ("XK", False), ("none", False),
    ("XK AL", True), ("all", True), ("*", True), ("nobody but AL", False), ("AL-COAST", False),
])  # fmt: skip
async def test_an_entry_goes_only_to_those_its_share_scope_names(gb, al, scope, told):
    await shared(gb, listing("AA11AAA", share_scope=scope), listing("BB22BBB"))
    await tell(gb, al)
    assert ("AA11AAA" in await texts(al)) is told
    assert ("AA11AAA" in str(await gb.posted())) is told


async def test_before_a_list_is_shared_it_is_said_how_many_entries_would_go_and_which(
    gb, al, agreements
):
    agreements.change(
        agreements.known[0], max_age_days=5, fields=frozenset({*NEEDED, "make"}),
    )  # fmt: skip
    young = {"valid_from": NOW - timedelta(days=1)}
    entries = [
        listing(f"AB{number:02}CDE", make="Ford", colour="red", **young) for number in range(4)
    ]
    entries.append(listing("AA11AAA", share_scope="XK", **young))
    entries.append(listing("BB22BBB", valid_from=NOW - timedelta(days=6)))
    over = {"valid_to": NOW - timedelta(hours=1), "share_scope": "XK"}
    entries.append(listing("CC33CCC", **young | over))
    made = await gb.hotlists.create(hotlist())
    await gb.hotlists.replace(made.hotlist_id, entries, "a.owner")

    agreement = agreements.known[-1]
    would = await gb.lists.would_share(made.hotlist_id, agreement, NOW)
    assert (would.told, would.held, would.old, would.over) == (4, 1, 1, 1)
    assert len(would.examples) == 3
    for one in would.examples:
        assert one.fields["make"] == "Ford" and "colour" in one.held_back
        assert one.fields.keys() <= agreement.fields
        assert str(one.fields["plate"]).startswith("AB0")
    assert not await gb.posted()

    await gb.lists.share(sharing(made.hotlist_id, agreement), NOW)
    await tell(gb, al)
    assert len(await texts(al)) == would.told


async def test_an_entry_older_than_agreed_is_not_told_and_one_that_became_so_is_taken_back(
    gb, al, agreements
):
    agreements.change(agreements.known[0], max_age_days=5)
    old = listing("AA11AAA", valid_from=NOW - timedelta(days=6))
    aging = listing("BB22BBB", valid_from=NOW - timedelta(days=4))
    made = await shared(gb, old, aging, listing("CC33CCC", valid_from=NOW - timedelta(days=1)))
    await tell(gb, al)
    assert sorted(await texts(al)) == ["BB22BBB", "CC33CCC"]
    assert "AA11AAA" not in str(await gb.posted())
    later = NOW + timedelta(days=2)
    changed = [old, replace(aging, priority=9), listing("CC33CCC", valid_from=NOW)]
    await gb.hotlists.replace(made.hotlist_id, changed, "a.owner")
    await gb.post_all(later)
    await carry(gb, al, later)
    assert await texts(al) == ["CC33CCC"]


async def test_a_part_that_was_long_on_its_way_is_judged_by_when_it_was_made(gb, agreements):
    agreements.change(agreements.known[0], max_age_days=5)
    await shared(gb, listing("BB22BBB", valid_from=NOW - timedelta(days=4)))
    await gb.post_all()
    [part] = await gb.posted()
    told = Told(sender="GB", to="AL", kind=part.kind, why=part.why, items=part.items,
                at=NOW + timedelta(days=9), made_at=NOW)  # fmt: skip
    assert denial(agreements.known[-1], told) is None
    assert denial(agreements.known[-1], replace(told, made_at=told.at)).because is Because.AGE


async def test_an_entry_told_and_then_kept_back_is_withdrawn_there(gb, al):
    entry, secret = listing("AA11AAA"), listing("CC33CCC", share_scope="XK")
    made = await shared(gb, entry, secret)
    await tell(gb, al)
    kept_back = replace(entry, share_scope="XK")
    await gb.hotlists.replace(made.hotlist_id, [kept_back], "a.owner")
    await tell(gb, al)
    assert await texts(al) == []
    last = (await gb.posted())[-1]
    assert last.said["withdrawn"] == [str(entry.listing_id)]


async def test_nobody_changes_exports_or_shares_on_a_partners_list(gb, al, agreements):
    await shared(gb, listing("AA11AAA"))
    await tell(gb, al)
    [heard] = await al.lists.heard()
    there = heard.hotlist.hotlist_id
    assert await al.lists.heard_list(there) == heard
    [entry] = (await al.hotlists.find(there)).listings
    for refused in (
        al.hotlists.add(there, listing("BB22BBB"), "an.officer"),
        al.hotlists.replace(there, [], "an.officer"),
        al.hotlists.withdraw(there, entry.listing_id, "an.officer"),
        al.hotlists.listings(there),
    ):
        with pytest.raises(NotOurListError, match="a list of GB"):
            await refused
    onward = hotlist_agreement(giver="AL", receiver="XK")
    agreements.known.append(onward)
    with pytest.raises(RefusedShareError, match="only its owner shares it"):
        await al.lists.share(sharing(there, onward), NOW)
    assert await texts(al) == ["AA11AAA"]


async def test_an_own_list_may_bear_the_name_of_a_partners(gb, al):
    await al.hotlists.create(hotlist("GB: Stolen vehicles"))
    await shared(gb, listing("AA11AAA"))
    await tell(gb, al)
    assert [one.owner_node for one in await al.hotlists.hotlists()] in (["", "GB"], ["GB", ""])


async def test_entries_taken_out_are_forgotten_when_the_agreement_says(gb, al):
    entry = listing("AA11AAA")
    made = await shared(gb, entry, listing("BB22BBB"))
    await tell(gb, al)
    await gb.hotlists.withdraw(made.hotlist_id, entry.listing_id, "a.owner")
    await tell(gb, al)
    async with al.pool.connection() as connection:
        rows = await connection.execute("SELECT now()")
        [(now,)] = await rows.fetchall()
    assert await al.keeping.forget(now + timedelta(days=29)) == 0
    assert await al.keeping.forget(now + timedelta(days=31)) == 1
    async with al.pool.connection() as connection:
        rows = await connection.execute("SELECT text FROM listing")
        assert await rows.fetchall() == [("BB22BBB",)]
        rows = await connection.execute("SELECT count(*) FROM trail WHERE act = 'erasure'")
        assert await rows.fetchall() == [(1,)]
        rows = await connection.execute("SELECT count(*) FROM partner_staged")
        assert await rows.fetchall() == [(0,)]


async def test_who_shared_what_with_whom_is_in_the_trail(gb, al):
    made = await shared(gb, listing("AA11AAA"))
    await tell(gb, al)
    await gb.lists.stop(made.hotlist_id, "AL", "another.owner", NOW)
    asked = "SELECT who, act, what ->> 'step', with_whom FROM trail WHERE with_whom <> ''"
    async with gb.pool.connection() as connection:
        rows = await (await connection.execute(f"{asked} ORDER BY number")).fetchall()
    assert rows == [
        ("a.owner", "disclosure", "shared", "AL"),
        ("another.owner", "alteration", "shared no longer", "AL"),
    ]
    async with al.pool.connection() as connection:
        rows = await (await connection.execute(f"{asked} ORDER BY number")).fetchall()
    assert rows == [("morina", "alteration", "version 2 of GB: 1 entries", "GB")]


async def test_a_list_taken_out_is_matched_no_more_before_its_rows_say_so(gb, al):
    entries = [listing(f"AB{number:02}CDE") for number in range(5)]
    made = await shared(gb, *entries)
    await tell(gb, al)
    followed = await al.matched()
    await gb.lists.stop(made.hotlist_id, "AL", "a.owner", NOW)
    await tell(gb, al)
    assert await live_rows(al) == 5
    assert await texts(al) == []
    there = followed_list(followed)
    changes = await changes_since(al.hotlists, followed.revision)
    assert (changes.withdrawn, [one for one, _ in changes.emptied]) == ((), [there])
    followed.apply(changes)
    assert (followed.match(read("AB01CDE")), len(followed), list(followed)) == ([], 0, [])
    assert (await al.hotlists.find(there)).count == 0
    assert await al.keeping.sweep() == 5
    assert await al.keeping.sweep() == 0
    assert await live_rows(al) == 0
    assert (await changes_since(al.hotlists, followed.revision)).withdrawn == ()


async def test_a_list_shared_again_at_once_is_matched_though_its_old_rows_wait(gb, al, agreements):
    made = await shared(gb, listing("AA11AAA"), listing("BB22BBB"))
    await tell(gb, al)
    followed = await al.matched()
    await gb.lists.stop(made.hotlist_id, "AL", "a.owner", NOW)
    await gb.lists.share(sharing(made.hotlist_id, agreements.known[0]), NOW)
    await tell(gb, al)
    followed.apply(await changes_since(al.hotlists, followed.revision))
    for _ in followed.let_go():
        pass
    assert len(followed.match(read("AA11AAA"))) == 1
    assert sorted(one.listing.plate.text for one in followed) == await texts(al)
    assert await texts(al) == ["AA11AAA", "BB22BBB"]
    assert (await al.lists.heard())[0].entries == 2


def followed_list(followed: Hotlists) -> UUID:
    [there] = {one.hotlist.hotlist_id for one in followed}
    return there


async def live_rows(node: PairedNode) -> int:
    async with node.pool.connection() as connection:
        rows = await connection.execute(
            "SELECT count(*) FROM listing WHERE withdrawn_revision IS NULL"
        )
        [(count,)] = await rows.fetchall()
        return count
