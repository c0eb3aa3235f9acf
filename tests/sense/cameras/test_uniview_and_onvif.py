"""Pictures several passages share, and frames without order, in time and memory that stay small."""

import json

from morina.sense.cameras.adapters import onvif, uniview
from morina.sense.cameras.reports import Report, Setup

JPEG = "/9j/2Q=="


def test_vehicles_of_one_uniview_event_share_the_bytes_of_its_picture() -> None:
    vehicle = {"LargePicAttachIndex": 1, "PlateAttributeInfo": {"PlateNo": "BRAB123"}}
    said = {
        "DeviceID": "U1",
        "TimeStamp": 1773476813,
        "StructureInfo": {
            "ObjInfo": {"VehicleInfoList": [vehicle | {"ID": number} for number in range(3)]},
            "ImageInfoList": [{"Index": 1, "Data": JPEG}],
        },
    }
    reports = uniview.decode(json.dumps(said).encode(), {}, Setup())
    pictures = [one.images[0].content for one in reports if isinstance(one, Report)]
    assert len(pictures) == 3
    assert all(picture is pictures[0] for picture in pictures)


def test_plates_of_one_onvif_frame_share_the_bytes_of_its_scene() -> None:
    plate = "<LicensePlateInfo><PlateNumber>AA417KD</PlateNumber></LicensePlateInfo>"
    objects = "".join(
        f'<Object ObjectId="{number}"><Appearance>{plate}</Appearance></Object>'
        for number in range(3)
    )
    frame = (
        f'<Frame UtcTime="2026-03-14T08:26:53Z">{objects}<SceneImage>{JPEG}</SceneImage></Frame>'
    )
    reports = onvif.decode(frame.encode(), {}, Setup())
    scenes = [one.images[0].content for one in reports if isinstance(one, Report)]
    assert len(scenes) == 3
    assert all(scene is scenes[0] for scene in scenes)


def test_two_objects_without_an_id_are_both_reported() -> None:
    plate = "<LicensePlateInfo><PlateNumber>{}</PlateNumber></LicensePlateInfo>"
    objects = "".join(
        f"<Object><Appearance>{plate.format(text)}</Appearance></Object>"
        for text in ("AA417KD", "KT65XDW")
    )
    reports = onvif.decode(f"<Frame>{objects}</Frame>".encode(), {}, Setup())
    assert [one.text for one in reports if isinstance(one, Report)] == ["AA417KD", "KT65XDW"]


def test_a_plate_that_names_itself_as_parent_is_no_endless_search() -> None:
    plate = "<LicensePlateInfo><PlateNumber>AA417KD</PlateNumber></LicensePlateInfo>"
    one = f'<Object ObjectId="1" Parent="1"><Appearance>{plate}</Appearance></Object>'
    (report,) = onvif.decode(f"<Frame>{one}</Frame>".encode(), {}, Setup())
    assert isinstance(report, Report)
    assert report.parent == report.track_key == "1"
