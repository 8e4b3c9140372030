"""The log of a container: which part of it, from when, with or without times, and going on where that is asked for."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import problems
from meshglobal.sandbox.apiserver.exchange import TEXT_TYPE, Answer, Response, WatchStream
from meshglobal.sandbox.apiserver.objects import JSON, name_of
from meshglobal.sandbox.apiserver.options import flag, number
from meshglobal.sandbox.apiserver.streaming import container_of, state_of
from meshglobal.sandbox.containers.journal import STDERR, STDOUT, Journal, Line, Lines, lines_of

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.call import Call

_AT_LEAST = {"tailLines": 0, "limitBytes": 1, "sinceSeconds": 1}
_LONG_AGO = 10 * 365 * 24 * 3600
_STREAMS = {"": (STDOUT, STDERR), "All": (STDOUT, STDERR), "Stdout": (STDOUT,), "Stderr": (STDERR,)}


@dataclass(frozen=True, slots=True)
class LogOptions:
    """What is asked for, as in v1 PodLogOptions."""

    since: dt.datetime | None = None
    last_lines: int | None = None
    most_bytes: int | None = None
    has_times: bool = False
    streams: tuple[int, ...] = (STDOUT, STDERR)


def log(call: Call) -> Answer:
    """Answer with the log of a container; raises ApiError (400, 404, 422)."""
    pod = call.found().obj
    options = _options(call, pod)
    container = container_of(pod, call.request.query.get("container", ""))
    if not pod["spec"].get("nodeName"):
        return Response(204, b"", "")
    if flag(call.request.query, "previous"):
        why = f'previous terminated container "{container["name"]}" in pod "{name_of(pod)}" not found'
        raise problems.bad_request(why)
    state = state_of(pod, container["name"])
    if "waiting" in state:
        reason = state["waiting"].get("reason", "")
        why = f'container "{container["name"]}" in pod "{name_of(pod)}" is waiting to start: {reason}'
        raise problems.bad_request(why)
    if call.state.containers is None:
        return Response(200, b"", TEXT_TYPE)
    journal = call.state.containers.journal(pod, container["name"])
    if flag(call.request.query, "follow"):
        lines = followed(journal, options)
        return WatchStream(lines, lambda: None, TEXT_TYPE)
    wanted = [each for each in journal.pieces() if each.stream in options.streams]
    return Response(200, b"".join(_kept(lines_of(wanted), options))[: options.most_bytes], TEXT_TYPE)


async def followed(journal: Journal, options: LogOptions) -> AsyncGenerator[bytes, None]:
    """Yield the log as it is, then line by line what is added, until the container ends or enough has been shown."""
    left = options.most_bytes
    async with contextlib.aclosing(_followed_lines(journal, options)) as lines:
        async for line in lines:
            yield line[:left]
            left = None if left is None else left - len(line)
            if left is not None and left <= 0:
                return


async def _followed_lines(journal: Journal, options: LogOptions) -> AsyncGenerator[bytes, None]:
    present, lines = journal.written, Lines()
    gathered: list[Line] = []
    async with contextlib.aclosing(journal.follow(from_start=True)) as pieces:
        async for piece in pieces:
            whole = lines.feed(piece) if piece.stream in options.streams else []
            if piece.end <= present:
                gathered += whole
                whole = []
            if piece.end == present:
                begun = lines.rest()  # they count as lines of the present, and are shown when they are whole
                kept = _kept(gathered + begun, options)
                for shown in kept[: max(0, len(kept) - len(begun))]:
                    yield shown
            for line in whole:
                yield _shown(line, options)
    for line in lines.rest():
        yield _shown(line, options)


def _kept(lines: list[Line], options: LogOptions) -> list[bytes]:
    """Return what is shown of lines that are there already."""
    kept = [line for line in lines if options.since is None or line[0] >= options.since]
    if options.last_lines is not None:
        kept = kept[len(kept) - min(len(kept), options.last_lines) :]
    return [_shown(line, options) for line in kept]


def _shown(line: Line, options: LogOptions) -> bytes:
    time, text = line
    return f"{time:%Y-%m-%dT%H:%M:%S.%f}000Z ".encode() + text if options.has_times else text


def _options(call: Call, pod: JSON) -> LogOptions:
    """Return what a request asks for; raises ApiError (400, 422)."""
    query = call.request.query
    numbers = {name: number(query, name) for name in _AT_LEAST}
    causes = [
        problems.Cause("FieldValueInvalid", name, f"Invalid value: {value}: must be greater than or equal to {least}")
        for name, least in _AT_LEAST.items()
        if (value := numbers[name]) is not None and value < least
    ]
    stream = query.get("stream", "")
    if stream not in _STREAMS:
        text = f'Unsupported value: "{stream}": supported values: "All", "Stderr", "Stdout"'
        causes.append(problems.Cause("FieldValueNotSupported", "stream", text))
    if causes:
        raise problems.invalid("PodLogOptions", "", name_of(pod), causes)
    return LogOptions(
        _since(query.get("sinceTime", ""), numbers["sinceSeconds"], call.state.now()),
        numbers["tailLines"],
        numbers["limitBytes"],
        bool(flag(query, "timestamps")),
        _STREAMS[stream],
    )


def _since(time: str, seconds: int | None, now: dt.datetime) -> dt.datetime | None:
    """Return the time from which lines are wanted; raises ApiError (400)."""
    if time and seconds is not None:
        raise problems.bad_request("at most one of `sinceTime` or `sinceSeconds` may be specified")
    if seconds is not None:
        return now - dt.timedelta(seconds=min(seconds, _LONG_AGO))
    try:
        found = dt.datetime.fromisoformat(time) if time else None
    except ValueError as wrong:
        raise problems.bad_request(f'parsing time "{time}": {wrong}') from wrong
    return found.replace(tzinfo=dt.UTC) if found is not None and found.tzinfo is None else found
