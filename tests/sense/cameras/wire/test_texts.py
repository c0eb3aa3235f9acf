import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from morina.plates import Plate
from morina.sense.cameras.reports import PayloadError
from morina.sense.cameras.wire.doubts import Doubts
from morina.sense.cameras.wire.texts import clean, plate_text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("AA417KD", "AA417KD"), ("pg ab-123", "PGAB123"), ("KT65 XDW", "KT65XDW"),
        ("ČA·123·BŽ", "ČA123BŽ"), ("C\u030cA123", "ČA123"), ("m:öü 12", "MÖÜ12"),
        ("AA417KD\0", "AA417KD"),
    ],
)  # fmt: skip
def test_a_plate_is_its_letters_and_digits(raw: str, text: str) -> None:
    assert plate_text(raw) == text


@pytest.mark.parametrize(
    "raw",
    [
        "", " ", "unknown", "Unknown", "UNKNOWN", "No Plates", "no_plate", "Not defined", "NONE",
        "AA4?7KD", "AA4*7KD", "\u0405\u041a482", "ß123", "京A12345", "A" * 13,
        "A" * 5000, "--", "\ud800A1",
    ],
)  # fmt: skip
def test_words_for_unread_and_texts_on_no_plate_are_none(raw: str) -> None:
    assert plate_text(raw) is None


def test_a_makers_own_words_count_in_any_spelling() -> None:
    assert plate_text("Sin Placa", unread=["sin-placa"]) is None
    assert plate_text("SINPL4", unread=["sin-placa"]) == "SINPL4"


def test_an_odd_text_is_doubted_and_a_word_for_unread_is_not() -> None:
    doubts = Doubts()
    assert doubts.plate("No Plates") is doubts.plate("") is doubts.plate("Nix", ["nix"]) is None
    assert doubts == []
    assert doubts.plate("AA4?7KD") is None
    assert "AA4?7KD" in doubts[0]


@settings(deadline=None)
@given(st.text())
def test_any_text_is_a_plate_in_plain_form_or_none(raw: str) -> None:
    text = plate_text(raw)
    assert text is None or Plate(text).text == text


def test_a_field_can_be_stored_and_shown() -> None:
    assert clean(" a\0b\ud800\n") == "a\ufffdb\ufffd"
    with pytest.raises(PayloadError, match="plateNumber is 300 characters"):
        clean("x" * 300, "plateNumber")
