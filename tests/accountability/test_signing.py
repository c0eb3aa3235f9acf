"""What a node signs holds for as long as nobody changes it."""

import json
import secrets

import pytest

from morina.accountability.signing import PublicKey, SignatureError, Signer, canonical

SECRET = secrets.token_urlsafe(32)
STATEMENT = {
    "rows": 3,
    "plate": "ŠK123",
    "files": [{"name": "reads.csv", "good": True}],
    "by": None,
}


def test_a_statement_holds_in_any_order_of_its_names() -> None:
    signer = Signer.of(SECRET)
    turned = dict(reversed(json.loads(json.dumps(STATEMENT)).items()))
    signer.public.check(turned, signer.sign(STATEMENT))


@pytest.mark.parametrize(
    "changed",
    [{"rows": 4}, {"plate": "SK123"}, {"files": [{"name": "reads.csv", "good": False}]}, {"x": ""}],
)
def test_a_changed_statement_does_not_hold(changed: dict[str, object]) -> None:
    signer = Signer.of(SECRET)
    with pytest.raises(SignatureError, match="does not hold"):
        signer.public.check(STATEMENT | changed, signer.sign(STATEMENT))


def test_the_key_of_another_node_and_a_signature_that_is_none_do_not_hold() -> None:
    signer, other = Signer.of(SECRET), Signer.of(secrets.token_urlsafe(32))
    for signature in (other.sign(STATEMENT), "", "äöü", "AAAA", "!" * 88):
        with pytest.raises(SignatureError):
            signer.public.check(STATEMENT, signature)


def test_the_same_secret_is_the_same_key() -> None:
    assert Signer.of(SECRET).public == Signer.of(f"{SECRET}\n").public
    assert len(Signer.of(SECRET).public.fingerprint) == len("0123-4567-89ab-cdef")


def test_what_two_programs_may_write_differently_is_refused() -> None:
    assert canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()
    for ambiguous in ({"a": 0.5}, {"a": [{"b": float("nan")}]}, {"a": {1: 2}}, {"a": b""}):
        with pytest.raises(SignatureError):
            canonical(ambiguous)


def test_what_is_no_key_is_refused_in_words() -> None:
    for text in ("", "ab", "z" * 64, "AB" * 32):
        with pytest.raises(SignatureError, match="public key"):
            PublicKey(text)
    with pytest.raises(SignatureError, match="backup"):
        Signer.of("short")
