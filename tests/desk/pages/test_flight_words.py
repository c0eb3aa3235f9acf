"""What is said of a flight's telemetry is said in the user's language, as its readers say it."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from tests.sense.aerial.test_airdata import ROWS, log

from kept_sorties import NOW
from morina.desk.pages.aerial.lacking import film_said, stated_said
from morina.desk.pages.aerial.stating import stated_of
from morina.desk.pages.aerial.words import LACKS, lacks_said
from morina.desk.pages.sending import why_not
from morina.desk.pixels import lacking
from morina.desk.said import translated
from morina.desk.words import Words
from morina.sense.aerial import HeightDatum, NoPlaceError, Sortie, SortieState
from morina.sense.aerial.adapters.video_file import VideoFile
from morina.sense.aerial.looking.pictures import VideoError
from morina.sense.aerial.sources import airdata, dji_srt, klv, mavlink, px4
from morina.sense.aerial.sources.airdata import flight
from morina.sense.aerial.sources.told import LACKED
from morina.sense.aerial.stated import FilmKind, Stated, StatedError

SQ = Words("sq")
LISTED = re.compile(r'"([a-z ]+)"(?:, |: )(?:all\(|True|len\(|source ==)')
SOURCES = (airdata, dji_srt, klv, mavlink, px4)


def sortie(**changes: object) -> Sortie:
    plain = {"sortie_id": uuid4(), "name": "N", "case_number": "C", "task": "t", "officer": "ana"}
    return Sortie(**{**plain, "state": SortieState.READY, "made_at": NOW, **changes})  # type: ignore[arg-type]


def lacked() -> set[str]:
    """Every word a reader says is lacking, by its source."""
    texts = [Path(str(one.__file__)).read_text() for one in SOURCES]
    return {word for text in texts for word in LISTED.findall(text)}


def test_each_thing_a_reader_may_lack_has_its_words() -> None:
    assert len(lacked()) == 7
    assert lacked() | {"video"} == set(LACKED) == LACKS.keys()
    for word in (*lacked(), "video"):
        assert lacks_said(sortie(lacks=(word,)), SQ) != word


def test_notes_and_faults_are_said_in_the_users_language(tmp_path: Path) -> None:
    never = log(*(row.replace(",1,", ",0,") for row in ROWS))
    said = [*flight(log(*ROWS)).notes, *flight(never).notes]
    broken = tmp_path / "a.ts"
    broken.write_bytes(b"no video")
    with pytest.raises(VideoError) as fault:
        VideoFile(broken, "the video").about()
    for one in (*said, str(fault.value)):
        assert translated(one, SQ) != one
    assert translated(str(fault.value), SQ).startswith("videoja: ")


def test_what_lacks_is_said_of_a_point_without_a_place_and_why_is_not() -> None:
    lacks = ("gimbal angles", "field of view", "no field of view; state that of the camera")
    said = lacking(sortie(lacks=lacks))
    assert said.startswith("the telemetry lacks gimbal angles, field of view; only where")
    assert "këndet e kamerës, fusha e pamjes" in translated(said, SQ)


def test_a_reason_why_nothing_is_plotted_stands_in_the_list_in_the_users_language() -> None:
    reason = str(NoPlaceError("no field of view; state that of the camera for this flight"))
    assert lacks_said(sortie(lacks=(reason,)), SQ) == SQ(reason) != reason


def test_what_was_typed_is_what_is_stated() -> None:
    fields = {
        "video_begins_s": " 12,5", "heights_from": "above_takeoff", "takeoff_m": "",
        "takeoff_here": "true", "view_across_deg": "61", "view_down_deg": "", "film": "",
    }  # fmt: skip
    stated = Stated(
        video_begins_s=12.5, heights_from=HeightDatum.TAKEOFF, takeoff_here=True,
        view_across_deg=61.0,
    )  # fmt: skip
    assert stated_of(fields) == stated
    assert stated_of({"view_across_deg": ""}) == Stated()
    assert stated_said(sortie(stated=stated), Words("en")) == (
        "the video begins at 12.5 s of the telemetry; heights count from the take-off;"
        " took off from the ground at its first position; field of view 61 degrees"
    )
    assert stated_said(sortie(), SQ) == ""


@pytest.mark.parametrize("fields", [{"takeoff_m": "high"}, {"view_across_deg": "400"}])
def test_what_cannot_be_stated_is_said_so_in_the_users_language(fields: dict[str, str]) -> None:
    with pytest.raises(StatedError) as fault:
        stated_of(fields)
    assert translated(str(fault.value), SQ) != str(fault.value)


def test_it_is_said_by_what_the_pictures_are_looked_at() -> None:
    assert film_said(sortie(stated=Stated(film=FilmKind.THERMAL)), SQ).startswith("kamerë termike")
    assert "grey pictures as thermal" in film_said(sortie(), Words("en"))


def test_what_the_api_refused_is_said_whole_or_part_by_part() -> None:
    """A message and its mend are one shape, or each is one of its own."""
    one = {"detail": "it is being worked through", "mend": "wait until it is done"}
    mend = "send less at once; for uploads the limit is the setting upload_bytes"
    two = {"detail": "the body is larger than 4 MB", "mend": mend}
    for answer in (one, two):
        english = f"{answer['detail']}; {answer['mend']}"
        assert why_not(answer, Words("en")) == english
        said = why_not(answer, Words("sq"))
        assert answer["detail"] not in said and answer["mend"] not in said
    assert why_not({}, Words("en")) == "The node did not answer. Is the connection up?"
