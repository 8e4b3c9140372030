"""The page itself: a shell and a few files, the same for everybody, without any data and without a token."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from meshglobal.dashboard.exchange import Answer, Asked, Handler
from meshglobal.dashboard.routes import Routes, nothing_here
from meshglobal.domain.errors import CannotCheckError

STATIC = Path(__file__).parent / "static"
SHELL = "index.html"
FILES: Mapping[str, str] = {
    "app.js": "text/javascript; charset=utf-8",
    "worker.js": "text/javascript; charset=utf-8",
    "app.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
PATHS = ("/", "/services", "/services/{namespace}/{name}", "/clusters", "/findings", "/topology", "/journal")
"""What a person may have in the address bar: each is the shell, and the script in it shows the rest."""


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    content_type: str
    tag: str


def add_page(routes: Routes, folder: Path) -> None:
    """Serve the shell and its files, which are read once.

    Raises:
        CannotCheckError: they are not there: a checkout in which the page was not built.
    """
    shell = _read(folder, SHELL, "text/html; charset=utf-8")
    for path in PATHS:
        routes.get(path, _serving(shell))
    routes.nowhere = _missing(shell)
    for name, kind in FILES.items():
        routes.get(f"/static/{name}", _serving(_read(folder, name, kind)))


def _read(folder: Path, name: str, content_type: str) -> _File:
    try:
        body = (folder / name).read_bytes()
    except OSError as error:
        raise CannotCheckError(
            f"the page's file {name} cannot be read: {error.strerror}", "build it: make web"
        ) from error
    return _File(body, content_type, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


def _missing(shell: _File) -> Handler:
    """To a person the page says that there is nothing; to a program a document does."""

    async def serve(asked: Asked) -> Answer:
        if "text/html" not in asked.headers.get("Accept", ""):
            return nothing_here()
        return Answer(shell.body, HTTPStatus.NOT_FOUND, shell.content_type)

    return serve


def _serving(file: _File) -> Handler:
    # Browsers may keep a file, but ask each time whether it is still the one: another version may run here next.
    headers = (("Cache-Control", "no-cache"), ("ETag", file.tag))

    async def serve(asked: Asked) -> Answer:
        if asked.headers.get("If-None-Match") == file.tag:
            return Answer(b"", HTTPStatus.NOT_MODIFIED, file.content_type, headers)
        return Answer(file.body, HTTPStatus.OK, file.content_type, headers)

    return serve
