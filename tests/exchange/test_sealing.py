"""Envelopes open only as they were made, by whom they say, for whom they say."""

import base64
import json
import secrets
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from forging import ATTACKS, MOST_BYTES, NOW, Scene
from morina.accountability import PurposeCode
from morina.accountability.signing import SignatureError
from morina.exchange import RULES, Item, Kind, Message, Why
from morina.exchange.envelope import read, written
from morina.exchange.faults import EnvelopeError, Fault
from morina.exchange.sealing import Bounds, Keys, Opened, digest_of, opened, seal, sealed_to
from morina.exchange.strict_json import canonical

BOUNDS = Bounds(skew_s=300, most_bytes=MOST_BYTES)
SCENE = Scene.set()
GB = SCENE.keys("GB")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
whole = st.integers(-(2**53) + 1, 2**53 - 1)
times = st.datetimes(
    datetime(2000, 1, 1), datetime(2026, 11, 22), timezones=st.sampled_from([UTC])  # noqa: DTZ001
)  # fmt: skip
values = st.one_of(texts, whole, st.booleans(), st.lists(texts, max_size=3))
json_values = st.recursive(
    st.one_of(values, st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)
items = st.builds(
    Item,
    fields=st.dictionaries(texts, values, max_size=4),
    at=st.none() | times,
    camera_group=texts,
)
whys = st.builds(
    Why, agreement_id=st.uuids(), purpose=st.sampled_from(PurposeCode), case_number=texts,
    justification=texts, officer=texts, approver=texts, offence=texts,
)  # fmt: skip
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)


@st.composite
def messages(draw: st.DrawFn) -> Message:
    """Any that a node could send from AL to GB."""
    kind = draw(st.sampled_from(Kind))
    why = draw(whys if RULES[kind].category else st.none() | whys)
    answers = draw(st.none() | st.uuids())
    return Message(
        message_id=draw(st.uuids()), sender="AL", to="GB", kind=kind,
        conversation=draw(st.uuids()), seq=draw(st.integers(1, 2**50)), previous=draw(hashes),
        created_at=draw(times), said=draw(st.dictionaries(texts, json_values, max_size=4)),
        items=tuple(draw(st.lists(items, max_size=3))), why=why,
        agreement_version=draw(st.integers(1, 99)) if why else 0, in_reply_to=answers,
        request_hash=draw(hashes) if answers else "", classification=draw(texts),
        expires_at=draw(st.none() | st.just(NOW + timedelta(days=1))),
    )  # fmt: skip


def refused(sealed: bytes, keys: Keys = GB) -> EnvelopeError:
    with pytest.raises(EnvelopeError) as caught:
        opened(sealed, keys, SCENE.partners, NOW, BOUNDS)
    return caught.value


@given(messages())
def test_what_is_opened_is_what_was_sealed(message: Message) -> None:
    made = seal(message, SCENE.keys("AL"), SCENE.partners["GB"])
    again = opened(made.sealed, GB, SCENE.partners, NOW)
    assert again == Opened(replace(message, digest=made.digest), made.signed)
    assert made.digest == digest_of(made.signed)


@given(json_values)
def test_canonical_json_is_that_of_the_rfc(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]  # any JSON


def test_names_are_sorted_as_the_rfc_sorts_them() -> None:
    """RFC 8785, section 3.2.3: by UTF-16, where an emoji comes before U+FB33."""
    names = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\xf6": 7}
    found = list(json.loads(canonical(names)))
    assert found == ["\r", "1", "\x80", "\xf6", "\u20ac", "\U0001f600", "\ufb33"]


@pytest.mark.parametrize("name", ATTACKS)
def test_a_compromised_node_is_refused(name: str) -> None:
    attack, fault = ATTACKS[name]
    error = refused(attack(SCENE))
    assert error.code is fault
    assert 10 < len(str(error)) < 300


def test_every_fault_is_shown_by_an_attack() -> None:
    assert Counter(fault for _, fault in ATTACKS.values()).keys() == set(Fault)


def test_the_attacks_differ_from_what_opens_by_one_thing() -> None:
    """Without their change all of them open: what is refused is the change."""
    for sealed in (SCENE.to_gb(SCENE.jws()), SCENE.sealed(), SCENE.said(), SCENE.text(str)):
        assert opened(sealed, GB, SCENE.partners, NOW, BOUNDS).message.sender == "AL"


def test_who_signed_is_told_only_where_the_signature_held() -> None:
    forged, _ = ATTACKS["as XK, with its own key"]
    assert refused(forged(SCENE)).sender == ""
    passed_on, _ = ATTACKS["XK's message to AL, passed on"]
    error = refused(passed_on(SCENE))
    assert (error.sender, error.message) == ("XK", None)
    assert read(base64.urlsafe_b64decode(error.signed.split(b".")[1] + b"==")).to == "AL"


