"""What a command line asks curl for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import quote_plus

from meshglobal.sandbox.containers.curl import option_table
from meshglobal.sandbox.containers.curl.failures import Exit, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from meshglobal.sandbox.containers.curl.option_table import Option

MOST_URLS: Final = 100
_TRY: Final = "curl: try 'curl --help' or 'curl --manual' for more information"
_RATE: Final = re.compile(r"(\d{1,9})(?:/([smhd]))?")
_UNITS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_NUMBER: Final = re.compile(r"\d{1,9}(?:\.\d{0,9})?")
_JSON: Final = ("Content-Type: application/json", "Accept: application/json")


@dataclass(slots=True)
class Options:
    """The options of one call; times are seconds, 0 stands for none."""

    is_verbose: bool = False
    shows_head: bool = False
    is_silent: bool = False
    shows_error: bool = False
    has_meter: bool = True
    fails: bool = False
    fails_with_body: bool = False
    fails_early: bool = False
    is_head: bool = False
    is_get: bool = False
    follows: bool = False
    is_http_1_0: bool = False
    keeps_path: bool = False
    is_literal: bool = False
    retries_refused: bool = False
    retries_all: bool = False
    shows_version: bool = False
    shows_help: bool = False
    method: str = ""
    user_agent: str | None = None
    referer: str = ""
    user: str = ""
    bearer: str = ""
    range: str = ""
    write_out: str = ""
    head_to: str = ""
    pause: float = 0.0
    """From the start of one transfer to that of the next, at least."""
    max_time: float = 0.0
    connect_timeout: float = 0.0
    max_redirects: int = 50
    retries: int = 0
    retry_delay: float = 0.0
    retry_max_time: float = 0.0
    urls: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    data: list[tuple[str, str]] = field(default_factory=list)
    """(option, value), as they stand on the command line."""
    ignored: list[str] = field(default_factory=list)


def parse(arguments: Sequence[str]) -> Options:
    """Return what the words after `curl` ask for; raises UsageError in curl's words."""
    options, rest = Options(), iter(arguments)
    only_urls = False
    for word in rest:
        if only_urls or not word.startswith("-") or word == "-":
            options.urls.append(word)
        elif word == "--":
            only_urls = True
        elif word.startswith("--"):
            _take_long(options, word, rest)
        else:
            _take_short(options, word, rest)
    if len(options.urls) > MOST_URLS:
        raise UsageError(f"curl: more than {MOST_URLS} URLs\n{_TRY}")
    return options


def _take_long(options: Options, word: str, rest: Iterator[str]) -> None:
    name = word[2:]
    option, is_on = option_table.BY_LONG.get(name), True
    if option is None and name.startswith("no-"):
        option, is_on = option_table.BY_LONG.get(name[3:]), False
    if option is None:
        raise _cannot(word, exists=name.removeprefix("no-") in option_table.UNSUPPORTED)
    if option.kind == "flag":
        _switch(options, option, is_on=is_on)
        return
    if not is_on:
        raise UsageError(f"curl: option {word}: used '--no-' for option that is not a boolean\n{_TRY}")
    _set(options, option, word, _needed(word, rest))


def _take_short(options: Options, word: str, rest: Iterator[str]) -> None:
    for place, letter in enumerate(word[1:], start=2):
        option = option_table.BY_SHORT.get(letter)
        if option is None:
            raise _cannot(word, exists=letter in option_table.UNSUPPORTED_LETTERS)
        if option.kind != "flag":
            _set(options, option, word, word[place:] or _needed(word, rest))
            return
        _switch(options, option, is_on=True)


def _cannot(word: str, *, exists: bool) -> UsageError:
    why = "the installed libcurl version does not support this" if exists else "is unknown"
    return UsageError(f"curl: option {word}: {why}\n{_TRY}")


def _needed(word: str, rest: Iterator[str]) -> str:
    value = next(rest, None)
    if value is None:
        raise UsageError(f"curl: option {word}: requires parameter\n{_TRY}")
    return value


def _switch(options: Options, option: Option, *, is_on: bool) -> None:
    if option.field:
        setattr(options, option.field, is_on)


def _set(options: Options, option: Option, word: str, value: str) -> None:
    if option.kind == "data":
        _add_data(options, option.long, word, value)
    elif option.kind == "list":
        is_input = option.long != "header" or value == "@-"
        getattr(options, option.field).append(value if is_input else _no_file(word, value))
    elif option.kind == "rate":
        options.pause = _pause(word, value)
    elif option.kind == "ignored":
        return
    elif option.kind == "text":
        setattr(options, option.field, _no_file(word, value) if option.long == "write-out" else value)
    elif not _NUMBER.fullmatch(value) or (option.kind == "count" and not value.isdigit()):
        raise UsageError(f"curl: option {word}: expected a proper numerical parameter\n{_TRY}")
    else:
        setattr(options, option.field, int(value) if option.kind == "count" else float(value))


def _pause(word: str, rate: str) -> float:
    """Return the seconds from start to start, from what `--rate` takes."""
    match = _RATE.fullmatch(rate)
    if match is None or not int(match[1]):
        raise UsageError(f"curl: option {word}: is badly used here\n{_TRY}")
    return _UNITS[match[2] or "s"] / int(match[1])


def _add_data(options: Options, name: str, word: str, value: str) -> None:
    if name == "data-urlencode":
        before, sign, after = value.partition("=")
        if not sign and "@" in value:
            _no_file(word, value[value.index("@") :])
        value = f"{before}={quote_plus(after)}" if sign and before else quote_plus(after if sign else value)
    elif name != "data-raw" and value != "@-":
        _no_file(word, value)
    if name == "json":
        options.headers.extend(each for each in _JSON if each not in options.headers)
    options.data.append((name, value))


def _no_file(word: str, value: str) -> str:
    """Return a value that does not ask for a file; there are none in a container."""
    if value.startswith("@"):
        raise UsageError(
            f"curl: Failed to open {value[1:]}\ncurl: option {word}: error encountered when reading a file\n{_TRY}",
            Exit.READ_ERROR,
        )
    return value
