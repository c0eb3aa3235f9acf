"""What the desk takes in is bounded by the settings."""

from morina.settings import Aerial, Settings
from morina.wiring.chosen import limits_of


def test_how_large_files_of_a_flight_may_be_at_the_desk_is_a_setting() -> None:
    assert limits_of(Settings()).sortie_bytes == 4_000_000_000
    assert limits_of(Settings(aerial=Aerial(upload_bytes=7))).sortie_bytes == 7
