"""The directory: enough authorities sign it, and nobody takes back what they took."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg_pool import AsyncConnectionPool

from authorities import Authority, first_directory, five, root_file, signed_by
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.exchange import UnknownNodeError
from morina.exchange.adapters.tuf_directory import TufDirectory
from morina.exchange.directory import (
    Bundle,
    DirectoryError,
    Standing,
    bundle_of,
    opened,
    root_fingerprint,
)
from morina.exchange.directory_making import Change, changed, founded, merged, missing, signed
from morina.exchange.entries import EntryError, entry_of

NOW = datetime.now(UTC)
A = five()
FIRST = first_directory(A)


def nth(*names: str) -> list[Authority]:
    return [A[name] for name in names]


async def take(directory: TufDirectory, bundle: Bundle, now: datetime = NOW) -> None:
    async with directory.pool.connection() as connection:
        await directory.take(connection, bundle, "an officer", now)


@pytest.fixture
async def directory(pool: AsyncConnectionPool, tmp_path: Path) -> TufDirectory:
    made = TufDirectory(pool, root_file(tmp_path, FIRST), PostgresTrail())
    await take(made, FIRST)
    return made


def test_three_of_five_are_enough() -> None:
    made = opened(FIRST, FIRST.roots[0])
    assert [one.node_id for one in made.parties] == sorted(A)
    assert made.parties[1] == A["GB"].entry.party
    assert made.threshold == 3
    assert missing(FIRST) == {}


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_are_not(count: int) -> None:
    signers = list(A.values())[:count]
    bundle = signed_by(founded([one.entry for one in A.values()], 3, NOW), signers)
    assert missing(bundle)["directory"][0] == 3 - count
    with pytest.raises(DirectoryError) as refused:
        opened(bundle, bundle.roots[0])
    assert refused.value.code == "signature"


def test_one_who_signs_three_times_is_one() -> None:
    bundle = signed_by(founded([one.entry for one in A.values()], 3, NOW), nth("GB", "GB", "GB"))
    assert missing(bundle)["root"][0] == 2


def test_a_stranger_cannot_sign() -> None:
    stranger = A["GB"].with_new_directory_key()
    with pytest.raises(DirectoryError, match="none of an authority"):
        signed(FIRST, stranger.directory)


@pytest.mark.parametrize("threshold", [0, 1, 2, 6])
def test_a_threshold_is_a_majority(threshold: int) -> None:
    with pytest.raises(DirectoryError, match="3 to 5 must sign"):
        founded([one.entry for one in A.values()], threshold, NOW)


def test_two_authorities_cannot_share_a_key() -> None:
    entry = A["AL"].entry
    same = replace(A["GB"].entry, directory_key=entry.directory_key)
    with pytest.raises(DirectoryError, match="one directory key"):
        founded([entry, same], 2, NOW)


def test_signatures_made_apart_are_put_together() -> None:
    unsigned = founded([one.entry for one in A.values()], 3, NOW)
    apart = [signed(unsigned, one.directory) for one in nth("AL", "ME", "XK")]
    whole = merged(merged(apart[0], apart[1]), apart[2])
    assert opened(whole, whole.roots[0]).version == 1
    other = changed(unsigned, Change(days=9), NOW)
    with pytest.raises(DirectoryError, match="different things"):
        merged(unsigned, other)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_changed_text_is_refused(data: st.DataObject) -> None:
    """Whatever a signed directory says, with any one character of it changed, says the same to
    whoever opens it, or does not open."""
    text = json.dumps(FIRST.said())
    at = data.draw(st.integers(0, len(text) - 1))
    put = data.draw(st.characters(min_codepoint=32, max_codepoint=126))
    before = opened(FIRST, FIRST.roots[0])
    try:
        after = opened(bundle_of(text[:at] + put + text[at + 1 :]), FIRST.roots[0])
    except DirectoryError:
        return
    assert (after.entries, after.expires, after.version) == (
        before.entries, before.expires, before.version
    )  # fmt: skip


def test_an_entry_exchanged_for_another_is_refused() -> None:
    stranger = A["GB"].with_new_node_keys().entry
    files = {**FIRST.files, "parties/GB.json": stranger.text()}
    with pytest.raises(DirectoryError) as refused:
        opened(replace(FIRST, files=files), FIRST.roots[0])
    assert refused.value.code == "content"


def test_another_first_root_is_refused() -> None:
    mine = first_directory(five())
    with pytest.raises(DirectoryError):
        opened(mine, FIRST.roots[0])


async def test_taken_it_is_in_force_and_in_the_trail(directory: TufDirectory) -> None:
    assert await directory.version() == 1
    assert (await directory.party("GB")) == A["GB"].entry.party
    with pytest.raises(UnknownNodeError, match="does not stand"):
        await directory.party("FR")
    async with directory.pool.connection() as connection:
        row = await (
            await connection.execute("SELECT act, who, what ->> 'kind' FROM trail")
        ).fetchall()
    assert row == [("configuration", "an officer", "directory")]


async def test_an_older_one_is_refused(directory: TufDirectory) -> None:
    second = signed_by(changed(FIRST, Change(), NOW), nth("AL", "GB", "ME"))
    await take(directory, second)
    assert await directory.version() == 2
    for again, code in ((FIRST, "rollback"), (second, "known")):
        with pytest.raises(DirectoryError) as refused:
            await take(directory, again)
        assert refused.value.code == code
    assert await directory.version() == 2


async def test_two_of_one_number_are_a_fork(directory: TufDirectory) -> None:
    await take(directory, signed_by(changed(FIRST, Change(days=30), NOW), nth("AL", "GB", "ME")))
    other = signed_by(changed(FIRST, Change(removed=["XK"]), NOW), nth("GB", "ME", "MK"))
    with pytest.raises(DirectoryError) as refused:
        await take(directory, other)
    assert refused.value.code == "fork"


async def test_a_node_that_lost_its_keys_gets_others(directory: TufDirectory) -> None:
    again = A["GB"].with_new_node_keys()
    second = changed(FIRST, Change(entries=[again.entry]), NOW)
    await take(directory, signed_by(second, nth("AL", "ME", "XK")))
    party = await directory.party("GB")
    assert party.signing == again.signing.public
    assert party.old_keys == (A["GB"].signing.public,)
    assert await directory.party("AL") == A["AL"].entry.party


async def test_a_lost_directory_key_is_replaced_by_the_others(directory: TufDirectory) -> None:
    again = A["GB"].with_new_directory_key()
    second = changed(FIRST, Change(entries=[again.entry]), NOW)
    assert len(second.roots) == 2
    assert await directory.version() == 1, "the one before serves while the new one is signed"
    with pytest.raises(DirectoryError):
        await take(directory, signed_by(second, [A["AL"], again, A["XK"]]))
    second = signed_by(second, nth("AL", "ME", "XK"))
    await take(directory, second)
    third = changed(second, Change(), NOW)
    with pytest.raises(DirectoryError, match="none of an authority"):
        signed(third, A["GB"].directory)
    await take(directory, signed_by(third, [again, A["AL"], A["ME"]]))
    assert await directory.version() == 3


async def test_a_node_away_for_two_roots_follows(directory: TufDirectory) -> None:
    gb, al = A["GB"].with_new_directory_key(), A["AL"].with_new_directory_key()
    second = signed_by(changed(FIRST, Change(entries=[gb.entry]), NOW), nth("AL", "ME", "XK"))
    third = signed_by(changed(second, Change(entries=[al.entry]), NOW), [gb, A["ME"], A["XK"]])
    with pytest.raises(DirectoryError) as refused:
        await take(directory, replace(third, roots=(third.roots[0], third.roots[2])))
    assert refused.value.code == "root_gap"
    await take(directory, third)
    fresh = TufDirectory(directory.pool, directory.first_root, directory.trail)
    assert (await fresh.party("AL")).node_id == "AL"


async def test_an_authority_that_comes_raises_the_threshold(directory: TufDirectory) -> None:
    mt = five(["MT"])["MT"]
    second = changed(FIRST, Change(entries=[mt.entry]), NOW)
    with pytest.raises(DirectoryError):
        await take(directory, signed_by(second, nth("AL", "ME", "XK")))
    await take(directory, signed_by(second, nth("AL", "ME", "XK", "GB")))
    assert (await directory.party("MT")).name == "Police of MT"


async def test_expired_it_serves_for_the_days_of_grace(
    pool: AsyncConnectionPool, tmp_path: Path
) -> None:
    long_ago = NOW - timedelta(days=40)
    bundle = founded([one.entry for one in A.values()], 3, long_ago)
    bundle = signed_by(bundle, nth("AL", "GB", "ME"))
    directory = TufDirectory(pool, root_file(tmp_path, bundle), PostgresTrail())
    with pytest.raises(DirectoryError, match="expired"):
        await take(directory, bundle)
    await take(directory, bundle, long_ago)
    assert await directory.standing(NOW) is Standing.EXPIRED
    assert await directory.troubles(long_ago) == []
    assert "expires" in (await directory.troubles(long_ago + timedelta(days=24)))[0]
    assert "serves until" in (await directory.troubles(NOW))[0]
    assert "grace too" in (await directory.troubles(NOW + timedelta(days=30)))[0]
    assert (await directory.party("GB")).node_id == "GB"
    strict = TufDirectory(pool, directory.first_root, directory.trail, grace=timedelta(days=1))
    assert await strict.standing(NOW) is Standing.OVER
    with pytest.raises(UnknownNodeError, match="days of grace"):
        await strict.party("GB")


async def test_without_one_nobody_is_known(pool: AsyncConnectionPool) -> None:
    directory = TufDirectory(pool, None, PostgresTrail())
    assert (await directory.version(), list(await directory.parties())) == (0, [])
    assert await directory.standing(NOW) is Standing.NONE
    assert "no directory" in (await directory.troubles(NOW))[0]
    with pytest.raises(UnknownNodeError, match="there is no directory"):
        await directory.party("GB")


async def test_rows_somebody_altered_do_not_open(directory: TufDirectory, dsn: str) -> None:
    mine = five()
    forged = first_directory(mine)
    with psycopg.connect(dsn) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE directory SET bundle = %s", (forged.text(),))
    fresh = TufDirectory(directory.pool, directory.first_root, directory.trail)
    with pytest.raises(DirectoryError):
        await fresh.party("GB")


def test_the_fingerprint_is_the_same_whoever_signed() -> None:
    unsigned = founded([one.entry for one in A.values()], 3, NOW)
    signed_once = signed(unsigned, A["GB"].directory)
    assert root_fingerprint(unsigned.roots[0]) == root_fingerprint(signed_once.roots[0])
    assert root_fingerprint(unsigned.roots[0]) != root_fingerprint(first_directory(five()).roots[0])


@pytest.mark.parametrize(
    ("name", "value"),
    [("node_id", "gb"), ("signing", "00"), ("sealing", "zz" * 32), ("address", "http://a:1"),
     ("tls_root", "none"), ("name", ""), ("name", "two\nlines"), ("directory_key", None)],
)  # fmt: skip
def test_an_entry_that_cannot_be_used_is_refused(name: str, value: object) -> None:
    said = {**A["GB"].entry.said(), name: value}
    with pytest.raises(EntryError):
        entry_of(json.dumps(said))
    assert entry_of(A["GB"].entry.text()) == A["GB"].entry
