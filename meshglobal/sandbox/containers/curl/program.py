"""The program curl: options, transfers one after another, retries, messages, exit code."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, NamedTuple

from meshglobal.sandbox.containers.curl import option_table
from meshglobal.sandbox.containers.curl import options as command_line
from meshglobal.sandbox.containers.curl.failures import CurlError, Exit, UsageError
from meshglobal.sandbox.containers.curl.globbing import expanded
from meshglobal.sandbox.containers.curl.meter import Meter
from meshglobal.sandbox.containers.curl.request import VERSION
from meshglobal.sandbox.containers.curl.sink import sink_for
from meshglobal.sandbox.containers.curl.telling import Telling
from meshglobal.sandbox.containers.curl.transfer import Transfer
from meshglobal.sandbox.containers.curl.values import values_of
from meshglobal.sandbox.containers.curl.write_out import written_out

if TYPE_CHECKING:
    from meshglobal.sandbox.containers.curl.options import Options
    from meshglobal.sandbox.containers.process import Process

_TRY: Final = "curl: try 'curl --help' or 'curl --manual' for more information"
_ABOUT: Final = f"curl {VERSION} (sandbox)\nProtocols: http\nFeatures:"
_HELP: Final = "Usage: curl [options...] <url>\nThe options that work here: {}"
_TRANSIENT: Final = (408, 429, 500, 502, 503, 504)
_LONGEST_PAUSE: Final = 600.0
_FROM_INPUT: Final = "@-"


class Given(NamedTuple):
    """A URL to be fetched, and which of those on the command line stands for it."""

    number: int
    url: str


async def curl(process: Process) -> int:
    """Fetch URLs over the pod's network; return curl's exit code."""
    try:
        options = command_line.parse(process.arguments)
    except UsageError as wrong:
        await process.complain(wrong.message)
        return wrong.code
    if options.shows_version or options.shows_help:
        known = " ".join(f"--{each.long}" for each in option_table.OPTIONS)
        await process.say(_ABOUT if options.shows_version else _HELP.format(known))
        return Exit.OK
    if not options.urls:
        await process.complain(f"curl: (2) no URL specified\n{_TRY}")
        return Exit.USAGE
    try:
        await _read_headers(process, options)
        body = await _body(process, options)
    except CurlError as wrong:
        await process.complain(f"curl: ({wrong.code:d}) {wrong.message}")
        return wrong.code
    return await _fetch_all(process, options, body)


async def _fetch_all(process: Process, options: Options, body: bytes | None) -> Exit:
    """Fetch the URLs one after another, each when its time has come."""
    code, clock = Exit.OK, asyncio.get_running_loop().time
    began = clock() - options.pause
    for number, given in enumerate(options.urls):
        try:
            urls = iter((given,)) if options.is_literal else expanded(given)
        except CurlError as wrong:
            await process.complain(f"curl: ({wrong.code:d}) {wrong.message}")
            return wrong.code
        for url in urls:
            await asyncio.sleep(began + options.pause - clock())
            began = clock()
            code = await _fetch(process, options, Given(number, url), body)
            if code and options.fails_early:
                return code
    return code


async def _read_headers(process: Process, options: Options) -> None:
    """Put the lines of the input in place of `-H @-`."""
    if _FROM_INPUT not in options.headers:
        return
    read = await process.stdin.read_all()
    lines = [line.rstrip("\r") for line in read.decode("utf-8", "replace").split("\n")]
    at = options.headers.index(_FROM_INPUT)
    rest = [each for each in options.headers[at + 1 :] if each != _FROM_INPUT]
    options.headers[at:] = [*filter(str.strip, lines), *rest]


async def _body(process: Process, options: Options) -> bytes | None:
    """Return what is to be sent: the parts of `-d`, joined; `@-` is the input."""
    if not options.data:
        return None
    parts = []
    for name, value in options.data:
        if value != "@-" or name in ("data-raw", "data-urlencode"):
            parts.append(value.encode("utf-8", "surrogateescape"))
            continue
        try:
            read = await process.stdin.read_all()
        except ValueError as much:
            raise CurlError(Exit.READ_ERROR, f"Failed to read the input: {much}") from much
        parts.append(read if name in ("data-binary", "json") else read.translate(None, b"\r\n\0"))
    return (b"" if options.data[0][0] == "json" else b"&").join(parts)


async def _fetch(process: Process, options: Options, given: Given, body: bytes | None) -> Exit:
    """Fetch one URL, again where that is asked for and may help."""
    left, pause = options.retries, options.retry_delay or 1.0
    clock = asyncio.get_running_loop().time
    began = clock()
    while True:
        transfer, code = await _try(process, options, given, body)
        is_late = bool(options.retry_max_time) and clock() - began >= options.retry_max_time
        why = "" if is_late or not left else _why_again(options, transfer, code)
        if not why:
            return code
        if not options.is_silent:
            times = (
                f"Will retry in {pause:g} second{'s' if pause != 1 else ''}. {left} retr{'ies' if left > 1 else 'y'}"
            )
            await process.complain(f"Warning: Problem: {why}. {times} left.")
        await asyncio.sleep(pause)
        left -= 1
        pause = options.retry_delay or min(pause * 2, _LONGEST_PAUSE)


def _why_again(options: Options, transfer: Transfer, code: Exit) -> str:
    """Return why it may help to try again, nothing where it would not."""
    if code is Exit.TIMEOUT:
        return "timeout"
    if code is Exit.NO_CONNECTION and options.retries_refused:
        return "connection refused"
    if transfer.head is not None and transfer.head.status in _TRANSIENT and code in (Exit.OK, Exit.HTTP_ERROR):
        return "HTTP error"
    return "(retrying all errors)" if code and options.retries_all else ""


async def _try(process: Process, options: Options, given: Given, body: bytes | None) -> tuple[Transfer, Exit]:
    name = options.outputs[given.number] if given.number < len(options.outputs) else ""
    sink = sink_for(name, process, is_silent=options.is_silent and not options.shows_error)
    shows_data = process.has_terminal and sink.is_output
    tell = Telling(process.stderr, options.is_verbose, shows_sizes=not shows_data)
    transfer = Transfer(process, options, sink, tell, body)
    has_meter = options.has_meter and not options.is_silent and not shows_data
    code, message = Exit.OK, ""
    try:
        async with Meter(process.stderr, transfer.figures, has_meter).drawn():
            await transfer.run(given.url)
    except CurlError as failure:
        code, message = failure.code, failure.message
        transfer.farewell = "closing connection #0"
    await tell.note(transfer.farewell)
    if message and (options.shows_error or not options.is_silent):
        await process.complain(f"curl: ({code:d}) {message}")
    if options.write_out:
        await _write_out(process, options, transfer, values_of(transfer, code, message, given))
    return transfer, code


async def _write_out(
    process: Process, options: Options, transfer: Transfer, values: dict[str, str | int | float]
) -> None:
    headers = dict(transfer.head.headers) if transfer.head is not None else {}
    written, unknown = written_out(options.write_out, values, headers, failed=bool(values["exitcode"]))
    for each in unknown:
        await process.complain(f"curl: unknown --write-out variable: '{each}'")
    for text, is_error in written:
        await (process.stderr if is_error else process.stdout).write(text.encode())
