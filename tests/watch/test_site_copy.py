"""A site's copy of the hotlists: from the node, for this site, for a while."""

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from invented import NOW, hotlist, listing, read
from morina.sense.site.keys import new_box_key, verifying_half
from morina.watch import Hotlists, Listed
from morina.watch.site_copy import (
    CopyKeys,
    RefusedCopyError,
    SiteCopy,
    covers,
    for_site,
    opened,
    seal,
)

SIGNING = Ed25519PrivateKey.generate().private_bytes_raw()
BOX_SECRET, BOX = new_box_key()
TO_SEAL = CopyKeys(SIGNING, BOX)
TO_OPEN = CopyKeys(verifying_half(SIGNING), BOX_SECRET)


def a_copy(count: int = 2, **fields: object) -> SiteCopy:
    some = tuple(Listed(hotlist(), listing(f"AB{index:05}")) for index in range(count))
    usual = SiteCopy(
        site="kukes", version=7, made_at=NOW, until=NOW + timedelta(days=7), listed=some
    )
    return replace(usual, **fields)  # type: ignore[arg-type]  # the names are checked


def test_what_is_sealed_can_be_opened_by_the_site() -> None:
    copy = a_copy(20_000)
    sealed = seal(copy, TO_SEAL)
    assert opened(sealed, TO_OPEN, "kukes", NOW) == copy


def test_nothing_of_it_can_be_read_in_what_is_kept() -> None:
    sealed = seal(a_copy(), TO_SEAL)
    assert b"AB00001" not in sealed
    parts = [base64.urlsafe_b64decode(part + b"==") for part in sealed.split(b".")]
    assert json.loads(parts[0])["enc"] == "A256GCM"
    assert not any(b"AB00001" in part for part in parts)


@pytest.mark.parametrize("at", [0.05, 0.5, 0.97])
def test_one_byte_changed_is_refused(at: float) -> None:
    sealed = bytearray(seal(a_copy(200), TO_SEAL))
    place = int(len(sealed) * at)
    sealed[place] = ord("A") if sealed[place] != ord("A") else ord("B")
    with pytest.raises(RefusedCopyError, match="not what the node sealed"):
        opened(bytes(sealed), TO_OPEN, "kukes", NOW)


def test_a_copy_that_somebody_else_signed_is_refused() -> None:
    other = CopyKeys(Ed25519PrivateKey.generate().private_bytes_raw(), BOX)
    with pytest.raises(RefusedCopyError, match="not what the node sealed"):
        opened(seal(a_copy(), other), TO_OPEN, "kukes", NOW)


def test_another_site_cannot_open_it() -> None:
    theirs = CopyKeys(TO_OPEN.signing, new_box_key()[0])
    with pytest.raises(RefusedCopyError, match="not what the node sealed"):
        opened(seal(a_copy(), TO_SEAL), theirs, "kukes", NOW)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"site": "zagreb"}, "for the site zagreb"),
        ({"until": NOW}, "ended at"),
        ({"version": 6}, "not newer than 6"),
    ],
)
def test_a_copy_for_others_over_or_older_is_refused(fields: dict[str, object], why: str) -> None:
    with pytest.raises(RefusedCopyError, match=why):
        opened(seal(a_copy(**fields), TO_SEAL), TO_OPEN, "kukes", NOW, above=6)


def test_rubbish_is_refused() -> None:
    for content in (b"", b"a.b.c.d.e", b"\xff\xfe", b"{}"):
        with pytest.raises(RefusedCopyError):
            opened(content, TO_OPEN, "kukes", NOW)


@pytest.mark.parametrize(
    ("geo_scope", "covered"),
    [("", True), ("kukes", True), ("Elbasan; KUKES", True), ("elbasan", False), (" , ", True)],
)
def test_a_listing_is_held_where_its_scope_covers_the_site(geo_scope: str, covered: bool) -> None:
    assert covers(("Kukes", "north"), geo_scope) is covered


def test_a_site_gets_what_it_needs_and_no_more() -> None:
    wanted = Listed(hotlist(), listing("AB12CDE", geo_scope="north"))
    elsewhere = Listed(hotlist(), listing("AB13CDE", geo_scope="south"))
    over = Listed(hotlist(), listing("AB14CDE", valid_to=NOW))
    [held] = for_site([wanted, elsewhere, over], ("north",), NOW)
    assert held.listing.plate == wanted.listing.plate
    assert (held.listing.created_by, held.listing.contact_24h) == ("", "")
    assert Hotlists([held]).match(read("AB12CDE"))
