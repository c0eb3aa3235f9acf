"""A camera's word and Morina's reading of the same picture."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sense.test_reading_captures import a_capture, a_road, png

from filming import ScriptedRecogniser
from morina.records.adapters.obstore import ObstoreImages
from morina.sense import Capture, Read, Said
from morina.sense.recogniser.captures import read_plates
from morina.sense.recogniser.words import settled, sureness, word_alone

READER = {200: [("AB12CDE", 0.9)]}
SHARE = st.floats(0, 1)


@pytest.fixture
def images(tmp_path: Path) -> ObstoreImages:
    return ObstoreImages.at("", tmp_path)


def word(text: str | None, confidence: float | None = 0.8, country: str | None = None) -> Said:
    return Said.of("dahua", text, country, confidence)


async def read(images: ObstoreImages, said: Said, number: int = 200) -> Read:
    capture = replace(a_capture(await images.put(png(a_road(number)))), said=said)
    (one,) = await read_plates(capture, images, ScriptedRecogniser(READER))
    return one


async def test_two_readings_that_agree_are_as_sure_as_the_surer(images: ObstoreImages) -> None:
    agreed = await read(images, word("ab 12-cde", 0.95))
    assert agreed.plate is not None
    assert (agreed.plate.text, agreed.confidence, agreed.disputed) == ("AB12CDE", 0.95, False)
    assert agreed.own is not None
    assert (agreed.own.by, agreed.own.confidence) == ("morina", 0.9)


async def test_where_they_differ_the_surer_stands_and_is_less_sure(images: ObstoreImages) -> None:
    ours = await read(images, word("AB12CDF", 0.8))
    assert ours.plate is not None
    assert ours.plate.text == "AB12CDE"
    assert ours.confidence == pytest.approx(0.9 * 0.2 / 0.28)
    theirs = await read(images, word("AB12CDF", 0.99, "GB"))
    assert theirs.plate is not None
    assert (theirs.plate.text, theirs.plate.country) == ("AB12CDF", "GB")
    assert 0.5 < theirs.confidence < 0.99
    for both in (ours, theirs):
        assert both.disputed
        assert both.said is not None and both.own is not None
        assert (both.said.text, both.own.text) == ("AB12CDF", "AB12CDE")


async def test_what_morina_cannot_read_stands_by_the_cameras_word(images: ObstoreImages) -> None:
    alone = await read(images, word("AB12CDF", 0.8), number=0)
    assert alone.plate is not None
    assert (alone.plate.text, alone.confidence, alone.disputed) == ("AB12CDF", 0.8, False)
    assert alone.own == Said(by="morina", text=None)
    assert alone.evidence is not None


async def test_what_the_camera_cannot_read_stands_by_morinas(images: ObstoreImages) -> None:
    own = await read(images, word(None, None))
    assert own.plate is not None
    assert (own.plate.text, own.confidence, own.disputed) == ("AB12CDE", 0.9, False)


async def test_the_passage_keeps_one_id_whoever_reads_it(images: ObstoreImages) -> None:
    capture = replace(a_capture(await images.put(png(a_road(200)))), said=word("AB12CDE"))
    (both,) = await read_plates(capture, images, ScriptedRecogniser(READER))
    assert word_alone(capture).read_id == both.read_id
    changed = replace(capture, said=word("AB12CDF"))
    assert word_alone(changed).read_id == both.read_id


async def test_a_patch_is_read_where_there_is_no_overview(images: ObstoreImages) -> None:
    patch = await images.put(png(a_road(200)))
    capture = replace(a_capture(""), patch=patch, said=word("AB12CDE"))
    (one,) = await read_plates(capture, images, ScriptedRecogniser(READER))
    assert one.own is not None and one.own.text == "AB12CDE"
    assert one.evidence is not None and one.evidence.overview == patch


async def test_the_plate_meant_is_the_one_where_the_camera_saw_it(images: ObstoreImages) -> None:
    picture = a_road(200)
    picture[100:112, 300:340] = (0, 0, 150)
    name = await images.put(png(picture))
    says = {200: [("AB12CDE", 0.9)], 150: [("KT65XDW", 0.7)]}
    capture = replace(a_capture(name), said=word("KT65XDX"), box=(290.0, 95.0, 350.0, 120.0))
    passage, other = await read_plates(capture, images, ScriptedRecogniser(says))
    assert passage.own is not None and passage.own.text == "KT65XDW"
    assert passage.disputed
    assert other.said is None and other.plate is not None and other.plate.text == "AB12CDE"


async def test_the_cameras_country_is_a_witness(images: ObstoreImages) -> None:
    capture = replace(
        a_capture(await images.put(png(a_road(200)))), said=word("AB12CDE", 0.9, "GB")
    )
    reader = ScriptedRecogniser(READER)
    await read_plates(capture, images, reader)
    assert [one and one.country for one in reader.said] == ["GB"]


async def test_a_word_that_is_no_plate_is_kept_and_no_plate_is_made_of_it() -> None:
    capture = replace(a_capture(""), said=word("ЖЯ 4327"))
    read = word_alone(capture)
    assert read.plate is None
    assert read.said is not None and read.said.text == "ЖЯ 4327"


@given(SHARE, SHARE)
def test_agreement_never_lowers_and_dispute_never_raises(ours: float, theirs: float) -> None:
    own = Said(by="morina", text="AB12CDE", confidence=ours)
    same, other = word("AB12CDE", theirs), word("AB12CDF", theirs)
    assert settled(own, same) == (own, max(ours, theirs))
    stands, confidence = settled(own, other)
    assert 0.0 <= confidence <= max(ours, theirs)
    assert sureness(stands) == max(ours, theirs)


def test_messages_made_before_cameras_had_a_word_still_decode() -> None:
    for made, kind in ((a_capture("a" * 64), Capture), (word_alone(a_capture("")), Read)):
        fields = msgspec.to_builtins(made)
        for later in ("said", "own", "patch", "box"):
            fields.pop(later, None)
        assert msgspec.json.decode(msgspec.json.encode(fields), type=kind) == made
    whole = replace(a_capture(""), said=word("AB12CDE"), box=(1.0, 2.0, 3.0, 4.0))
    assert msgspec.json.decode(msgspec.json.encode(whole), type=Capture) == whole
