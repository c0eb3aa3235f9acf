import pytest
from hypothesis import given
from hypothesis import strategies as st

from morina.plates import Plate
from morina.sense.recogniser.reading import PlateReading
from morina.sense.recogniser.voting import Sighting, vote


def seen(
    text: str, confidence: float = 0.9, at_s: float = 0.0, width: float = 100, country: str = ""
) -> Sighting:
    reading = PlateReading(
        plate=Plate(text, country or None),
        country_probability=0.9 if country else 0.0,
        confidence=confidence,
        character_confidences=(confidence,) * len(text),
        box=(0, 0, width, width / 5),
        corners=((0, 0), (width, 0), (width, width / 5), (0, width / 5)),
    )
    return Sighting(at_s, reading)


sightings = st.lists(
    st.builds(
        seen,
        st.sampled_from(["AB12CDE", "AB12CDF", "A812CDE", "XY1"]),
        st.floats(0.01, 1),
        st.floats(0, 9),
        st.floats(10, 300),
    ),
    min_size=1,
    max_size=8,
)


def test_the_text_most_frames_agree_on_wins() -> None:
    chosen = vote([seen("AB12CDE"), seen("AB12CDF", 0.99), seen("AB12CDE")])
    assert (chosen.plate.text, chosen.frames) == ("AB12CDE", 2)


def test_a_near_plate_counts_more_than_far_ones() -> None:
    far = [seen("AB12CDF", width=20), seen("AB12CDF", width=20)]
    assert vote([*far, seen("AB12CDE", width=200)]).plate.text == "AB12CDE"


@given(sightings)
def test_the_evidence_shows_the_text_that_won(frames: list[Sighting]) -> None:
    chosen = vote(frames)
    assert chosen.best in frames
    assert chosen.best.text == chosen.plate.text
    assert chosen.frames == sum(frame.text == chosen.plate.text for frame in frames)


@given(sightings)
def test_confidences_are_shares(frames: list[Sighting]) -> None:
    chosen = vote(frames)
    assert len(chosen.character_confidences) == len(chosen.plate.text)
    assert all(0 <= c <= 1 + 1e-9 for c in (*chosen.character_confidences, chosen.confidence))


def test_a_character_the_frames_disagree_on_is_less_sure() -> None:
    chosen = vote([seen("AB12CDE"), seen("AB12CDE"), seen("AB12CDF")])
    assert chosen.character_confidences[6] == pytest.approx(0.6)
    assert chosen.character_confidences[0] == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("frames", "stands"),
    [
        ([seen("AB12CDE", 0.5), seen("AB12CDE", 0.5)], True),
        ([seen("AB12CDE", 0.97)], True),
        ([seen("AB12CDE", 0.9)], False),
        ([seen("A1B2C3", 0.99)], False),
    ],
)
def test_two_frames_must_agree_or_one_be_very_sure(frames: list[Sighting], stands: bool) -> None:
    assert vote(frames).stands is stands


def test_frames_that_name_no_country_abstain() -> None:
    chosen = vote([seen("AA123BC"), seen("AA123BC", country="AL"), seen("AA123BC")])
    assert (chosen.plate.country, chosen.country_probability) == ("AL", pytest.approx(0.9))


def test_a_country_the_frames_dispute_is_left_open() -> None:
    disputed = [seen("AA123BC", country="AL"), seen("AA123BC", country="IT")]
    assert vote(disputed).plate.country is None
