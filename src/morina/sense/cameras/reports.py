"""What cameras that read plates themselves say, and what decoding it takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Literal, Protocol

from morina.sense.capture import zoned

ImageKind = Literal["overview", "patch", "vehicle"]
Box = tuple[float, float, float, float]


class PayloadError(ValueError):
    """A payload that is not what its maker sends; the text names the place and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentImage:
    """A picture as the camera sent it, not yet decoded or believed to be one."""

    kind: ImageKind
    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One passage, or a state of it, in a camera's own words put into ours.

    ``plate_raw`` is the text as sent and ``text`` the plate in it: letters and digits, None for an
    unread passage. ``captured_at`` is None where the payload holds no time; the arrival then
    counts. ``confidence``, ``char_confidence`` and ``country_confidence`` are 0 to 1, None or empty
    where not said. ``country`` is ISO 3166-1 alpha-2 (XK for Kosovo), None when undecided.
    ``vehicle_class`` is one of ``wire.classes.CLASSES`` (as sent by cameras with a mapping).
    ``direction_deg`` is the maker's angle. ``plate_box`` is (left, top, width, height) in pixels.
    ``source_id`` is the same when the camera sends the same passage again; ``track_key`` is that
    of all states of a passage, ``event`` which of them this is ("new", "update", "lost").
    ``camera_key`` is how the camera names itself. ``doubts`` are what had to be assumed, in words
    for a technician. A camera's own list verdict is not here: it never counts as a hit.
    """

    plate_raw: str
    text: str | None
    captured_at: datetime | None = None
    confidence: float | None = None
    char_confidence: tuple[float, ...] = ()
    country: str | None = None
    country_confidence: float | None = None
    candidates: tuple[str, ...] = ()
    direction: str | None = None
    direction_deg: float | None = None
    lane: str | None = None
    speed_kmh: float | None = None
    make: str | None = None
    model: str | None = None
    colour: str | None = None
    vehicle_class: str | None = None
    plate_box: Box | None = None
    source_id: str | None = None
    track_key: str | None = None
    parent: str | None = None
    event: str | None = None
    cursor: str | None = None
    retransmitted: bool = False
    provisional: bool = False
    camera_key: Mapping[str, str] = field(default_factory=dict)
    images: tuple[SentImage, ...] = ()
    doubts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.captured_at is not None:
            zoned(self.captured_at, "captured_at")
        for value in (self.confidence, self.country_confidence, *self.char_confidence):
            if value is not None and not 0.0 <= value <= 1.0:
                raise PayloadError(f"confidence {value} is not between 0 and 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """A camera says that it is alive, or anything else that is no passage (``what``)."""

    camera_key: Mapping[str, str] = field(default_factory=dict)
    what: str = "heartbeat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What is known of the camera a payload comes from.

    ``timezone`` is that of its clock, for times sent without one (None: such a time is refused
    with a word on the setting). ``confidence_scale`` is the greatest confidence it sends (None: as
    its maker documents). ``mapping`` says for generic payloads where each field is.
    """

    timezone: tzinfo | None = None
    confidence_scale: float | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)


class Decode(Protocol):
    """A maker's adapter: bytes in, values out, no input or output in between.

    ``headers`` are those of the request in lower case; besides, ``topic`` (MQTT), ``path`` (HTTP)
    and ``filename`` (FTP, folders) where there is one. Raises PayloadError, and nothing else,
    whatever the bytes are.
    """

    def __call__(
        self, payload: bytes, headers: Mapping[str, str], setup: Setup
    ) -> list[Report | Heartbeat]:
        """What the payload says, in the order it should be taken."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a camera must hear so that it does not send the same again."""

    content: bytes = b""
    media_type: str = "text/plain"
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """One maker's adapter. ``verified`` says what its decoder was checked against."""

    name: str
    title: str
    decode: Decode
    reply: Reply = Reply()
    verified: str = ""
