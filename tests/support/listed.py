"""A Hikvision camera that is asked for its list, as a small HTTP server."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zoneinfo import ZoneInfo

from captured import PAYLOADS

ANSWER = (PAYLOADS / "hikvision" / "hikvision_pull_response.xml").read_text()
CHALLENGE = 'Digest realm="camera", nonce="0123456789abcdef", qop="auth", algorithm=MD5'


@dataclass
class ListedCamera:
    """Two vehicles passed it a moment after it was first asked; ``asked`` are the cursors."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    strangers: int = 0
    newest: str = ""
    _answer: str = ""

    def answer(self, cursor: str) -> bytes:
        """The list, whatever is asked for, as these cameras do."""
        self.asked.append(cursor)
        if not self._answer:
            local = datetime.now(ZoneInfo("Europe/Tirane"))
            first, second = (f"{local + timedelta(seconds=one):%Y%m%d%H%M%S}" for one in (1, 2))
            self.newest = f"{second}1200"
            found = ANSWER.replace("20260314092658", second).replace("20260314092653", first)
            times = {"20260314T092658": second, "20260314T092653": first}
            for written, at in times.items():
                found = found.replace(written, f"{at[:8]}T{at[8:]}")
            self._answer = found
        return self._answer.encode()


@contextmanager
def listed_camera(user: str) -> Iterator[ListedCamera]:
    """Answers who signs in by Digest as ``user``; the password is httpx' affair."""
    camera = ListedCamera()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if f'Digest username="{user}"' not in self.headers.get("Authorization", ""):
                camera.strangers += 1
                self.send_response(401)
                self.send_header("WWW-Authenticate", CHALLENGE)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            cursor = re.search(r"<picTime>(\d+)<", asked)
            assert cursor is not None
            content = camera.answer(cursor[1])
            self.send_response(200)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing of it belongs on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    camera.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield camera
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
