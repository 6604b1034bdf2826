"""A server on the loopback that answers as sources do, well and badly."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Served:
    """What each path answers with, and the requests that came: path, and whether they were conditional."""

    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, bool]] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)  # paths whose content was sent in full
    elsewhere: str = "http://127.0.0.1:1/away"
    address: str = ""

    @property
    def host(self) -> str:
        return self.address.removeprefix("http://")


class _Handler(BaseHTTPRequestHandler):
    served: Served

    def do_GET(self) -> None:
        path = self.path
        given = self.headers.get("If-None-Match", "")
        self.served.asked.append((path, bool(given)))
        match path:
            case "/moved":
                self._headers(302, {"Location": "/results.yaml"})
            case "/away":
                self._headers(302, {"Location": self.served.elsewhere})
            case "/circle":
                self._headers(302, {"Location": "/circle"})
            case "/gone":
                self._headers(500, {})
            case "/huge":
                self._headers(200, {"Content-Length": str(50_000_000)})
            case "/endless":
                self._endless(1 << 16, 0.0)
            case "/slow":
                self._endless(10, 0.05)
            case "/broken":
                self._headers(200, {"Content-Length": "1000"})
                self.wfile.write(b"cut off")
            case "/packed":
                self._headers(200, {"Content-Encoding": "gzip", "Content-Length": "4"})
                self.wfile.write(b"\x1f\x8b\x08\x00")
            case _ if path not in self.served.files:
                self._headers(404, {})
            case _:
                self._file(path, given)

    def _file(self, path: str, given: str) -> None:
        content = self.served.files[path]
        etag = f'"{hash(content)}"'
        if given == etag:
            self._headers(304, {"ETag": etag})
            return
        self._headers(200, {"ETag": etag, "Content-Length": str(len(content))})
        self.wfile.write(content)
        self.served.sent.append(path)

    def _endless(self, size: int, pause: float) -> None:
        self._headers(200, {})
        try:
            while True:
                self.wfile.write(b"x" * size)
                self.wfile.flush()
                time.sleep(pause)
        except OSError:
            pass  # whoever asked has had enough

    def _headers(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Tests look at what was asked, not at a log."""


@contextmanager
def serving() -> Iterator[Served]:
    served = Served()
    handler = type("Handler", (_Handler,), {"served": served})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        served.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield served
        server.shutdown()
