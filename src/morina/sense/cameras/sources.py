"""The address of a camera that films: which kinds there are, and what of one may be shown."""

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

HIDDEN = "***"
DEFAULT_EVERY_S = 5.0

_OPEN = frozenset(
    {"certificate", "channel", "every", "loop", "profile", "proto", "stream", "subtype", "then",
     "transport", "unicast"}
)  # fmt: skip
"""Options whose value is shown; any other may be a secret."""
_OURS = frozenset({"every", "certificate"})
"""Options of an HTTP address that are Morina's and not sent to the camera."""
_SECRET_IN_PATH = re.compile(r"(user|usr|name|pass|pwd|token|secret|key|auth)[^/=]*=[^/]*", re.I)


class Kind(StrEnum):
    """What a source is."""

    FILE = "file"
    FOLDER = "folder"
    RTSP = "rtsp"
    MJPEG = "mjpeg"
    SNAPSHOT = "snapshot"
    USB = "usb"


_SCHEMES = {
    "file": Kind.FILE,
    "rtsp": Kind.RTSP,
    "rtsps": Kind.RTSP,
    "http+mjpeg": Kind.MJPEG,
    "https+mjpeg": Kind.MJPEG,
    "http+snapshot": Kind.SNAPSHOT,
    "https+snapshot": Kind.SNAPSHOT,
    "usb": Kind.USB,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source taken apart.

    ``address`` is what is opened: a path, an URL without the login and Morina's own options, or a
    device's number or path. ``port`` is the scheme's usual one where none is written. ``name`` is
    what its host was called where ``host`` and ``address`` have the numbers looked up for it.
    ``options`` are those of the query. ``shown`` may be logged and shown.
    """

    kind: Kind
    address: str = field(repr=False)
    shown: str
    host: str = ""
    port: int = 0
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    options: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    name: str = ""

    def at(self, address: str) -> "Source":
        """The same, its host's name replaced by an IP address that was looked up for it."""
        opened = at_address(self.address, address)
        return replace(self, address=opened, host=address, name=self.host)

    def option(self, name: str) -> str:
        """The value of an option, empty where it is not given."""
        return dict(self.options).get(name, "")

    @property
    def every_s(self) -> float:
        """Seconds from one snapshot to the next."""
        return float(self.option("every") or DEFAULT_EVERY_S)

    @property
    def any_certificate(self) -> bool:
        """Whether a certificate nobody vouches for is taken: ``?certificate=any``."""
        return self.option("certificate") == "any"


def at_address(url: str, address: str) -> str:
    """``url`` with an IP address in place of its host; it has no login."""
    parts = urlsplit(url)
    host = f"[{address}]" if ":" in address else address
    return parts._replace(netloc=f"{host}:{parts.port}" if parts.port else host).geturl()


def parse(source: str) -> Source:
    """A source by its scheme; ValueError names, without any secret, what is wrong with it."""
    kind = _SCHEMES.get(source.partition(":")[0])
    if kind is None:
        raise ValueError(
            f"source {shown(source)}: give one of {', '.join(f'{s}:' for s in _SCHEMES)}"
        )
    try:
        parts = urlsplit(source)
        return _PARSERS[kind](kind, parts, shown(source))
    except ValueError as error:
        raise ValueError(f"source {shown(source)}: {_plain(error)}") from None


def shown(source: str) -> str:
    """``source`` as it may be shown: login and whatever else may be a secret become ``***``.

    A password may hold ``@``, ``/`` or ``?`` unescaped, so all up to the last ``@`` goes.
    """
    if source.partition(":")[0] in ("file", "usb"):
        return source
    scheme, found, rest = source.partition("://")
    if not found:
        return f"{HIDDEN}@{source.rpartition('@')[2]}" if "@" in source else source
    if "@" in rest:
        rest = f"{HIDDEN}@{rest.rpartition('@')[2]}"
    place, asked, query = rest.partition("#")[0].partition("?")
    place = _SECRET_IN_PATH.sub(rf"\1={HIDDEN}", place)
    asks = parse_qsl(query, keep_blank_values=True)
    values = [(n, v) if n.lower() in _OPEN else (n if v else HIDDEN, HIDDEN) for n, v in asks]
    if query and not values:
        values = [(HIDDEN, "")]
    return f"{scheme}://{place}" + (f"?{urlencode(values, safe='*')}" if asked else "")


def restored(sent: str, kept: str) -> str:
    """``sent``, or the source already kept when ``sent`` is how that one is shown.

    So a form can be saved without its password typed again, and no new address ever gets the old
    password. ValueError for any other source with ``***`` in it.
    """
    if HIDDEN not in sent:
        return sent
    if sent == shown(kept):
        return kept
    raise ValueError(f"source {shown(sent)}: {LOGIN_AGAIN}")


LOGIN_AGAIN = "the address is another now; write it with its user and password again"
NO_HOST = "no host is named; write it as in rtsp://user:password@192.0.2.7/stream"
NO_PATH = "no whole path is named; write it as in file:///srv/gate/"
NO_DEVICE = "no device is named; write usb:0 or usb:/dev/video0"
WRONG_EVERY = "every must be seconds from 0.2 to 3600"
NOT_AN_ADDRESS = (
    "it is not an address; a character such as @ or / in a password is written %40 or %2F"
)


def _plain(error: ValueError) -> str:
    """Our own words pass, those of urllib may quote the password."""
    said = str(error)
    ours = (NO_HOST, NO_PATH, NO_DEVICE, WRONG_EVERY)
    return said if said in ours else NOT_AN_ADDRESS


def _file(_kind: Kind, parts: SplitResult, clean: str) -> Source:
    path = unquote(parts.path)
    if not path.startswith("/") or parts.netloc not in ("", "localhost"):
        raise ValueError(NO_PATH)
    kind = Kind.FOLDER if path.endswith("/") else Kind.FILE
    return Source(kind=kind, address=path, shown=clean, options=_options(parts))


def _usb(kind: Kind, parts: SplitResult, clean: str) -> Source:
    device = unquote(parts.path)
    if parts.netloc or not (device.isdecimal() or device.startswith("/dev/")):
        raise ValueError(NO_DEVICE)
    return Source(kind=kind, address=device, shown=clean, options=_options(parts))


def _rtsp(kind: Kind, parts: SplitResult, clean: str) -> Source:
    usual = 322 if parts.scheme == "rtsps" else 554
    address = parts._replace(netloc=_host_and_port(parts)).geturl()
    return _networked(kind, parts, clean, (address, usual))


def _http(kind: Kind, parts: SplitResult, clean: str) -> Source:
    scheme = parts.scheme.partition("+")[0]
    theirs = "&".join(p for p in parts.query.split("&") if p.partition("=")[0] not in _OURS)
    asked = parts._replace(scheme=scheme, netloc=_host_and_port(parts), query=theirs, fragment="")
    found = _networked(kind, parts, clean, (asked.geturl(), 443 if scheme == "https" else 80))
    try:
        right = 0.2 <= found.every_s <= 3600
    except ValueError:
        right = False
    if not right:
        raise ValueError(WRONG_EVERY)
    return found


def _networked(kind: Kind, parts: SplitResult, clean: str, opened: tuple[str, int]) -> Source:
    if not parts.hostname or "@" in parts.path:
        raise ValueError(NOT_AN_ADDRESS if "@" in parts.path else NO_HOST)
    address, usual = opened
    return Source(
        kind=kind,
        address=address,
        shown=clean,
        host=parts.hostname,
        port=parts.port or usual,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        options=_options(parts),
    )


def _host_and_port(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]


def _options(parts: SplitResult) -> tuple[tuple[str, str], ...]:
    return tuple(parse_qsl(parts.query, keep_blank_values=True))


_PARSERS = {
    Kind.FILE: _file,
    Kind.RTSP: _rtsp,
    Kind.MJPEG: _http,
    Kind.SNAPSHOT: _http,
    Kind.USB: _usb,
}
