"""What curl prints, read as it comes: its own words on stderr, of which each call's end with a marked line."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import replace

from meshglobal.domain.call import Answer, Header, Trouble, trouble_of
from meshglobal.domain.call_identity import LARGEST_BODY, Identify
from meshglobal.domain.call_order import CallOrder

_LONGEST_LINE, _MOST_LINES = 1 << 16, 1000
_MOST_BODY = 1 << 24
"""Bytes of bodies that wait for their figures; servers that send more than that are not identified by them."""
_FAILED = re.compile(r"curl: \((\d{1,3})\) (.*)")
_STATUS = re.compile(r"< HTTP/\d(?:\.\d)? \d{3}\b")
_FIGURES = re.compile(r"(\d{3}) (\d+(?:\.\d+)?) (\d+) (\d+)")


class CallReader:
    """Turns the output of one series into answers. Bounded, whatever comes."""

    def __init__(self, order: CallOrder, identify: Identify) -> None:
        self._order = order
        self._identify = identify
        self._needs_body = identify.body is not None
        self._line = b""
        self._lines: list[str] = []
        self._body = bytearray()
        self._pending: deque[Answer] = deque()
        self.stray: list[str] = []
        """What was said and belongs to no call: why curl did not run."""

    def said(self, data: bytes) -> list[Answer]:
        """Take some of stderr; the calls that are known to have ended by it."""
        *lines, rest = (self._line + data).split(b"\n")
        self._line = rest[-_LONGEST_LINE:]
        found = []
        for line in lines:
            found += self._take(line.decode("utf-8", "replace").rstrip("\r"))
        return found

    def gave(self, data: bytes) -> list[Answer]:
        """Take some of stdout; the calls that are known to have ended by it."""
        if not self._needs_body:
            return []
        self._body += data
        if len(self._body) > _MOST_BODY:
            self._needs_body = False
            self._body.clear()
            left = list(self._pending)
            self._pending.clear()
            return left
        return self._settled()

    def ended(self) -> list[Answer]:
        """Nothing more will come: what is left, and what was said last."""
        if self._line:
            self._lines.append(self._line.decode("utf-8", "replace"))
        self.stray += self._lines
        self._lines = []
        left = [self._identified(answer, bytes(self._body)) for answer in self._pending]
        self._pending.clear()
        return left

    def _take(self, line: str) -> list[Answer]:
        mark, _, figures = line.partition(" ")
        if mark != self._order.mark or (match := _FIGURES.fullmatch(figures)) is None:
            if len(self._lines) < _MOST_LINES:
                self._lines.append(line)
            return []
        lines, self._lines = self._lines, []
        answer = _answer(lines, match)
        if not self._needs_body:
            return [replace(answer, by=self._identify.who(answer.headers, ""))]
        self._pending.append(answer)
        return self._settled()

    def _settled(self) -> list[Answer]:
        """The pending answers whose bodies are there."""
        found = []
        while self._pending and len(self._body) >= self._pending[0].received and not self._order.shows_answer:
            answer = self._pending.popleft()
            found.append(self._identified(answer, bytes(self._body[: answer.received])))
            del self._body[: answer.received]
        return found

    def _identified(self, answer: Answer, body: bytes) -> Answer:
        if self._order.shows_answer:  # the head stands before it
            body = body.rpartition(b"\r\n\r\n")[2] if answer.received == 0 else body[-answer.received :]
        text = body[:LARGEST_BODY].decode("utf-8", "replace")
        return replace(answer, by=self._identify.who(answer.headers, text))


def _answer(lines: list[str], figures: re.Match[str]) -> Answer:
    failed = next((match for line in lines if (match := _FAILED.fullmatch(line)) is not None), None)
    status = int(figures[1])
    trouble: Trouble | None = None
    message = ""
    if failed is not None:
        trouble, message = trouble_of(int(failed[1])), failed[2]
    elif not status:
        trouble, message = Trouble.OTHER, "curl got no answer and does not say why"
    return Answer(
        status=status,
        seconds=float(figures[2]),
        trouble=trouble,
        message=message,
        headers=_headers(lines),
        connects=int(figures[3]),
        received=int(figures[4]),
    )


def _headers(lines: list[str]) -> tuple[Header, ...]:
    """Those of the last head: there may be interim ones before it."""
    starts = [place for place, line in enumerate(lines) if _STATUS.match(line)]
    if not starts:
        return ()
    found = []
    for line in lines[starts[-1] + 1 :]:
        if not line.startswith("< ") or line == "< ":
            break
        name, _, value = line[2:].partition(":")
        found.append(Header(name.strip(), value.strip()))
    return tuple(found)
