from datetime import UTC, datetime, timedelta

from morina.sense.cameras.printing import report_as_json
from morina.sense.cameras.reports import Heartbeat, Report, SentImage

AT = datetime(2026, 3, 14, 8, 26, 53, tzinfo=UTC)


def test_what_is_not_said_is_left_out_but_for_time_and_country() -> None:
    assert report_as_json(Report(plate_raw="unknown", text=None)) == {
        "plate_raw": "unknown",
        "plate_norm": None,
        "captured_at": None,
        "country": None,
        "retransmitted": False,
    }


def test_times_are_utc_and_as_fine_as_they_need_be() -> None:
    for micros, end in ((0, "53Z"), (589_000, "53.589Z"), (589_001, "53.589001Z")):
        at = AT + timedelta(microseconds=micros)
        printed = report_as_json(Report(plate_raw="A1", text="A1", captured_at=at))
        assert printed["captured_at"] == f"2026-03-14T08:26:{end}"


def test_a_confidence_of_zero_is_said() -> None:
    printed = report_as_json(Report(plate_raw="A1", text="A1", confidence=0.0, provisional=True))
    assert printed["confidence"] == 0
    assert printed["provisional"] is True


def test_images_are_named_and_weighed_not_printed() -> None:
    image = SentImage(kind="patch", name="p.jpg", content=b"\xff\xd8")
    report = Report(plate_raw="A1", text="A1", images=(image,), plate_box=(1.0, 2.5, 3.0, 4.0))
    printed = report_as_json(report)
    assert printed["images"] == ["p.jpg"]
    assert printed["image_bytes"] == [2]
    assert printed["plate_box"] == [1, 2.5, 3, 4]


def test_a_heartbeat_says_what_it_is() -> None:
    told = Heartbeat(camera_key={"mac": "02"}, what="videoloss")
    assert report_as_json(told) == {
        "kind": "heartbeat",
        "what": "videoloss",
        "camera_key": {"mac": "02"},
    }
