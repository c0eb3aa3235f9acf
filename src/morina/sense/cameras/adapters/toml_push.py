"""How a camera in a file pushes: its table ``[cameras.ID.push]``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from morina.sense.cameras.pushing import SHORTEST_SECRET, PushingCamera, secret_hash

TEXTS = ("maker", "time_zone", "certificate", "secret", "secret_sha256", "pull_url", "login")
TABLES = ("mapping", "device_keys")
FIELDS = frozenset({*TEXTS, *TABLES, "confidence_scale", "addresses", "uploads"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LetIn:
    """A camera that may push, or whose list is asked for.

    ``secret`` is its login (``user:password``) where a list is, else what it pushes with; empty
    where only its hash is known, or none.
    """

    camera: PushingCamera
    secret: str = field(default="", repr=False)
    secret_sha256: bytes = field(default=b"", repr=False)


def push_of(camera_id: str, table: object) -> LetIn:
    """What the table says; ValueError names the field and what to do."""
    if not isinstance(table, dict):
        raise ValueError(f"push is no table; write [cameras.{camera_id}.push]")
    if unknown := set(table) - FIELDS:
        raise ValueError(f"push: {', '.join(sorted(unknown))} is not known; docs/edge.md")
    if not all(isinstance(table.get(name, ""), str) for name in TEXTS):
        raise ValueError(f"push: {', '.join(TEXTS)} are texts in quotes")
    if not table.get("maker"):
        raise ValueError("push: maker is missing; write the name of its adapter")
    login = _login(table)
    secret = table.get("secret", "")
    hashed = _hashed(secret, table.get("secret_sha256", ""))
    camera = PushingCamera(
        camera_id=camera_id,
        maker=table["maker"],
        time_zone=table.get("time_zone", ""),
        confidence_scale=_scale(table.get("confidence_scale")),
        mapping=_texts(table, "mapping"),
        device_keys=_texts(table, "device_keys"),
        addresses=_addresses(table.get("addresses", [])),
        certificate=table.get("certificate", "").replace(":", "").lower(),
        pull_url=table.get("pull_url", ""),
    )
    uploads = table.get("uploads") is True
    known_by = (hashed, login, camera.addresses, camera.certificate, camera.device_keys, uploads)
    if not any(known_by):
        raise ValueError(
            "push: nothing lets it in; give secret, secret_sha256 or addresses, "
            "or device_keys for MQTT, or pull_url, or uploads = true for push.folders"
        )
    return LetIn(camera=camera, secret=login or secret, secret_sha256=hashed)


def _login(table: Mapping[str, str]) -> str:
    """How a camera is signed in to that is asked for its list; empty where none is."""
    url, login = table.get("pull_url", ""), table.get("login", "")
    if not url and not login:
        return ""
    asked = urlsplit(url)
    if asked.scheme not in ("http", "https") or not asked.hostname:
        raise ValueError("push: pull_url is no address; write one such as http://192.0.2.9")
    if ":" not in login:
        raise ValueError("push: pull_url needs login; write user:password, as at the camera")
    if table.get("secret") or table.get("secret_sha256"):
        raise ValueError("push: a camera asked for its list has no secret; leave it out")
    return login


def _hashed(secret: str, sha256: str) -> bytes:
    if secret and sha256:
        raise ValueError("push: secret and secret_sha256 are both given; leave one out")
    if secret:
        if len(secret) < SHORTEST_SECRET:
            raise ValueError(f"push: the secret is shorter than {SHORTEST_SECRET} characters")
        return secret_hash(secret)
    try:
        hashed = bytes.fromhex(sha256)
    except ValueError:
        hashed = b"?"
    if len(hashed) not in (0, 32):
        raise ValueError("push: secret_sha256 is not 64 hexadecimal digits; see sha256sum")
    return hashed


def _scale(number: object) -> float | None:
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise ValueError("push: confidence_scale is a number")
    return float(number)


def _texts(table: Mapping[str, object], name: str) -> Mapping[str, str]:
    found = table.get(name, {})
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise ValueError(f'push: {name} is a table of texts, such as {{ key = "text" }}')
    return found


def _addresses(found: object) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ValueError('push: addresses is a list of texts, such as ["192.0.2.7"]')
    return tuple(found)
