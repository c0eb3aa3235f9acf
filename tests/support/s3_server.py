"""A real S3 server, SeaweedFS from its wheel, on free ports with keys of its own."""

import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from running import START_WITHIN_S, free_port


@dataclass
class S3Server:
    """Where it answers, its one account, and its process, which can be ended and started again."""

    folder: Path
    port: int = field(default_factory=free_port)
    key_id: str = field(default_factory=lambda: secrets.token_hex(8))
    secret: str = field(default_factory=lambda: secrets.token_hex(20))
    process: subprocess.Popen[bytes] | None = None
    ports: list[int] = field(default_factory=lambda: [free_port() for _ in range(7)])

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """What a node is given to reach it."""
        return {
            "AWS_ACCESS_KEY_ID": self.key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": "us-east-1",
            "AWS_ALLOW_HTTP": "true",
        }

    def start(self) -> None:
        """Start and wait until it answers."""
        master, master_grpc, volume, volume_grpc, filer, filer_grpc, s3_grpc = self.ports
        keys = {"accessKey": self.key_id, "secretKey": self.secret}
        actions = ["Admin", "Read", "List", "Tagging", "Write"]
        config = self.folder / "s3.json"
        accounts = [{"name": "morina", "credentials": [keys], "actions": actions}]
        config.write_text(json.dumps({"identities": accounts}))
        arguments = [
            "server", f"-dir={self.folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
            "-s3", f"-s3.config={config}", "-s3.port.iceberg=0",
            f"-s3.port={self.port}", f"-s3.port.grpc={s3_grpc}",
            f"-master.port={master}", f"-master.port.grpc={master_grpc}",
            f"-volume.port={volume}", f"-volume.port.grpc={volume_grpc}",
            f"-filer.port={filer}", f"-filer.port.grpc={filer_grpc}",
            "-master.volumeSizeLimitMB=64", "-volume.max=20",
        ]  # fmt: skip
        weed = Path(sys.executable).with_name("weed")
        with (self.folder / "weed.log").open("wb") as log:
            self.process = subprocess.Popen(
                [weed, *arguments], stdout=subprocess.DEVNULL, stderr=log
            )
        deadline = time.monotonic() + START_WITHIN_S
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError((self.folder / "weed.log").read_text()[-2000:])
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.endpoint}/healthz", timeout=10).is_success
        except httpx.TransportError:
            return False


@contextmanager
def s3_server(folder: Path) -> Iterator[S3Server]:
    """Runs for as long as the context lasts."""
    server = S3Server(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
