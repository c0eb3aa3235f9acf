"""What a payload tells beside the passage must not travel on with it."""

from pathlib import Path

import pytest

from morina.sense.cameras.adapters import frigate, genetec, platerecognizer, rekor
from morina.sense.cameras.reports import Maker, Setup

PAYLOADS = Path(__file__).parent / "payloads"


@pytest.mark.parametrize(
    ("maker", "file", "secret"),
    [
        (platerecognizer.MAKER, "two_vehicles.json", "Geh"),
        (platerecognizer.MAKER, "camera_without_name.json", "Geh"),
        (platerecognizer.MAKER, "camera_without_name.json", "secret1"),
        (genetec.MAKER, "sharpv_california.json", "Geheim1"),
        (rekor.MAKER, "heartbeat.json", "Geheim1"),
    ],
)
def test_a_password_in_an_address_is_dropped(maker: Maker, file: str, secret: str) -> None:
    payload = (PAYLOADS / maker.name / file).read_bytes()
    assert secret.encode() in payload
    assert secret not in repr(maker.decode(payload, {}, Setup()))


@pytest.mark.parametrize("word", ["Blacklist", "Stolen"])
def test_the_web_servers_own_list_is_not_taken(word: str) -> None:
    payload = (PAYLOADS / "rekor" / "alert.json").read_bytes()
    assert word.encode() in payload
    assert word not in repr(rekor.decode(payload, {}, Setup()))


@pytest.mark.parametrize("file", ["known_plate.json", "event_end_pair.json", "face.json"])
def test_names_people_gave_to_plates_and_faces_are_not_taken(file: str) -> None:
    payload = (PAYLOADS / "frigate" / file).read_bytes()
    said = repr(frigate.decode(payload, {"topic": "frigate/events"}, Setup()))
    assert "Neighbour" not in said
    assert "A Person" not in said
