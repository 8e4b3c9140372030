"""A call to a global host from a pod, and what came of it: curl's words on one side, plain records on the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import msgspec


class Method(StrEnum):
    """How curl gets into a pod."""

    EXEC = "exec"
    EPHEMERAL = "ephemeral"
    POD = "pod"


class Trouble(StrEnum):
    """Why no HTTP answer came. The value is what machines read."""

    NOT_RESOLVED = "not-resolved"
    REFUSED = "refused"
    RESET = "reset"
    TIMEOUT = "timeout"
    OTHER = "other"


_BY_EXIT = {
    6: Trouble.NOT_RESOLVED,
    7: Trouble.REFUSED,
    18: Trouble.RESET,  # the answer broke off
    28: Trouble.TIMEOUT,
    52: Trouble.RESET,  # it was closed without an answer
    55: Trouble.RESET,
    56: Trouble.RESET,
}


def trouble_of(exit_code: int) -> Trouble:
    """What an exit code of curl other than 0 stands for."""
    return _BY_EXIT.get(exit_code, Trouble.OTHER)


class Header(msgspec.Struct, frozen=True, rename="camel"):
    """A header of an answer; ``name`` as it came."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one call.

    Attributes:
        status: of HTTP; 0: no answer came.
        seconds: the whole call, resolving the name and connecting included.
        trouble: why no whole answer came; None: one came.
        message: what curl said of it.
        headers: of the answer.
        by: who answered, as the answer itself says; empty: it does not say.
        connects: new connections that were made for it.
        received: bytes of body.
    """

    status: int
    seconds: float
    trouble: Trouble | None = None
    message: str = ""
    headers: tuple[Header, ...] = ()
    by: str = ""
    connects: int = 0
    received: int = 0

    @property
    def is_good(self) -> bool:
        """Whether the service itself answered, and not with an error of the server's."""
        return self.trouble is None and 0 < self.status < 500  # noqa: PLR2004 - the class of HTTP

    @property
    def kind(self) -> str:
        """How it failed: a trouble, or ``503``; empty for a good answer."""
        if self.trouble is not None:
            return self.trouble.value
        return "" if self.is_good else str(self.status)


@dataclass(frozen=True, slots=True)
class CallSeen:
    """What was seen of the calls of one cluster, as checks look at it.

    Attributes:
        context: where the caller is.
        namespace, service: what was called.
        host, port: under which name.
        caller: namespace and name of the pod; its name is empty for one that was made for this.
        is_enrolled: whether the caller is in the mesh; None: not known.
        count: calls that ended.
        failed: by kind (`Answer.kind`), how often, and what was said the first time.
    """

    context: str
    namespace: str
    service: str
    host: str
    port: int
    caller: tuple[str, str]
    is_enrolled: bool | None
    count: int
    failed: Sequence[tuple[str, int, str]] = ()
