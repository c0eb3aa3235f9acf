from datetime import UTC, datetime

import pytest

from morina.sense.site import JoinError, new_site, token_of, written
from morina.sense.site.certificate import is_for, self_signed


def test_a_token_comes_back_and_the_node_keeps_no_secret_of_it() -> None:
    site, token = new_site("kukes-2", ("north",), "node.example:4223", "PEM", b"k" * 32)
    assert token_of(written(token)) == token
    assert site.nkey.startswith("U")
    assert token.seed.startswith("SU")
    assert token.seed not in repr(token)
    assert token.box_secret != site.box_key


@pytest.mark.parametrize("name", ["", "Kukes", "a.b", "-a", "a" * 33, "a/b", "*", ">"])
def test_a_name_that_could_be_another_subject_or_file_is_refused(name: str) -> None:
    with pytest.raises(JoinError, match="small letters"):
        new_site(name, (), "a:1", "", b"")


@pytest.mark.parametrize("content", [b"", b"{}", b'{"form": 2}', b"\xff"])
def test_what_is_no_token_is_refused_with_what_to_do(content: bytes) -> None:
    with pytest.raises(JoinError, match="morina site add"):
        token_of(content)


@pytest.mark.parametrize("address", ["10.83.1.1", "node.example", "fd00::1"])
def test_a_certificate_is_for_its_address_and_no_other(address: str) -> None:
    certificate, key = self_signed(address, datetime.now(UTC))
    assert is_for(certificate, address)
    assert not is_for(certificate, "10.83.1.2")
    assert key.startswith("-----BEGIN PRIVATE KEY-----")


def test_a_certificate_that_is_over_is_made_anew() -> None:
    certificate, _ = self_signed("node.example", datetime(2000, 1, 1, tzinfo=UTC))
    assert not is_for(certificate, "node.example")
