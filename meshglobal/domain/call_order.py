"""What curl is told: a list of words and an input, never the text of a shell.

Headers go in by the input, so that a token stands neither in the audit log nor in the spec of a container that stays.
curl begins when the input has ended; so nothing is printed before somebody listens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from meshglobal.domain.errors import UsageError

MOST_CALLS = 10_000
_LONGEST_PATH, _LONGEST_HEADER = 4096, 8192
_HEADER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_RATE = re.compile(r"([1-9]\d{0,3})(?:/([smh]))?")
_IMAGE = re.compile(r"[a-z0-9][A-Za-z0-9._/:@-]{0,254}")
_OF_FRAMING = frozenset({"content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect"})
_GLOB = str.maketrans({letter: f"\\{letter}" for letter in "[]{}"})
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}
# After the mark: what every curl since 7.63 knows.
_FIGURES = "%{http_code} %{time_total} %{num_connects} %{size_download}"


@dataclass(frozen=True, slots=True)
class CallOrder:
    """One series of calls to a URL.

    Attributes:
        host, port, path: where to.
        headers: ``Name: value`` each.
        count, rate: how many, and how many begin in a second at most; 0: one after another without a pause.
        max_time: seconds for each.
        mark: a word that no answer can hold, since it is drawn for each run.
        shows_answer: the answer goes to the output as it comes (for one call).
        keeps_body: the bodies go to the output.
    """

    host: str
    port: int
    path: str
    mark: str
    headers: tuple[str, ...] = ()
    count: int = 1
    rate: float = 0.0
    max_time: float = 10.0
    shows_answer: bool = False
    keeps_body: bool = False

    @property
    def url(self) -> str:
        """What is called."""
        return f"http://{self.host}:{self.port}{self.path}"

    @property
    def seconds(self) -> float:
        """How long the series takes at most."""
        return self.count * max(self.max_time, 1 / self.rate if self.rate else 0.0)

    @property
    def argv(self) -> tuple[str, ...]:
        """The words of the command; the last is the URL."""
        words = ["curl", "-q", "-sS", "-v", "--noproxy", "*", "--path-as-is", "--max-time", f"{self.max_time:g}"]
        if self.shows_answer:
            words += ["-i", "-N"]
        elif not self.keeps_body:
            words += ["-o", "/dev/null"]
        if self.rate and self.count > 1:
            words += ["--rate", _rate_word(self.rate)]
        words += ["-w", f"%{{stderr}}\\n{self.mark} {_FIGURES}\\n", "-H", "@-"]
        return (*words, "-g", self.url) if self.count == 1 else (*words, self._many)

    @property
    def stdin(self) -> bytes:
        """The input: headers, one a line. Each call has a connection of its own, which a proxy may send elsewhere."""
        return "".join(f"{line}\n" for line in ("Connection: close", *self.headers)).encode()

    @property
    def _many(self) -> str:
        """The URL that stands for many: curl counts in its fragment, which is not sent."""
        return f"{self.url.translate(_GLOB)}#[1-{self.count}]"


def _rate_word(rate: float) -> str:
    for unit, seconds in _SECONDS.items():
        if (count := round(rate * seconds)) >= 1:
            return f"{count}/{unit}"
    return "1/h"


def checked_path(path: str) -> str:
    """A path with its query, as it goes into the request.

    Raises:
        UsageError: no path, or characters that no request line may have.
    """
    if not path.startswith("/"):
        raise UsageError(f"--path {path!r}: a path begins with '/'")
    if len(path) > _LONGEST_PATH:
        raise UsageError(f"--path: longer than {_LONGEST_PATH} characters")
    if any(not "!" <= letter <= "~" or letter == "#" for letter in path):
        raise UsageError(
            f"--path {path!r}: spaces, '#', control characters and letters beyond ASCII cannot stand in a request",
            "write them as %20, %23 and so on",
        )
    return path


def checked_header(header: str) -> str:
    """``Name: value``, as it goes into the request.

    Raises:
        UsageError: another form, a character that no header may have, or one that decides where a request ends.
    """
    name, colon, value = header.partition(":")
    if not colon or not value.strip() or _HEADER_NAME.fullmatch(name) is None:
        raise UsageError(f"-H {name!r}: write 'Name: value'")
    if len(header) > _LONGEST_HEADER:
        raise UsageError(f"-H {name}: longer than {_LONGEST_HEADER} characters")
    if any(not " " <= letter <= "~" for letter in value):
        raise UsageError(f"-H {name}: line ends, control characters and letters beyond ASCII cannot stand in a header")
    if name.lower() in _OF_FRAMING:
        raise UsageError(f"-H {name}: it says how the request is sent, which is not for a call to choose")
    return f"{name}: {value.strip()}"


def checked_rate(text: str) -> float:
    """``10``, ``10/s``, ``30/m`` or ``5/h``, as calls a second.

    Raises:
        UsageError: anything else.
    """
    match = _RATE.fullmatch(text)
    if match is None or (rate := int(match[1]) / _SECONDS[match[2] or "s"]) > 1000:  # noqa: PLR2004 - curl counts milliseconds
        raise UsageError(f"--rate {text!r} is no rate: write 10 (a second), 30/m or 5/h, at most 1000 a second")
    return rate


def checked_image(text: str) -> str:
    """The name of an image.

    Raises:
        UsageError: what cannot be one.
    """
    if _IMAGE.fullmatch(text) is None:
        raise UsageError(f"--image {text!r} cannot be the name of an image")
    return text
