"""A case system on this machine: a real HTTP server that knows which cases there are."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class CaseServer:
    """Answers 200 for the paths in ``cases``, 404 for all others, or ``status`` where it is set.

    ``asked`` are the paths as they came, ``tokens`` the logins with them. ``go`` holds its answers
    back while it is not set, ``ends`` their bodies.
    """

    cases: set[str] = field(default_factory=set)
    status: int = 0
    location: str = ""
    asked: list[str] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)
    go: threading.Event = field(default_factory=threading.Event)
    ends: threading.Event = field(default_factory=threading.Event)
    template: str = ""

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Say whether there is such a case."""
        self.asked.append(request.path)
        self.tokens.append(request.headers["Authorization"])
        self.go.wait()
        request.send_response(self.status or (200 if request.path in self.cases else 404))
        if self.location:
            request.send_header("Location", self.location)
        request.end_headers()
        self.ends.wait()


@contextmanager
def case_system(tls: tuple[Path, Path] | None = None) -> Iterator[CaseServer]:
    """Over HTTPS where ``tls`` names the files of a certificate and its key."""
    cases = CaseServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            cases.answer(self)

        def log_message(self, *_: object) -> None:
            """Silent."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Whoever asks may go before the answer."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme, port = "https" if tls else "http", server.server_address[1]
    cases.template = f"{scheme}://127.0.0.1:{port}/api/cases/{{case_number}}"
    cases.go.set()
    cases.ends.set()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield cases
    finally:
        cases.go.set()
        cases.ends.set()
        server.shutdown()
        thread.join()
        server.server_close()
