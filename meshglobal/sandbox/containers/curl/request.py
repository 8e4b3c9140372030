"""The request that curl sends: its head in curl's order, and its body.

Nothing that a caller gives can end a header, begin a second request, or take the place of what the network adds.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from meshglobal.sandbox.containers.curl.failures import CurlError, Exit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from meshglobal.sandbox.containers.curl.options import Options
    from meshglobal.sandbox.containers.curl.url import Url

VERSION: Final = "8.13.0"
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONNECTION: Final = ("close", "keep-alive")
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Message:
    """One request: what `-v` shows of it, and its body, None where there is none."""

    method: str
    lines: tuple[str, ...]
    """The request line and the headers."""
    body: bytes | None

    def on_the_wire(self, more: Iterable[tuple[str, str]]) -> bytes:
        """Return the bytes to be sent, with the network's own headers in front and nobody else's of their names."""
        ours = {name.lower() for name, _ in more}
        first, *rest = self.lines
        kept = [line for line in rest if line.partition(":")[0].strip().lower() not in ours]
        lines = [first, *(f"{name}: {value}" for name, value in more), *kept, "", ""]
        return "\r\n".join(lines).encode() + (self.body or b"")

    @property
    def shown(self) -> list[str]:
        """The lines of the head, the empty one at its end too."""
        return [*self.lines, ""]


def message_for(options: Options, url: Url, body: bytes | None) -> Message:
    """Return the request for a URL; raises CurlError (43) for what would not be one request."""
    if options.is_get and body is not None:
        mark = "&" if "?" in url.target else "?"
        url, body = replace(url, target=f"{url.target}{mark}{body.decode('utf-8', 'replace')}"), None
    method = options.method or ("HEAD" if options.is_head else "GET" if body is None else "POST")
    if not _TOKEN.fullmatch(method):
        raise CurlError(Exit.BAD_ARGUMENT, "the request method has characters that no method has")
    given = [_header(each) for each in options.headers]
    for name, value in given:
        _check_framing(name.lower(), value or "", body)
    lines = [f"{method} {url.target} HTTP/1.{0 if options.is_http_1_0 else 1}"]
    named = {name.lower() for name, _ in given}
    lines += [_first_host(given) or f"Host: {url.authority}"]
    lines += [f"{name}: {value}" for name, value in _usual(options, url) if name.lower() not in named]
    lines += [f"{name}: {value}".rstrip() for name, value in given if value is not None and name.lower() != "host"]
    if body is not None:
        lines += [f"{name}: {value}" for name, value in _of_body(body) if name.lower() not in named]
    for line in lines:
        if any(ord(char) < ord(" ") and char != "\t" for char in line):
            raise CurlError(Exit.BAD_ARGUMENT, "a header or the URL has control characters, such as line feeds")
    return Message(method, tuple(lines), body)


def _header(text: str) -> tuple[str, str | None]:
    """Return what `-H` gives: a name with its value, None for one that is to be left out (`Accept:`)."""
    name, colon, value = text.partition(":")
    if not colon and name.endswith(";"):  # a header without a value
        return _checked_name(name[:-1]), ""
    if not colon:
        return "", None
    return _checked_name(name), value.strip() or None


def _checked_name(name: str) -> str:
    if not _TOKEN.fullmatch(name.strip()):
        raise CurlError(Exit.BAD_ARGUMENT, "the name of a header has characters that no name has")
    return name.strip()


def _check_framing(name: str, value: str, body: bytes | None) -> None:
    """Refuse headers that would make the receiver see another request than this one."""
    if name == "content-length" and value != str(len(body or b"")):
        raise CurlError(Exit.BAD_ARGUMENT, f"Content-Length: {value} is not the {len(body or b'')} bytes of the body")
    if name == "transfer-encoding":
        raise CurlError(Exit.BAD_ARGUMENT, "Transfer-Encoding cannot be set: the body is sent with its length")
    if name in ("connection", "proxy-connection") and value.lower() not in _CONNECTION:
        raise CurlError(Exit.BAD_ARGUMENT, f"{name.title()} can be close or keep-alive")


def _first_host(given: list[tuple[str, str | None]]) -> str:
    value = next((value for name, value in given if name.lower() == "host" and value), "")
    return f"Host: {value}" if value else ""


def _usual(options: Options, url: Url) -> Iterator[tuple[str, str]]:
    """Yield what curl sends by itself or for an option, in its order."""
    login = options.user or url.user
    if options.bearer:
        yield "Authorization", f"Bearer {options.bearer}"
    elif login:
        yield "Authorization", f"Basic {base64.b64encode(login.encode()).decode()}"
    if options.range:
        yield "Range", f"bytes={options.range}"
    agent = f"curl/{VERSION}" if options.user_agent is None else options.user_agent
    if agent:
        yield "User-Agent", agent
    yield "Accept", "*/*"
    if options.referer:
        yield "Referer", options.referer
    cookies = [each for each in options.cookies if "=" in each]
    if cookies:
        yield "Cookie", "; ".join(cookies)


def _of_body(body: bytes) -> Iterator[tuple[str, str]]:
    yield "Content-Length", str(len(body))
    yield "Content-Type", _FORM
