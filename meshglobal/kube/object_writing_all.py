"""Write whole objects to several clusters side by side; within one cluster one after another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.object_plan import ObjectResult, ObjectStep
from meshglobal.domain.plan import Status
from meshglobal.kube.client import Client
from meshglobal.kube.failing import OF_THE_WHOLE_CLUSTER
from meshglobal.kube.fan_out import fan_out
from meshglobal.kube.object_writing import ObjectWriting
from meshglobal.kube.retrying import Patience
from meshglobal.kube.timing import Deadline
from meshglobal.kube.writing import Manner

_HOPELESS = OF_THE_WHOLE_CLUSTER | {Cause.TIMEOUT}


def write_objects(
    clients: Mapping[str, Client],
    steps: Sequence[ObjectStep],
    *,
    manner: Manner,
    workers: int,
    deadline: Deadline,
    patience: Patience,
) -> list[ObjectResult]:
    """Carry out all steps; results in their order, none missing. After a failure nothing more is sent to a cluster."""
    done: dict[int, ObjectResult] = {}
    begun: set[int] = set()
    lock = threading.Lock()

    def task_of(context: str) -> Callable[[], None]:
        writing = ObjectWriting(clients[context], manner, deadline, patience)

        def run() -> None:
            for index, step in enumerate(steps):
                if step.context != context:
                    continue
                with lock:
                    begun.add(index)
                result = writing.write(step)
                with lock:
                    done[index] = result
                if result.failure is not None and result.failure.cause in _HOPELESS:
                    return

        return run

    fan_out([task_of(context) for context in dict.fromkeys(step.context for step in steps)], workers, deadline)
    with lock:
        return [done.get(index) or _late(step, is_begun=index in begun) for index, step in enumerate(steps)]


def _late(step: ObjectStep, *, is_begun: bool) -> ObjectResult:
    if is_begun:
        text = "the server had not answered in time; it may have been written all the same"
        return ObjectResult(step, Status.FAILED, failure=failure(Cause.TIMEOUT, text, step.context))
    text = "nothing was sent: what came before it failed, or the time was over"
    return ObjectResult(step, Status.FAILED, failure=failure(Cause.NOT_STARTED, text, step.context))
