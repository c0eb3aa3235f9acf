"""Cameras that film, as processes and servers of their own on this machine."""

import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import numpy as np

from running import free_port

DEBIAN_PYTHON = "/usr/bin/python3"
SERVER = Path(__file__).with_name("rtsp_server.py")


@dataclass
class RtspServer:
    """GStreamer's RTSP server, showing a moving ball."""

    port: int
    process: "subprocess.Popen[str]"

    @property
    def source(self) -> str:
        """The camera's address, without a login."""
        return f"rtsp://127.0.0.1:{self.port}/road"

    def tell(self, word: str) -> None:
        """``stall`` holds the frames back, ``go`` lets them pass."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        while "done" not in self.process.stdout.readline():
            assert self.process.poll() is None


@contextmanager
def rtsp_server(
    codec: str = "h264",
    *,
    port: int = 0,
    size: tuple[int, int] = (320, 240),
    fps: int = 10,
    more: Sequence[str] = (),
) -> Iterator[RtspServer]:
    """One camera with a codec: h264, h265 or vp8; ``more`` are login, TLS folder, pattern."""
    port = port or free_port()
    arguments = [str(port), codec, *map(str, size), str(fps), *more]
    process = subprocess.Popen(
        [DEBIAN_PYTHON, "-W", "ignore", str(SERVER), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert "ready" in said, "no RTSP server: tools/ensure-cameras installs it"
        try:
            yield RtspServer(port, process)
        finally:
            process.kill()


def jpeg(shade: int, size: tuple[int, int] = (48, 64)) -> bytes:
    """A grey picture."""
    done, content = cv2.imencode(".jpg", np.full((*size, 3), shade, np.uint8))
    assert done
    return content.tobytes()


Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def web_camera(answer: Answer) -> Iterator[int]:
    """An HTTP server whose every GET is answered so; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None:
            """Silent."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A viewer that goes is no error."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
