from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import NAMESPACE_URL, RFC_4122

from morina.sense.ids import timed_id

AT = datetime(2026, 11, 21, 12, 0, 0, 123999, tzinfo=UTC)


def test_an_id_is_its_time_a_version_and_a_hash() -> None:
    made = timed_id(AT, NAMESPACE_URL, "a passage")
    assert made.int >> 80 == int(AT.timestamp() * 1000) == 1795262400123
    assert (made.version, made.variant) == (8, RFC_4122)
    assert made.int >> 64 & 0xFFF == 0
    digest = sha256(NAMESPACE_URL.bytes + b"a passage").digest()
    assert made.int & (1 << 62) - 1 == int.from_bytes(digest[:5])


def test_the_same_passage_has_the_same_id_and_another_another() -> None:
    made = timed_id(AT, NAMESPACE_URL, "a passage")
    assert timed_id(AT, NAMESPACE_URL, "a passage") == made
    assert timed_id(AT, NAMESPACE_URL, "another") != made
    assert timed_id(AT + timedelta(milliseconds=1), NAMESPACE_URL, "a passage") > made
