"""Every setting of a node: one typed object, from ``morina.toml`` and ``MORINA_*``.

``docs/settings.md`` is held to this module by a test. Unknown keys are refused.
"""

import os
from ipaddress import ip_network
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as PydanticSettingsError

Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[int, Field(gt=0)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Desk(_Section):
    """The pages and the HTTP API."""

    host: str = Field("127.0.0.1", description="Address the desk listens on.")
    port: int = Field(8600, ge=1, le=65535, description="Port the desk listens on.")
    upload_bytes: int = Field(
        12_000_000, gt=0, description="Largest picture or hotlist file accepted, bytes."
    )
    image_pixels: int = Field(
        40_000_000, gt=0, description="Largest picture accepted, width times height."
    )
    tiles: Path | None = Field(
        None, description="Own map tiles: an .mbtiles or .pmtiles file. Empty: none."
    )


class Engines(_Section):
    """Engines: empty means started and supervised by the node itself."""

    postgres_dsn: str = Field("", description="DSN of a PostgreSQL of your own.")
    nats_url: str = Field("", description="URL of a NATS server (JetStream on) of your own.")
    clickhouse_dsn: str = Field(
        "", description="DSN of a ClickHouse server of your own, such as clickhouse://host:8123."
    )
    images_url: str = Field(
        "", description="Object store for pictures, such as s3://bucket. Empty: a folder at home."
    )
    nats_store_bytes: int = Field(
        10_000_000_000, gt=0, description="Most disk space of the hand-over streams, bytes."
    )
    min_free_bytes: int = Field(
        500_000_000, ge=0, description="Free disk space below which a node refuses to start, bytes."
    )


class Alerts(_Section):
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


class Matching(_Section):
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


class Reading(_Section):
    """The recogniser and its workers."""

    workers: int = Field(1, ge=0, le=64, description="Processes that read pictures of captures.")
    threads: int = Field(1, ge=1, le=64, description="Threads of one recogniser.")
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


class Broker(_Section):
    """One MQTT broker whose messages cameras or their servers publish."""

    host: str
    port: int = Field(1883, ge=1, le=65535)
    tls: bool = False
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    user: str = ""
    password: SecretStr = SecretStr("")
    topics: dict[str, str] = {
        "frigate/events": "frigate",
        "frigate/tracked_object_update": "frigate",
    }

    @model_validator(mode="after")
    def _shown_over_tls(self) -> Self:
        if (self.ca or self.certificate or self.key) and not self.tls:
            raise ValueError("ca, certificate and key count over TLS only; set tls = true")
        if bool(self.certificate) != bool(self.key):
            raise ValueError("certificate and key belong together; name both files")
        return self


class Listener(_Section):
    """One TCP port to which cameras of one maker send frames, and who may."""

    maker: str
    port: int = Field(ge=0, le=65535)
    host: str = "0.0.0.0"  # noqa: S104 - cameras are elsewhere


class Drop(_Section):
    """One folder into which cameras upload files, each into the sub-folder named as its id."""

    path: Path
    then: Literal["keep", "remove"] = "keep"


class Images(_Section):
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


class Push(_Section):
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


class Sites(_Section):
    """Sites beside the road that belong to this node (docs/edge.md)."""

    port: int = Field(0, ge=0, le=65535, description="Port sites connect to. 0: none may.")
    host: str = Field("0.0.0.0", description="Address that port listens on.")  # noqa: S104 - sites are elsewhere
    address: str = Field(
        "", description="Host name or IP address under which sites reach this node."
    )
    hotlist_hours: int = Field(
        168, gt=0, description="How long a site without a link may go on using its hotlist, hours."
    )


class Edge(_Section):
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


class SiteTargets(_Section):
    """What one site's cameras should reach, where it differs from the node's targets."""

    site: str
    capture_target: Share
    read_target: Share


class Health(_Section):
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


class Search(_Section):
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


class RetentionGroup(_Section):
    """Cameras whose reads are kept otherwise than all others (docs/retention.md)."""

    cameras: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    owner: str
    policy: str
    days: int | None = Field(None, ge=1, le=3650)
    match_and_forget: bool = False


Days = Annotated[int, Field(ge=1, le=3650)]


class Retention(_Section):
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
    files_leave_after_s: int = Field(
        60, ge=1, le=3600,
        description="Files of forgotten reads leave the disk so long after, seconds.",
    )  # fmt: skip
    groups: dict[str, RetentionGroup] = Field(
        {}, description="Cameras kept otherwise, tables `[retention.groups.NAME]`."
    )


class CloneCorridor(_Section):
    """Two sites joined by ferry, tunnel or train, and the most one can do between them."""

    sites: tuple[str, str]
    most_kmh: float = Field(gt=0)


class Clones(_Section):
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


class Settings(BaseSettings):
    """All settings. Environment: ``MORINA_DESK__PORT=8601`` overrides ``[desk] port``."""

    model_config = SettingsConfigDict(
        env_prefix="MORINA_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    home: Path = Field(
        Path("morina-home"), description="The folder that holds all data of the node."
    )
    desk: Desk = Desk()
    engines: Engines = Engines()
    alerts: Alerts = Alerts()
    matching: Matching = Matching()
    reading: Reading = Reading()
    images: Images = Images()
    push: Push = Push()
    sites: Sites = Sites()
    edge: Edge = Edge()
    health: Health = Health()
    search: Search = Search()
    clones: Clones = Clones()
    retention: Retention = Retention()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is the library's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


class SettingsError(Exception):
    """The settings are not usable; the message names each place and what to do."""


def load_settings(file: Path = Path("morina.toml"), home: Path | None = None) -> Settings:
    """The settings of ``file`` (it may be absent) and the environment; ``home`` overrides both.

    Raises SettingsError naming every wrong key or value.
    """

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    _refuse_unknown_variables()
    try:
        return FromFile(**({} if home is None else {"home": home}))  # type: ignore[arg-type]  # a one-key splat
    except TOMLDecodeError as error:
        raise SettingsError(f"{file}: {error}; mend the TOML there") from None
    except PydanticSettingsError as error:
        raise SettingsError(f"{error}; mend that MORINA_* variable") from None
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        known = "docs/settings.md lists every setting"
        raise SettingsError(f"{file} or MORINA_*: " + "; ".join(lines) + f"; {known}") from None


def keys() -> dict[str, FieldInfo]:
    """Every setting by its dotted name."""
    found: dict[str, FieldInfo] = {}
    for name, info in Settings.model_fields.items():
        section = info.annotation
        if isinstance(section, type) and issubclass(section, BaseModel):
            found |= {f"{name}.{key}": inner for key, inner in section.model_fields.items()}
        else:
            found[name] = info
    return found


def _refuse_unknown_variables() -> None:
    known = {f"MORINA_{key.upper().replace('.', '__')}" for key in keys()}
    sections = {variable.partition("__")[0] for variable in known if "__" in variable}
    for variable in os.environ:
        ours = variable.startswith("MORINA_") and not variable.startswith("MORINA_TEST_")
        if ours and variable not in known | sections:
            raise SettingsError(f"{variable} is no setting; docs/settings.md lists every one")
