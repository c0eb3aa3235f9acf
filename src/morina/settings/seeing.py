"""Cameras, what they send, sites beside the road."""

from ipaddress import ip_network
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import (
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from morina.settings.section import Days, Seconds, Section, Share


class Cameras(Section):
    """Where cameras may be (docs/security.md)."""

    may_be_local: bool = Field(
        False, description="Whether a camera's address may be this machine or link-local."
    )
    files: tuple[Path, ...] = Field(
        (), description="Folders that file: sources may lie in. Empty: any outside the home."
    )


class Reading(Section):
    """The recogniser and its workers."""

    workers: int = Field(1, ge=0, le=64, description="Processes that read pictures of captures.")
    threads: int = Field(1, ge=1, le=64, description="Threads of one recogniser.")
    memory_bytes: int = Field(
        6_000_000_000, ge=0,
        description="Most memory (address space) of each of these processes, bytes. 0: no limit.",
    )  # fmt: skip
    camera_group: int = Field(
        8, ge=1, le=256, description="Most cameras that film followed by one process."
    )
    frames_per_s: float = Field(
        8.0, gt=0, le=60, description="Most frames a second taken of a camera that films."
    )
    stall_s: Seconds = Field(
        10, description="A camera that sends nothing for so long is connected to again."
    )
    taken_hours: float = Field(
        24.0, gt=0, description="How long files taken from a folder are kept in its `taken`, hours."
    )
    refused_hours: float = Field(
        168.0, gt=0, description="How long files a folder refused are kept in its `refused`, hours."
    )
    countries: tuple[str, ...] = Field(
        (),
        description="Countries (ISO 3166-1 alpha-2, XK for Kosovo) expected here, likeliest first.",
    )
    recogniser: Literal["own", "rapidocr", "fast-alpr"] = Field(
        "own", description="What reads plates: `own`, `rapidocr` or `fast-alpr`."
    )
    fast_alpr_finder: Path | None = Field(
        None, description="For `fast-alpr`: its finder, an ONNX file (YOLOv9)."
    )
    fast_alpr_reader: Path | None = Field(
        None, description="For `fast-alpr`: its reader, an ONNX file (fast-plate-ocr)."
    )
    fast_alpr_reader_config: Path | None = Field(
        None, description="For `fast-alpr`: the YAML file that came with its reader."
    )

    @model_validator(mode="after")
    def _has_weights(self) -> Self:
        weights = (self.fast_alpr_finder, self.fast_alpr_reader, self.fast_alpr_reader_config)
        if self.recogniser == "fast-alpr" and None in weights:
            raise ValueError(
                "fast-alpr needs fast_alpr_finder, fast_alpr_reader and fast_alpr_reader_config; "
                "name its files"
            )
        return self


class Broker(Section):
    """One MQTT broker whose messages cameras or their servers publish."""

    host: str
    port: int = Field(1883, ge=1, le=65535)
    tls: bool = False
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    user: str = ""
    password: SecretStr = SecretStr("")
    topics: dict[str, str] = Field(
        {"frigate/events": "frigate", "frigate/tracked_object_update": "frigate"}
    )

    @model_validator(mode="after")
    def _shown_over_tls(self) -> Self:
        if (self.ca or self.certificate or self.key) and not self.tls:
            raise ValueError("ca, certificate and key count over TLS only; set tls = true")
        if bool(self.certificate) != bool(self.key):
            raise ValueError("certificate and key belong together; name both files")
        return self


class Listener(Section):
    """One TCP port to which cameras of one maker send frames, and who may."""

    maker: str
    port: int = Field(ge=0, le=65535)
    host: str = "0.0.0.0"  # noqa: S104 - cameras are elsewhere


class Drop(Section):
    """One folder into which cameras upload files, each into the sub-folder named as its id."""

    path: Path
    then: Literal["keep", "remove"] = "keep"


class Images(Section):
    """How large pictures are that Morina encodes; what a camera sent stays as it came."""

    overview_bytes: int = Field(
        400_000, description="Largest frame kept of a film, bytes: 0 none, else 5,000 or more."
    )
    patch_bytes: int = Field(
        40_000, description="Largest plate patch kept, bytes: 0 none, else 5,000 or more."
    )

    @field_validator("overview_bytes", "patch_bytes")
    @classmethod
    def _bearable(cls, most: int) -> int:
        if most != 0 and most < 5_000:
            raise ValueError("must be 5000 or more, or 0 for no limit")
        return most


class Push(Section):
    """Cameras that read plates themselves and send what they read (docs/cameras/push.md)."""

    bytes: int = Field(20_000_000, gt=0, description="Largest payload of a camera accepted, bytes.")
    wait_for_final_s: Seconds = Field(
        5, description="How long an interim reading waits for the camera's final one, seconds."
    )
    certificate_header: str = Field(
        "",
        description="Header in which your proxy puts a client certificate's SHA-256. Empty: none.",
    )
    proxies: tuple[str, ...] = Field(
        ("127.0.0.1", "::1"),
        description="Addresses of your proxies: only they say who calls, and show certificates.",
    )
    brokers: tuple[Broker, ...] = Field(
        (), description="MQTT brokers to listen to, tables `[[push.brokers]]`."
    )
    listeners: tuple[Listener, ...] = Field(
        (), description="TCP ports for cameras that send frames, tables `[[push.listeners]]`."
    )
    folders: tuple[Drop, ...] = Field(
        (), description="Folders cameras upload files into (FTP), tables `[[push.folders]]`."
    )
    pull_every_s: Seconds = Field(
        2, description="How often a camera's own list is asked for, seconds."
    )

    @field_validator("proxies")
    @classmethod
    def _are_addresses(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        for one in proxies:
            ip_network(one)
        return proxies


class Sites(Section):
    """Sites beside the road that belong to this node (docs/edge.md)."""

    port: int = Field(0, ge=0, le=65535, description="Port sites connect to. 0: none may.")
    host: str = Field("0.0.0.0", description="Address that port listens on.")  # noqa: S104 - sites are elsewhere
    address: str = Field(
        "", description="Host name or IP address under which sites reach this node."
    )
    hotlist_hours: int = Field(
        168, gt=0, description="How long a site without a link may go on using its hotlist, hours."
    )


class Edge(Section):
    """One machine beside the road: `morina edge` (docs/edge.md)."""

    cameras: Path = Field(Path("cameras.toml"), description="The file that lists its cameras.")
    disk_bytes: int = Field(
        20_000_000_000,
        ge=20_000_000,
        description="Most disk space of what waits there, reads and pictures, bytes.",
    )
    clock_within_s: float = Field(
        2.0, gt=0, description="A clock off by more than this, seconds, is flagged."
    )
    push_port: int = Field(
        0, ge=0, le=65535, description="Port cameras that read plates push to there. 0: none may."
    )
    push_host: str = Field("0.0.0.0", description="Address that port listens on.")  # noqa: S104 - cameras are elsewhere
    alarm_url: str = Field(
        "", description="http://127.0.0.1 address that is told of possible hits there. Empty: none."
    )

    @model_validator(mode="after")
    def _stays_here(self) -> Self:
        if self.alarm_url and urlsplit(self.alarm_url).hostname not in {"127.0.0.1", "::1"}:
            raise ValueError("alarm_url must be on this machine: http://127.0.0.1:PORT/...")
        return self


class SiteTargets(Section):
    """What one site's cameras should reach, where it differs from the node's targets."""

    site: str
    capture_target: Share
    read_target: Share


class Health(Section):
    """Whether cameras see as they should (docs/cameras/health.md)."""

    look_every_s: Seconds = Field(60, description="How often every camera is looked at, seconds.")
    time_zone: str = Field(
        "Europe/Tirane", description="IANA zone whose hours of the week make a camera's usual."
    )
    late_s: float = Field(
        10.0, gt=0, description="Reads that take longer to arrive, seconds, raise a notice."
    )
    capture_target: Share = Field(
        0.98, description="Share of vehicles a camera should capture; this project's default."
    )
    read_target: Share = Field(
        0.97, description="Share of legible plates to be read right; this project's default."
    )
    sites: tuple[SiteTargets, ...] = Field(
        (), description="Targets of single sites, tables `[[health.sites]]`."
    )
    metrics_from_loopback: bool = Field(
        False, description="Whether /metrics answers this machine without a token."
    )

    @model_validator(mode="after")
    def _knows_its_zone(self) -> Self:
        if self.time_zone not in available_timezones():
            raise ValueError(f"time_zone {self.time_zone!r} is unknown; write e.g. Europe/Tirane")
        return self


class LiveSource(Section):
    """One place live video of aircraft comes in at; a sortie that flies is recorded from it."""

    name: str = Field(min_length=1)
    address: str = Field(pattern=r"^(udp|srt)://[^/?#\s]+:\d+(\?\S*)?$")
    airframe: str = ""


class StatedSpread(Section):
    """Errors of what an airframe says of itself, one standard deviation each (docs/aerial.md)."""

    horizontal_m: float = Field(gt=0, description="Of its place, east and north each, metres.")
    vertical_m: float = Field(gt=0, description="Of its height, metres.")
    yaw_deg: float = Field(gt=0, description="Of the way its camera points, degrees.")
    pitch_deg: float = Field(gt=0, description="Of its camera's angle down, degrees.")
    roll_deg: float = Field(gt=0, description="Of its camera's roll, degrees.")
    view_share: float = Field(0.01, ge=0, lt=1, description="Of the field of view, as a share.")


class StatedLens(Section):
    """Distortion of an airframe's lens by Brown and Conrady, as OpenCV numbers it."""

    k1: float = Field(0.0, ge=-10, le=10)
    k2: float = Field(0.0, ge=-10, le=10)
    p1: float = Field(0.0, ge=-10, le=10)
    p2: float = Field(0.0, ge=-10, le=10)
    k3: float = Field(0.0, ge=-10, le=10)


class Aerial(Section):
    """Drone flights (docs/aerial.md)."""

    keep_days: Days = Field(
        30, description="Days video, telemetry and tracks of a flight are kept after its end."
    )
    file_bytes: int = Field(
        20_000_000_000, gt=0, description="Largest video or telemetry file of a flight, bytes."
    )
    upload_bytes: int = Field(
        4_000_000_000, gt=0,
        description="Most bytes of a flight's files taken in at the desk or over the API at once;"
        " larger ones go in at the node: `morina aerial add`.",
    )  # fmt: skip
    workers: int = Field(
        1, ge=0, le=1, description="Processes that work flights through. 0: none at this node."
    )
    nice: int = Field(
        10, ge=0, le=19, description="How far that process steps back behind the others, as nice."
    )
    detections_per_s: float = Field(
        5.0, gt=0, le=60, description="Pictures a second of video in which things are looked for."
    )
    live_looks_per_s: float = Field(
        2.0, ge=0, le=30,
        description="Pictures a second of live video in which things are looked for at most. 0:"
        " none before the flight has landed.",
    )  # fmt: skip
    footprints_per_s: float = Field(
        2.0, gt=0, le=60, description="Footprints kept for each second of video."
    )
    terrain: Path | None = Field(
        None, description="Folder of imported terrain. Empty: `terrain` in the home."
    )
    reach_m: float = Field(
        15_000.0, gt=0, description="Nothing further from the camera is plotted, metres."
    )
    takeoff_on_terrain: bool = Field(
        False,
        description="Whether every flight's heights above take-off count from the terrain under its"
        " first position, where neither telemetry nor a person says the height of the take-off.",
    )
    rescue_minutes: float = Field(
        5.0, gt=0, le=120,
        description="A rescue nobody has taken is shown louder after so long, and again each time"
        " that doubles, minutes.",
    )  # fmt: skip
    views: dict[str, tuple[float, float]] = Field(
        {},
        description="Field of view by airframe, degrees across and down, where telemetry has none.",
    )
    spreads: dict[str, StatedSpread] = Field(
        {},
        description="Errors by airframe, tables `[aerial.spreads.NAME]`; else those assumed for"
        " its format.",
    )
    lenses: dict[str, StatedLens] = Field(
        {},
        description="Lens distortion by airframe, tables `[aerial.lenses.NAME]`; else none.",
    )
    orders: dict[str, Literal["lat_lon", "lon_lat"]] = Field(
        {}, description="Order of places in .SRT files that leave it open, by airframe."
    )
    live: tuple[LiveSource, ...] = Field(
        (), description="Where live video comes in, tables `[[aerial.live]]`."
    )

    @field_validator("live")
    @classmethod
    def _differ(cls, live: tuple[LiveSource, ...]) -> tuple[LiveSource, ...]:
        for what in ("name", "airframe"):
            if len({getattr(one, what) for one in live}) < len(live):
                raise ValueError(f"two sources have the same {what}; each needs its own")
        return live

    @field_validator("views")
    @classmethod
    def _are_angles(cls, views: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
        for name, view in views.items():
            if not all(0 < angle < 180 for angle in view):
                raise ValueError(f"the field of view of {name} is none; write two angles under 180")
        return views
