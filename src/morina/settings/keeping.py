"""Records: questions, retention, clones."""

from pydantic import (
    Field,
)

from morina.settings.section import Days, Seconds, Section, Share


class Search(Section):
    """Questions to the records (docs/records.md)."""

    seconds: float = Field(30.0, gt=0, le=600, description="Longest a question looks, seconds.")
    rows: int = Field(
        1000, ge=1, le=100_000, description="Most findings of one answer; it then says more."
    )
    at_once: int = Field(
        2, ge=1, le=16, description="Questions answered at the same time; more wait their turn."
    )
    open_each: int = Field(
        10, ge=1, le=1000, description="Most unanswered questions of one officer."
    )
    days_back: int = Field(
        365, ge=1, le=3660, description="How long ago a question's period may begin, days."
    )
    entry_days_back: int = Field(
        90, ge=1, le=3660, description="How far back a new hotlist entry is looked for, days."
    )
    kept_s: Seconds = Field(
        300, description="How long an answer is kept for whoever asked, seconds."
    )
    export_rows: int = Field(50_000, ge=1, description="Most passages in one export for a case.")
    export_bytes: int = Field(
        2_000_000_000, ge=0, description="Most pictures in one export for a case, bytes."
    )


class RetentionGroup(Section):
    """Cameras whose reads are kept otherwise than all others (docs/retention.md)."""

    cameras: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    owner: str = ""
    policy: str = ""
    days: int | None = Field(None, ge=1, le=3650)
    match_and_forget: bool = False


class Retention(Section):
    """How long reads are kept (docs/retention.md)."""

    days: Days = Field(90, description="How long reads and pictures are kept, days.")
    alert_days: Days = Field(
        90, description="How long a closed alert keeps what was read and decided, days."
    )
    lists: dict[str, Days] = Field(
        {}, description="The same for alerts of single hotlists, by the hotlist's name."
    )
    review_days: Days = Field(
        180, description="After how many days a pinned read is reviewed where nobody says when."
    )
    refused_days: Days = Field(
        7, description="How long messages that nobody can read are kept in their stream, days."
    )
    files_leave_after_s: int = Field(
        60, ge=1, le=3600,
        description="Files of forgotten reads leave the disk so long after, seconds.",
    )  # fmt: skip
    groups: dict[str, RetentionGroup] = Field(
        {}, description="Cameras kept otherwise, tables `[retention.groups.NAME]`."
    )


class CloneCorridor(Section):
    """Two sites joined by ferry, tunnel or train, and the most one can do between them."""

    sites: tuple[str, str]
    most_kmh: float = Field(gt=0)


class Clones(Section):
    """When one plate at two places is too fast for one vehicle (docs/records.md)."""

    most_kmh: float = Field(
        180.0, ge=20, description="Faster than this, km/h, is no journey of one vehicle."
    )
    clock_error_s: float = Field(
        10.0, gt=0, description="Error allowed for the clocks of two cameras together, seconds."
    )
    place_error_m: float = Field(
        250.0, ge=0, description="Error allowed for the place of one camera, metres."
    )
    least_confidence: Share = Field(
        0.9, description="Readings less sure than this count only where a person verified them."
    )
    corridors: tuple[CloneCorridor, ...] = Field(
        (), description="Ferries, tunnels: a speed of their own, tables `[[clones.corridors]]`."
    )
