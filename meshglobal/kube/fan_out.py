"""One bounded set of daemon threads for a run, and a caller who never waits beyond the deadline.

`concurrent.futures` joins its threads when the process ends, so that one silent server would hold up Ctrl-C; threads
that are merely daemons do not. The caller waits, the threads work: what is not done in time is left to itself.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from enum import Enum, auto

from meshglobal.kube.timing import Deadline

Task = Callable[[], None]
_LOOK = 0.05  # seconds between looks at `closed` while waiting


class Progress(Enum):
    """How far a task got by the deadline."""

    NOT_STARTED = auto()
    STARTED = auto()
    DONE = auto()


class _Run:
    """The shared state of one fan-out: tasks by index, and a queue of the indices that ended."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        self.tasks = tasks
        self.progress = [Progress.NOT_STARTED] * len(tasks)
        self.ended: queue.SimpleQueue[tuple[int, BaseException | None]] = queue.SimpleQueue()
        self.pending = iter(range(len(tasks)))
        self.lock = threading.Lock()
        self.is_over = False

    def work(self) -> None:
        while (index := self._next()) is not None:
            raised: BaseException | None = None
            try:
                self.tasks[index]()
            except BaseException as error:  # noqa: BLE001 - handed to the waiting caller, who raises it
                raised = error
            self.ended.put((index, raised))

    def _next(self) -> int | None:
        with self.lock:
            index = None if self.is_over else next(self.pending, None)
            if index is not None:
                self.progress[index] = Progress.STARTED
            return index

    def stop(self) -> list[Progress]:
        """Let nobody start another task; how far each got."""
        with self.lock:
            self.is_over = True
            return list(self.progress)


def fan_out(tasks: Sequence[Task], workers: int, deadline: Deadline) -> list[Progress]:
    """Run the tasks on at most ``workers`` threads; return when all are done or the deadline has come.

    A task must deliver its result itself (and must expect that nobody waits for it any more); an exception that leaves
    a task is a defect, and is raised here.
    """
    run = _Run(tasks)
    for number in range(min(workers, len(tasks))):
        threading.Thread(target=run.work, name=f"meshglobal-{number}", daemon=True).start()
    remaining = len(tasks)
    try:
        while remaining and deadline.left > 0:
            try:
                index, raised = run.ended.get(timeout=min(_LOOK, deadline.left))
            except queue.Empty:
                continue
            if raised is not None:
                raise raised
            run.progress[index] = Progress.DONE
            remaining -= 1
    finally:
        progress = run.stop()
    return progress
