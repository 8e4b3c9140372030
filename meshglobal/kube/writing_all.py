"""Write to several clusters side by side; within one cluster the steps go one after another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

from meshglobal.domain.failure import Cause, Failure, failure
from meshglobal.domain.plan import DOUBT, Status, Step, StepResult
from meshglobal.kube.client import Client
from meshglobal.kube.failing import OF_THE_WHOLE_CLUSTER
from meshglobal.kube.fan_out import fan_out
from meshglobal.kube.retrying import Patience
from meshglobal.kube.timing import Deadline
from meshglobal.kube.writing import Manner, Writer

_HOPELESS = OF_THE_WHOLE_CLUSTER | {Cause.TIMEOUT}


class _Results:
    """Results by index of the step. After `close` what threads still bring is dropped."""

    def __init__(self, on_result: Callable[[StepResult], None] | None, *, is_dry_run: bool) -> None:
        self._on_result = on_result
        self._doubt = "" if is_dry_run else f"; {DOUBT}"
        self._results: dict[int, StepResult] = {}
        self._begun: set[int] = set()
        self._lock = threading.Lock()
        self._is_closed = False

    def begin(self, index: int) -> bool:
        with self._lock:
            self._begun.add(index)
            return not self._is_closed

    def add(self, index: int, result: StepResult) -> None:
        with self._lock:
            if self._is_closed:
                return
            self._results[index] = result
        if self._on_result is not None:
            self._on_result(result)

    def close(self, steps: Sequence[Step]) -> list[StepResult]:
        with self._lock:
            self._is_closed = True
            return [self._results.get(index) or self._late(index, step) for index, step in enumerate(steps)]

    def _late(self, index: int, step: Step) -> StepResult:
        if index in self._begun:
            message = f"the server had not answered in time{self._doubt}"
            return StepResult(step, Status.FAILED, failure=failure(Cause.TIMEOUT, message, step.context))
        message = "its turn had not come when the time was over; nothing was sent"
        return StepResult(step, Status.FAILED, failure=failure(Cause.NOT_STARTED, message, step.context))


def write_clusters(  # noqa: PLR0913 - the run's limits belong together with what is written
    clients: Mapping[str, Client],
    steps: Sequence[Step],
    *,
    manner: Manner,
    workers: int,
    deadline: Deadline,
    patience: Patience,
    on_result: Callable[[StepResult], None] | None = None,
) -> list[StepResult]:
    """Carry out all steps; results in their order, none missing. ``on_result`` is called in worker threads."""
    results = _Results(on_result, is_dry_run=manner.is_dry_run)
    by_context: dict[str, list[tuple[int, Step]]] = {}
    for index, step in enumerate(steps):
        by_context.setdefault(step.context, []).append((index, step))

    def task_of(context: str, own: Sequence[tuple[int, Step]]) -> Callable[[], None]:
        writer = Writer(clients[context], manner, deadline, patience)
        return lambda: _write_in_order(writer, own, results)

    fan_out([task_of(context, own) for context, own in by_context.items()], workers, deadline)
    return results.close(steps)


def _write_in_order(writer: Writer, own: Sequence[tuple[int, Step]], results: _Results) -> None:
    hopeless: Failure | None = None
    for index, step in own:
        if not results.begin(index):
            return
        if hopeless is not None and step.changes:
            result = StepResult(step, Status.FAILED, failure=hopeless)
        else:
            result = writer.write(step)
        if result.failure is not None and result.failure.cause in _HOPELESS:
            hopeless = hopeless or _without_doubt(result.failure, step.context)
        results.add(index, result)


def _without_doubt(found: Failure, context: str) -> Failure:
    """The failure for the steps after it, of which nothing was sent."""
    return failure(found.cause, f"{found.message.partition(';')[0]}; nothing was sent", context)
