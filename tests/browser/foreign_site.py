"""A site of somebody else, on a port of its own: what it tries is evaluated in its pages."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PAGE = b"<!doctype html><title>Another site</title><p>Nothing to see."


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined] - set where it is made
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(_PAGE)))
        self.end_headers()
        self.wfile.write(_PAGE)

    def do_CONNECT(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined] - set where it is made
        self.send_error(502)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Stay silent: tests look at what was asked."""


class Site(ThreadingHTTPServer):
    """Answers everything with an empty page, and keeps what it was asked for."""

    asked: list[str]

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def foreign_site() -> Iterator[Site]:
    """A site that answers."""
    with Site(("127.0.0.1", 0), _Site) as site:
        site.asked = []
        thread = threading.Thread(target=site.serve_forever, name="another site", daemon=True)
        thread.start()
        try:
            yield site
        finally:
            site.shutdown()
            thread.join(10)
