import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from morina.sense.cameras.reports import PayloadError, Setup
from morina.sense.cameras.wire.confidences import confidence_of
from morina.sense.cameras.wire.doubts import Doubts


@pytest.mark.parametrize(
    ("said", "scale", "value"),
    [
        ("0.719", 1, 0.719), ("97", 100, 0.97), ("92.5", 100, 0.925), ("093", 100, 0.93),
        (204, 255, 0.8), (999, 999, 1.0), (0, 100, 0.0), ("92,5", 100, 0.925), ("97 %", 100, 0.97),
        (None, 100, None), ("", 100, None), (" ", 1, None),
    ],
)  # fmt: skip
def test_every_scale_becomes_0_to_1(said: object, scale: float, value: float | None) -> None:
    assert confidence_of(said, scale) == pytest.approx(value) or value is None


@pytest.mark.parametrize(
    ("said", "scale"),
    [
        ("9320", 100), (101, 100), (-1, 100), (93.2, 1), ("high", 100), (True, 1), ([], 1),
        (float("nan"), 1), (float("inf"), 100), ("1e999", 100), ("9" * 400, 100), (10**40, 100),
        ("٩٧", 100), (0.5, 0.0),
    ],
)  # fmt: skip
def test_a_number_out_of_scale_is_never_made_to_fit(said: object, scale: float) -> None:
    with pytest.raises(PayloadError, match="confidence"):
        confidence_of(said, scale)


@settings(deadline=None)
@given(st.one_of(st.text(), st.floats(), st.integers(), st.none(), st.booleans()))
def test_a_confidence_is_within_0_and_1_or_refused(said: object) -> None:
    try:
        value = confidence_of(said, 100.0)
    except PayloadError:
        return
    assert value is None or 0.0 <= value <= 1.0


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    with pytest.raises(PayloadError, match="confidence"):
        confidence_of(10**5000, 100)


def test_a_bad_confidence_is_a_doubt_and_a_fraction_on_a_great_scale_too() -> None:
    doubts = Doubts()
    assert doubts.confidence("9320", Setup(), 100.0) is None
    assert "confidence scale" in doubts[0]
    assert doubts.confidence("0.97", Setup(), 100.0) == pytest.approx(0.0097)
    assert "to 1" in doubts[1]
    assert doubts.confidence("0.97", Setup(confidence_scale=1.0), 100.0) == 0.97
    assert len(doubts) == 2
