import secrets

import pytest

from morina.accountability.sealing import SealError, Sealing

SEALING = Sealing.of(secrets.token_urlsafe(32))


def test_what_is_sealed_opens_for_the_same_context_only():
    sealed = SEALING.seal(b"invented secret", "totp:ana")
    assert b"invented" not in sealed
    assert SEALING.open(sealed, "totp:ana") == b"invented secret"
    with pytest.raises(SealError, match="totp:ben"):
        SEALING.open(sealed, "totp:ben")


def test_another_key_opens_nothing():
    sealed = SEALING.seal(b"invented secret", "x")
    with pytest.raises(SealError, match="backup"):
        Sealing.of(secrets.token_urlsafe(32)).open(sealed, "x")


def test_no_two_seals_are_alike():
    assert SEALING.seal(b"same", "x") != SEALING.seal(b"same", "x")


def test_every_changed_byte_and_every_shorter_text_is_refused():
    sealed = SEALING.seal(b"invented secret", "x")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        for wrong in (bytes(changed), sealed[:place]):
            with pytest.raises(SealError):
                SEALING.open(wrong, "x")


@pytest.mark.parametrize("secret", ["", "short", "ë" * 43, "A" * 44])
def test_what_is_no_key_is_refused(secret):
    with pytest.raises(SealError, match="sealing key"):
        Sealing.of(secret)


def test_the_key_is_not_shown():
    assert repr(SEALING.key) not in repr(SEALING)
