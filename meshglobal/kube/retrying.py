"""Asking again where that can help: throttled, overloaded or cut off; never beyond the deadline.

Waiting grows by doubling, with full jitter so that many clients do not come back in step; ``Retry-After`` is obeyed.
A merge patch may be repeated as well, since it is guarded by the resourceVersion: what was already done yields a
conflict, and that is looked into.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from meshglobal.domain.failure import Cause
from meshglobal.kube.answer import Answer, Request
from meshglobal.kube.classify import status_error
from meshglobal.kube.client import Client
from meshglobal.kube.failing import ClusterError
from meshglobal.kube.timing import Deadline

_RETRIED = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often. Times in seconds.

    Attributes:
        request_timeout: for one attempt.
        attempts: at most, the first included.
        pause, longest_pause: before the second attempt, and at most.
    """

    request_timeout: float = 10.0
    attempts: int = 4
    pause: float = 0.2
    longest_pause: float = 5.0


def ask(client: Client, request: Request, deadline: Deadline, patience: Patience) -> Answer:
    """Send a request, again if that can help; the last answer, whatever its status.

    Raises:
        ClusterError: there was no answer, or no time for one.
    """
    is_repeated = False
    for attempt in range(1, patience.attempts + 1):
        if deadline.left <= 0:
            raise ClusterError(Cause.TIMEOUT, "the time of the run was over", client.context)
        try:
            answer = client.ask(request, min(patience.request_timeout, deadline.left))
        except ClusterError as error:
            pause = _pause(attempt, patience, {})
            if error.cause is not Cause.CONNECTION_LOST or not _may_repeat(attempt, pause, deadline, patience):
                raise
            is_repeated = True
        else:
            answer = answer._replace(is_repeated=is_repeated)
            pause = _pause(attempt, patience, answer.headers)
            if answer.status not in _RETRIED or not _may_repeat(attempt, pause, deadline, patience):
                return answer
            is_repeated = is_repeated or answer.status != 429  # noqa: PLR2004 - a throttled request was not looked at
        deadline.wait(pause)
    raise AssertionError("the last attempt returns or raises")


def fetch(client: Client, request: Request, deadline: Deadline, patience: Patience) -> Answer:
    """As `ask`; ClusterError unless the status is 2xx."""
    answer = ask(client, request, deadline, patience)
    if answer.status // 100 != 2:  # noqa: PLR2004 - success
        raise status_error(answer, request, client.context)
    return answer


def _may_repeat(attempt: int, pause: float, deadline: Deadline, patience: Patience) -> bool:
    return attempt < patience.attempts and pause < deadline.left


def _pause(attempt: int, patience: Patience, headers: Mapping[str, str]) -> float:
    """Seconds until the next attempt. ``Retry-After`` as a date is not what API servers send; it is not obeyed."""
    doubled = patience.pause * 2 ** (attempt - 1)
    drawn = random.uniform(0, min(doubled, patience.longest_pause))  # noqa: S311 - jitter needs no cryptography
    asked = headers.get("Retry-After", "")
    return float(asked) + drawn / 2 if asked.isdecimal() else drawn
