"""How a transfer fails: curl's exit codes, with the messages of curl 8."""

from __future__ import annotations

import enum


class Exit(enum.IntEnum):
    """curl's exit codes, as far as they occur here."""

    OK = 0
    UNSUPPORTED_PROTOCOL = 1
    USAGE = 2
    MALFORMED_URL = 3
    UNKNOWN_HOST = 6
    NO_CONNECTION = 7
    WEIRD_ANSWER = 8
    PARTIAL = 18
    HTTP_ERROR = 22
    WRITE_ERROR = 23
    READ_ERROR = 26
    TIMEOUT = 28
    BAD_ARGUMENT = 43
    TOO_MANY_REDIRECTS = 47
    EMPTY_REPLY = 52
    SEND_ERROR = 55
    RECEIVE_ERROR = 56
    TOO_LARGE = 63


class CurlError(Exception):
    """A transfer that failed: exit code and message."""

    def __init__(self, code: Exit, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class UsageError(Exception):
    """Options that cannot be used: exit code, and the lines that say so."""

    def __init__(self, message: str, code: Exit = Exit.USAGE) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
