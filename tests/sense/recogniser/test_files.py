import csv
import json
from io import StringIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from filming import Car, ScriptedRecogniser, filmed
from morina.cli import app
from morina.sense.recogniser.files import UnreadableFileError, files_of, read_file
from morina.sense.recogniser.format import Format
from morina.sense.recogniser.output import lines_of
from morina.sense.recogniser.session import UnknownCountryError, countries_of

PHOTOGRAPH_KEYS = ["file", "width", "height", "ms", "reads"]
READ_KEYS = [
    "plate",
    "seen",
    "country",
    "country_probability",
    "confidence",
    "character_confidences",
]
PASSAGE_KEYS = ["file", "passage", "plate", "country", "confidence", "first_seen_s"]


@pytest.fixture
def video(tmp_path: Path) -> str:
    """Ten seconds of a car with a plate, then one without."""
    name = str(tmp_path / "road.avi")
    writer = cv2.VideoWriter(name, cv2.VideoWriter.fourcc(*"FFV1"), 10, (480, 320))
    for frame in range(100):
        writer.write(filmed([Car(9, 1.0), Car(0, 6.0)], frame / 10))
    writer.release()
    return name


@pytest.mark.usefixtures("folder")
def test_a_photograph_gives_one_json_object() -> None:
    result = CliRunner().invoke(app, ["read", "car.jpg", "--format", "jsonl"])
    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()
    found = json.loads(line)
    assert list(found) == PHOTOGRAPH_KEYS
    assert (found["file"], found["width"], found["height"]) == ("car.jpg", 1280, 720)
    (read,) = found["reads"]
    assert list(read) == [*READ_KEYS, "box", "corners"]
    assert (read["plate"], read["country"]) == ("EX19ABC", "GB")
    assert len(read["character_confidences"]) == 7
    assert np.array(read["corners"]).shape == (4, 2)


def test_a_video_gives_one_json_object_a_passage(video: str) -> None:
    recogniser = ScriptedRecogniser({9: [("AB12CDE", 0.9)]})
    results = list(read_file(video, recogniser, bytes, lambda _: None))
    found = [json.loads(line) for result in results for line in lines_of(result, Format.JSONL)]
    keys = [*PASSAGE_KEYS, "last_seen_s", "best_frame_s", "frames", "box"]
    assert all(list(passage) == keys for passage in found)
    assert [(p["passage"], p["plate"]) for p in found] == [(1, "AB12CDE"), (2, None)]
    assert found[0]["first_seen_s"] <= found[0]["best_frame_s"] <= found[0]["last_seen_s"]


def test_how_far_a_video_is_read_is_told(video: str) -> None:
    parts: list[float] = []
    list(read_file(video, ScriptedRecogniser({}), bytes, parts.append))
    assert parts == sorted(parts)
    assert len(parts) == 100
    assert parts[-1] > 0.9


def test_csv_has_one_row_a_plate_and_quotes_what_it_must(folder: Path) -> None:
    (folder / "car.jpg").rename(folder / 'a, "b".jpg')
    result = CliRunner().invoke(app, ["read", 'a, "b".jpg', "--format", "csv"])
    (row,) = csv.DictReader(StringIO(result.stdout))
    assert (row["file"], row["plate"], row["country"]) == ('a, "b".jpg', "EX19ABC", "GB")
    assert row["passage"] == ""


@pytest.mark.usefixtures("folder")
def test_a_bad_file_is_named_and_the_rest_read() -> None:
    result = CliRunner().invoke(app, ["read", "notes.jpg", "gone.jpg", "car.jpg"])
    assert result.exit_code == 3
    assert "EX19ABC" in result.stdout
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == ["notes.jpg", "gone.jpg"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.jpg", b"", "empty"),
        ("words.png", b"words", "no picture"),
        ("empty.mp4", b"", "empty"),
        ("words.mp4", b"words", "no frame"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFileError, match=rf"{name}: .*{said}.*; "):
        list(read_file(str(tmp_path / name), ScriptedRecogniser({}), bytes, lambda _: None))


def test_a_folder_is_every_picture_and_video_below_it(tmp_path: Path) -> None:
    for name in ("b.JPG", "a.png", "labels.csv", "sub/c.mp4"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = [Path(name).name for name in files_of([str(tmp_path), "-"])]
    assert found == ["a.png", "b.JPG", "c.mp4", "-"]


def test_a_picture_is_read_from_standard_input(folder: Path) -> None:
    result = CliRunner().invoke(app, ["read", "-"], input=(folder / "car.jpg").read_bytes())
    assert result.exit_code == 0
    assert "EX19ABC" in result.stdout


def test_drawings_never_replace_a_file(folder: Path) -> None:
    before = (folder / "car.jpg").read_bytes()
    for _ in range(2):
        CliRunner().invoke(app, ["read", "car.jpg", "--draw", str(folder)])
    assert (folder / "car.jpg").read_bytes() == before
    drawn = cv2.imread(str(folder / "car_3.jpg"))
    assert drawn is not None
    assert (drawn != cv2.imread(str(folder / "car.jpg"))).any()


def test_a_folder_that_cannot_be_drawn_into_is_said(folder: Path) -> None:
    command = ["read", "car.jpg", "--draw", str(folder / "van.jpg" / "drawn")]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 3
    assert "EX19ABC" in result.stdout
    assert "name a folder you may write to" in result.stderr


def test_countries_are_codes_or_signs() -> None:
    assert countries_of("gb, RKS,D") == ("GB", "XK", "DE")
    assert countries_of("") == ()
    with pytest.raises(UnknownCountryError, match="'QQ'"):
        countries_of("GB,QQ")


def test_an_unknown_country_is_refused_before_anything_is_read() -> None:
    result = CliRunner().invoke(app, ["read", "gone.jpg", "--country", "QQ"])
    assert result.exit_code == 2
    assert "QQ" in result.output
