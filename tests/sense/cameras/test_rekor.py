"""Rekor: one passage comes as preview, group and alert."""

import json
from pathlib import Path

from morina.sense.cameras.adapters import rekor
from morina.sense.cameras.reports import Report, Setup

PAYLOADS = Path(__file__).parent / "payloads" / "rekor"


def decoded(name: str, **changes: object) -> Report:
    said = json.loads((PAYLOADS / name).read_bytes()) | changes
    (report,) = rekor.decode(json.dumps(said).encode(), {}, Setup())
    assert isinstance(report, Report)
    return report


def test_a_group_and_the_alert_on_it_are_one_passage() -> None:
    group, alert = decoded("rekor_alpr_group.json"), decoded("alert.json")
    assert group.source_id == alert.source_id
    assert group.camera_key == alert.camera_key


def test_a_group_is_not_taken_for_a_repeat_of_its_preview() -> None:
    group, preview = decoded("rekor_alpr_group.json"), decoded("preview.json")
    later = decoded("preview.json", epoch_end=1773476815000)
    assert len({group.source_id, preview.source_id, later.source_id}) == 3
    assert group.track_key == preview.track_key == later.track_key
    assert preview.provisional
    assert not group.provisional


def test_a_preview_sent_again_is_a_repeat() -> None:
    assert decoded("preview.json").source_id == decoded("preview.json").source_id
