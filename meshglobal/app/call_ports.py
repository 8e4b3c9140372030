"""What calls need from outside: somebody who runs curl in pods of clusters, and knows what he may do there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

from meshglobal.domain.call import Method
from meshglobal.domain.failure import Failure

DEFAULT_IMAGE = "curlimages/curl:8.13.0"


class Stream(IntEnum):
    """Where a program writes to."""

    STDOUT = 1
    STDERR = 2


@dataclass(frozen=True, slots=True)
class Right:
    """A verb on pods, or on one of their subresources (``exec``, ``attach``, ``ephemeralcontainers``)."""

    verb: str
    subresource: str = ""

    def __str__(self) -> str:
        return f"{self.verb} {'/'.join(filter(None, ('pods', self.subresource)))}"


@dataclass(frozen=True, slots=True)
class Job:
    """A program to be run in a pod.

    Attributes:
        context, namespace: where.
        pod: in which pod; for `Method.POD` the pod that the new one is to be like, empty: like none.
        container: in which container (`Method.EXEC`).
        method: how it gets there.
        argv, stdin: the program's words and its whole input.
        image: what is run where it is not a container that is there.
        seconds: how long it may run; afterwards it is ended.
        labels, service_account: of a new pod.
    """

    context: str
    namespace: str
    pod: str
    method: Method
    argv: tuple[str, ...]
    stdin: bytes = b""
    container: str = ""
    image: str = DEFAULT_IMAGE
    seconds: float = 60.0
    labels: dict[str, str] = field(default_factory=dict)
    service_account: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """How a job ended.

    Attributes:
        exit_code: of the program; None: it is not known, or the program never ran.
        failure: why it did not run, or why it is not known what became of it.
        lacks_program: the container has no such program.
        remains: what stays behind in the cluster, as a sentence's part; empty: nothing.
    """

    exit_code: int | None = None
    failure: Failure | None = None
    lacks_program: bool = False
    remains: str = ""


OnOutput = Callable[[Stream, bytes], None]
"""Gets what a program prints, as it comes, from a thread of the job's own."""


class Running(Protocol):
    """A job that was begun."""

    def wait(self, seconds: float) -> End | None:
        """How it ended; None: it has not within so many seconds."""

    def stop(self) -> End:
        """End it now, take away what was made for it, and wait for that for a while."""


class Callers(Protocol):
    """Runs programs in pods. No method raises for one cluster: what failed there is data."""

    def lacking(self, context: str, namespace: str, rights: Sequence[Right]) -> tuple[Right, ...] | Failure:
        """Which of some rights the user does not have there, as the server says; or why it does not say."""

    def start(self, job: Job, on_output: OnOutput) -> Running:
        """Begin a job; it goes on by itself."""
