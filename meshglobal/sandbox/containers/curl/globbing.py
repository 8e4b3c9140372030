"""The ranges and lists of a URL, as curl takes them: `[1-100]`, `[1-9:2]`, `[a-z]`, `{one,two}`."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from meshglobal.sandbox.containers.curl.failures import CurlError, Exit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST: Final = 10_000
"""URLs that one may stand for."""
_NUMBERS: Final = re.compile(r"\[(\d{1,9})-(\d{1,9})(?::(\d{1,9}))?\]")
_LETTERS: Final = re.compile(r"\[([A-Za-z])-([A-Za-z])(?::(\d{1,9}))?\]")
_ADDRESS: Final = re.compile(r"\[[0-9A-Fa-f:.%]*\]")
_ESCAPED: Final = re.compile(r"\\([\[\]{}])")
_LIST: Final = re.compile(r"\{((?:\\.|[^{}\[\]\\])*)\}")


def expanded(url: str) -> Iterator[str]:
    """Yield the URLs that one stands for; raises CurlError (3) where its brackets and braces make no sense."""
    parts = list(_parts(url))
    size = 1
    for part in parts:
        size *= len(part)
    if size > MOST:
        raise CurlError(Exit.MALFORMED_URL, f"the URL stands for more than {MOST} URLs, which is all that work here")
    return ("".join(chosen) for chosen in itertools.product(*parts))


def _parts(url: str) -> Iterator[Sequence[str]]:
    at = 0
    while at < len(url):
        if match := _ESCAPED.match(url, at):
            yield (match[1],)
        elif match := _NUMBERS.match(url, at) or _LETTERS.match(url, at):
            yield _range(match, url)
        elif match := _ADDRESS.match(url, at):
            yield (match[0],)
        elif match := _LIST.match(url, at):
            if not match[1]:
                raise _wrong("empty string within braces", url, match.end())
            yield [_ESCAPED.sub(r"\1", each) for each in match[1].split(",")]
        elif url[at] in "]}":
            raise _wrong("unmatched close brace/bracket", url, at + 1)
        elif url[at] in "[{":
            raise _wrong("bad range" if url[at] == "[" else "unmatched brace", url, at + 2)
        else:
            yield (url[at],)
            at += 1
            continue
        at = match.end()


def _range(match: re.Match[str], url: str) -> Sequence[str]:
    first, last, step = match[1], match[2], int(match[3] or 1)
    is_number = first.isdecimal()
    start, end = (int(first), int(last)) if is_number else (ord(first), ord(last))
    if start > end or not step or step > max(end - start, 1):
        raise _wrong("bad range", url, match.end())
    values = range(start, end + 1, step)
    if len(values) > MOST:
        raise CurlError(Exit.MALFORMED_URL, f"the URL stands for more than {MOST} URLs, which is all that work here")
    width = len(first) if first.startswith("0") else 1
    return [f"{value:0{width}d}" if is_number else chr(value) for value in values]


def _wrong(why: str, url: str, position: int) -> CurlError:
    return CurlError(Exit.MALFORMED_URL, f"{why} in URL position {position}:\n{url}\n{' ' * (position - 1)}^")
