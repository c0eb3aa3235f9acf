"""Matching and alerts."""

from pydantic import (
    Field,
)

from morina.settings.section import Seconds, Section, Share


class Alerts(Section):
    """When a hit is put before an operator, and how long it waits."""

    live_within_s: Seconds = Field(
        300, description="A read older than this on arrival raises a late alert, never a live one."
    )
    fold_within_s: Seconds = Field(
        300, description="Repeats of one vehicle at one camera within this fold into one alert."
    )
    expire_after_s: Seconds = Field(
        1800, description="An alert nobody acknowledges expires after this."
    )


class Matching(Section):
    """How far a read may differ from a listing."""

    look_alike_swaps: int = Field(
        2, ge=0, le=4, description="Most look-alike characters swapped in a hit."
    )
    misread_share: Share = Field(
        0.03, description="Share of reads assumed misread, for the preview of false hits."
    )
    reads_a_day: int = Field(
        5_000_000, gt=0, description="Reads a day assumed for the preview of false hits."
    )
