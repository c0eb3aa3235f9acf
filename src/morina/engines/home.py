"""The one folder that holds all data of a node, and the lock that keeps it to one node."""

import fcntl
import json
import os
import secrets
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Self


class EngineError(Exception):
    """The node cannot run; the message says why and what to do."""


@dataclass(slots=True)
class Home:
    """A node's folder, held by one node at a time from ``open`` to ``close``."""

    path: Path
    _lock: int | None = None

    @classmethod
    def open(cls, path: Path, min_free_bytes: int = 0) -> Self:
        """Make the folder when needed and take its lock; EngineError when it cannot be used."""
        home = cls(path.resolve())
        try:
            home.path.mkdir(parents=True, exist_ok=True)
            home._take_lock()
        except OSError as error:
            raise EngineError(
                f"cannot use the home {home.path}: {error.strerror}; "
                "choose another with --home or mend its permissions"
            ) from None
        home.check_space(min_free_bytes)
        return home

    def _take_lock(self) -> None:
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode().strip() or "unknown"
            os.close(descriptor)
            raise EngineError(
                f"another node (process {holder}) already runs on {self.path}; "
                "stop it first or choose another --home"
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        self._lock = descriptor

    def check_space(self, min_free_bytes: int) -> None:
        """EngineError when less than ``min_free_bytes`` are free where the home is."""
        free = self.free_bytes()
        if free < min_free_bytes:
            raise EngineError(
                f"only {free:,} bytes are free at {self.path}, {min_free_bytes:,} are needed; "
                "free some space, or lower engines.min_free_bytes"
            )

    def free_bytes(self) -> int:
        """What is free where the home is."""
        return shutil.disk_usage(self.path).free

    def close(self) -> None:
        """Let another node use the home."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def folder(self, name: str) -> Path:
        """A sub-folder, made when needed."""
        folder = self.path / name
        folder.mkdir(exist_ok=True)
        return folder

    def secret(self, name: str) -> str:
        """A random secret of this home, made once, readable by its owner only."""
        file = self.folder("secrets") / name
        if not file.exists():
            self.write_private(file, secrets.token_urlsafe(32))
        return file.read_text()

    def write_private(self, file: Path, text: str) -> None:
        """Write a file readable by its owner only, whole or not at all."""
        fresh = file.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(file)

    def port(self, name: str) -> int:
        """The port an engine had last time when still free, else a free one, remembered."""
        file = self.folder("run") / "ports.json"
        ports: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
        if name not in ports or not _is_free(ports[name]):
            ports[name] = _free_port()
            self.write_private(file, json.dumps(ports))
        return ports[name]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
