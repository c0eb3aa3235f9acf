"""Asking an RTSP camera what it has, without playing it; why it refuses, in words."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from morina.sense.cameras import rtsp_words
from morina.sense.cameras.frames import SourceError
from morina.sense.cameras.rtsp_words import Answer
from morina.sense.cameras.sources import Source

WITHIN_S = 5.0
OPENED = frozenset({"H.264", "H.265"})
_LONGEST = 65_536

_REFUSALS = {
    401: "it refuses the user or the password; mend them in the source",
    403: "the user may not see this stream; give it the right in the camera's own page",
    404: "it has no such stream; look its path up in docs/cameras/streams.md or its manual",
    453: "it has no bandwidth for one more viewer; close another, or choose the smaller stream",
    503: "it is busy, perhaps with too many viewers; close one, or restart the camera",
}


def asked(source: Source) -> tuple[str, ...]:
    """The codecs of what it offers; SourceError says what is wrong and how to mend it."""
    with connected(source) as connection:
        answer = _described(connection, source)
    if answer.status != 200:
        usual = f"it answers {answer.status}; look at its own page, or restart it"
        raise SourceError(_REFUSALS.get(answer.status, usual))
    return rtsp_words.codecs(answer.body)


def why(source: Source) -> str:
    """Why a stream cannot be opened, for the log and the cameras page."""
    try:
        codecs = asked(source)
    except SourceError as error:
        return str(error)
    if not codecs:
        return "it offers no video; look at the stream's path"
    if OPENED.isdisjoint(codecs):
        return f"its video ({', '.join(codecs)}) cannot be opened; set the stream to H.264 or H.265"
    return f"its video ({', '.join(codecs)}) did not begin; the camera or this machine is busy"


@contextmanager
def connected(source: Source) -> Iterator[socket.socket]:
    """A connection to host and port of a source; SourceError in words."""
    try:
        connection = socket.create_connection((source.host, source.port), WITHIN_S)
    except socket.gaierror:
        raise SourceError(
            f"the name {source.host} is not known here; write the address in numbers, or mend the "
            "name service"
        ) from None
    except (TimeoutError, OSError) as error:
        refused = isinstance(error, ConnectionRefusedError)
        what = "nothing listens" if refused else "nothing answers"
        raise SourceError(
            f"{what} at {source.host} port {source.port}; look at address, port, power and link"
        ) from None
    within_tls = source.address.startswith("rtsps:")
    with connection, _secured(connection) if within_tls else connection as said_over:
        yield said_over


def _secured(connection: socket.socket) -> ssl.SSLSocket:
    """Cameras vouch for themselves: the certificate is not looked at, as FFmpeg does not."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        return context.wrap_socket(connection)
    except (OSError, ssl.SSLError):
        raise SourceError(
            "it does not speak TLS at this port; write rtsp:, or another port"
        ) from None


def _described(connection: socket.socket, source: Source) -> Answer:
    url = source.address
    answer = _exchanged(connection, rtsp_words.describe(url, 1))
    if answer.status == 401 and source.user:
        login = rtsp_words.login(answer.asks_for, url, source.user, source.password)
        answer = _exchanged(connection, rtsp_words.describe(url, 2, login))
    return answer


def _exchanged(connection: socket.socket, request: bytes) -> Answer:
    said = b""
    try:
        connection.sendall(request)
        while b"\r\n\r\n" not in said and len(said) < _LONGEST:
            said += _received(connection)
        head, _, body = said.partition(b"\r\n\r\n")
        while len(body) < min(rtsp_words.length_of(head), _LONGEST):
            body += _received(connection)
    except TimeoutError:
        if not said:
            raise SourceError(
                "it takes the connection and says nothing; restart the camera"
            ) from None
        head, body = said, b""
    except OSError:
        raise SourceError("it broke the connection off; look at the port") from None
    return rtsp_words.answer(head, body)


def _received(connection: socket.socket) -> bytes:
    chunk = connection.recv(4096)
    if not chunk:
        raise ConnectionResetError
    return chunk
