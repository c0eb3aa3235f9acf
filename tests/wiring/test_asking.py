"""The kinds of question a node can answer."""

from pathlib import Path
from typing import cast

from morina.records.journeys import Travelled
from morina.records.running import Rows
from morina.sense.cameras import CameraRegistry
from morina.settings import Settings
from morina.wiring.asking import kinds_of

PAGE = (Path(__file__).parents[2] / "docs" / "records.md").read_text()
KINDS = kinds_of(cast(Rows, None), cast(CameraRegistry, None), Settings(), cast(Travelled, None))


def test_every_kind_is_on_the_page_once_and_has_a_name_and_a_type_of_its_own() -> None:
    assert (
        len({kind.name for kind in KINDS}) == len({kind.question for kind in KINDS}) == len(KINDS)
    )
    for kind in KINDS:
        assert f"`{kind.name}`" in PAGE, kind.name