@pytest.mark.parametrize("name", ["expired", "made in the future"])
def test_what_comes_at_a_wrong_time_keeps_its_place_in_the_order(name: str) -> None:
    error = refused(ATTACKS[name][0](SCENE))
    assert error.message is not None
    assert (error.message.seq, error.message.digest) == (1, digest_of(error.signed))


def test_a_message_that_waited_long_is_taken() -> None:
    old = SCENE.message(created_at=NOW - timedelta(days=400), expires_at=NOW + timedelta(seconds=1))
    made = seal(old, SCENE.keys("AL"), SCENE.partners["GB"])
    assert opened(made.sealed, GB, SCENE.partners, NOW).message.seq == 1


@pytest.mark.parametrize(("ahead_s", "opens"), [(300, True), (301, False)])
def test_a_clock_may_be_ahead_by_as_much_as_is_set(ahead_s: int, opens: bool) -> None:
    message = SCENE.message(created_at=NOW + timedelta(seconds=ahead_s))
    sealed = seal(message, SCENE.keys("AL"), SCENE.partners["GB"]).sealed
    if opens:
        opened(sealed, GB, SCENE.partners, NOW, BOUNDS)
    else:
        assert refused(sealed).code is Fault.CLOCK


def test_a_replay_is_known_by_its_digest_whatever_the_seal() -> None:
    made = seal(SCENE.message(), SCENE.keys("AL"), SCENE.partners["GB"])
    anew = sealed_to(made.signed, SCENE.partners["GB"])
    assert anew != made.sealed
    assert opened(anew, GB, SCENE.partners, NOW).message.digest == made.digest


def test_what_was_sealed_to_a_key_before_opens_still() -> None:
    sealed = SCENE.to_gb(SCENE.jws())
    before = SCENE.authorities["GB"]
    after = before.with_new_node_keys()
    assert refused(sealed, Keys("GB", after.signing, after.sealing)).code is Fault.NOT_FOR_US
    keys = Keys("GB", after.signing, after.sealing, (before.sealing,))
    assert opened(sealed, keys, SCENE.partners, NOW, BOUNDS).message.sender == "AL"


def test_nothing_is_sealed_in_the_name_of_another_or_to_another() -> None:
    for changed in ({"sender": "XK"}, {"to": "XK"}):
        with pytest.raises(ValueError, match="cannot be sealed so"):
            seal(SCENE.message(**changed), SCENE.keys("AL"), SCENE.partners["GB"])


def test_a_fraction_is_refused_before_it_is_sent() -> None:
    message = SCENE.message(said={"speed": 50.5})
    with pytest.raises(EnvelopeError) as caught:
        written(message)
    assert caught.value.code is Fault.FRACTION


def test_keys_come_from_secrets_of_the_home() -> None:
    signing, sealing = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    assert Keys.of("GB", signing, sealing).sealing == Keys.of("GB", signing, sealing).sealing
    assert sealing not in repr(Keys.of("GB", signing, sealing))
    with pytest.raises(SignatureError, match="put back"):
        Keys.of("GB", signing, "short")


@settings(max_examples=400)
@given(st.data())
def test_a_changed_byte_never_opens(data: st.DataObject) -> None:
    """In the sealed bytes, or in the signed ones by somebody who seals them anew."""
    signed = SCENE.jws()
    is_sealed = data.draw(st.booleans())
    whole = bytearray(SCENE.to_gb(signed) if is_sealed else signed)
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    refused(bytes(whole) if is_sealed else SCENE.to_gb(bytes(whole)))


@settings(max_examples=300)
@given(st.sampled_from(sorted(SCENE.payload())), json_values)
def test_whatever_a_part_holds_it_is_read_as_written_or_refused(name: str, value: object) -> None:
    said = SCENE.payload() | {name: value}
    try:
        message = opened(
            SCENE.to_gb(SCENE.jws(canonical(said))), GB, SCENE.partners, NOW, BOUNDS
        ).message
    except EnvelopeError:
        return
    assert json.loads(written(message)) == said


@given(st.sampled_from(["alg", "enc", "kid", "typ", "epk", "crv", "kty", "x"]), json_values)
def test_whatever_the_header_of_a_seal_says_it_is_refused(name: str, value: object) -> None:
    parts = SCENE.to_gb(SCENE.jws()).split(b".")
    header = json.loads(base64.urlsafe_b64decode(parts[0] + b"=" * (-len(parts[0]) % 4)))
    (header["epk"] if name in header["epk"] else header)[name] = value
    changed = json.dumps(header, separators=(",", ":")).encode()
    parts[0] = base64.urlsafe_b64encode(changed).rstrip(b"=")
    refused(b".".join(parts))
