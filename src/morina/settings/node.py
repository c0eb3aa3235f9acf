"""The node itself: its owner, its engines, its desk, its backups."""

from pathlib import Path
from typing import Self

from pydantic import (
    Field,
    model_validator,
)

from morina.settings.section import Days, Section


class Desk(Section):
    """The pages and the HTTP API."""

    host: str = Field("127.0.0.1", description="Address the desk listens on, IPv4 or IPv6.")
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
    certificate: Path | None = Field(
        None, description="Certificate chain of the desk (PEM): it is served over TLS then."
    )
    key: Path | None = Field(None, description="Private key of that certificate (PEM).")
    behind_tls_proxy: bool = Field(
        False, description="Whether a proxy of push.proxies serves TLS; only it is answered then."
    )
    sign_ins_a_minute: int = Field(
        30, ge=1, description="Most tries to sign in from one address, a minute."
    )
    requests_a_second: int = Field(
        200, ge=1, description="Most requests of one person, or refused to one address, a second."
    )

    @model_validator(mode="after")
    def _has_both(self) -> Self:
        if bool(self.certificate) != bool(self.key):
            raise ValueError("certificate and key belong together; name both files")
        return self


class Node(Section):
    """Who answers for what a node keeps, where no group of cameras names another."""

    owner: str = Field("", description="Unit that answers for what is kept. Needed to start.")
    policy: str = Field("", description="Rule that retention.days rests on. Needed to start.")


class Engines(Section):
    """Engines: empty means started and supervised by the node itself."""

    postgres_dsn: str = Field("", description="DSN of a PostgreSQL of your own.")
    postgres_owner_dsn: str = Field(
        "", description="The same as the role that owns its tables. Empty: postgres_dsn owns them."
    )
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


class Backup(Section):
    """Backups of the whole node (docs/backup.md)."""

    folder: Path | None = Field(
        None, description="Folder backups are kept in, best on another machine. Empty: none taken."
    )
    key_file: Path | None = Field(
        None, description="File with the secret that seals the home's keys in a backup."
    )
    every_h: float = Field(24.0, gt=0, le=720, description="How often a backup is taken, hours.")
    keep: int = Field(14, ge=1, le=1000, description="Most backups kept.")
    keep_days: Days = Field(
        30, description="How long a backup is kept, days; the newest stays until the next."
    )

    @model_validator(mode="after")
    def _can_seal(self) -> Self:
        if self.folder and not self.key_file:
            raise ValueError("a backup needs key_file, which seals the home's keys; name one")
        return self
