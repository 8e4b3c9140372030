"""Where curl puts what it gets: the program's output or nowhere, for there are no files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from meshglobal.sandbox.containers.curl.failures import CurlError, Exit

if TYPE_CHECKING:
    from meshglobal.sandbox.containers.process import Process
    from meshglobal.sandbox.containers.streams import Writer

_TO_OUTPUT: Final = ("", "-", "/dev/stdout", "/proc/self/fd/1")
_TO_ERRORS: Final = ("/dev/stderr", "/proc/self/fd/2")
_NOWHERE: Final = "/dev/null"


@dataclass(slots=True)
class _Nowhere:
    async def write(self, data: bytes) -> None:
        """Forget some bytes."""


@dataclass(slots=True)
class _ReadOnly:
    """A file in a container without files: it cannot be opened."""

    name: str
    errors: Writer
    is_silent: bool

    async def write(self, data: bytes) -> None:
        """Refuse some bytes; raises CurlError (23)."""
        if not self.is_silent:
            text = f"Warning: Failed to open the file {self.name}: Read-only file system\n"
            await self.errors.write(text.encode("utf-8", "backslashreplace"))
        why = f"Failure writing output to destination, passed {len(data)} returned 0"
        raise CurlError(Exit.WRITE_ERROR, why)


@dataclass(slots=True)
class Sink:
    """Takes the head (with `-i`) and the body."""

    to: Writer
    is_output: bool
    """Whether it is the program's own output."""

    async def write(self, data: bytes) -> None:
        """Take some bytes; raises CurlError (23)."""
        if data:
            await self.to.write(data)


def sink_for(name: str, process: Process, *, is_silent: bool) -> Sink:
    """Return where `-o NAME` leads; an empty name is no `-o`."""
    if name in _TO_OUTPUT:
        return Sink(process.stdout, is_output=True)
    if name in _TO_ERRORS:
        return Sink(process.stderr, is_output=False)
    if name == _NOWHERE:
        return Sink(_Nowhere(), is_output=False)
    return Sink(_ReadOnly(name, process.stderr, is_silent), is_output=False)
