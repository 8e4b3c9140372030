"""The container runtime of one cluster: starts what pods ask for, keeps what it prints, tells the pods' status.

It runs ephemeral containers, and the ordinary containers of pods that are not restarted where their command is one of
the programs here, or where somebody means to talk to them; also those of other pods that nobody controls where both is
so. All others only look as if they ran: the stand-in node says so. No program is started twice.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from meshglobal.sandbox.apiserver.objects import JSON, metadata, name_of, namespace_of
from meshglobal.sandbox.apiserver.problems import ApiError
from meshglobal.sandbox.containers import programs, statuses
from meshglobal.sandbox.containers.environment import environment_of
from meshglobal.sandbox.containers.images import argv_of
from meshglobal.sandbox.containers.instance import Instance
from meshglobal.sandbox.containers.journal import Journal
from meshglobal.sandbox.containers.network import Network, NoNetwork, Source
from meshglobal.sandbox.containers.process import Process

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Coroutine, Iterator

    from meshglobal.sandbox.apiserver.local import LocalClient
    from meshglobal.sandbox.containers.streams import Stdin, Writer

MOST_PROGRAMS: Final = 64
"""Programs that run in one cluster at a time."""
_PODS: Final = "pods"

Place = tuple[str, str]
"""UID of a pod and name of a container."""


class Containers:
    """What runs in the pods of one cluster; belongs to its event loop."""

    def __init__(self, client: LocalClient, now: Callable[[], dt.datetime]) -> None:
        self.network: Network = NoNetwork()
        self._client = client
        self._now = now
        self._instances: dict[Place, Instance] = {}
        self._journals: dict[Place, Journal] = {}
        self._tasks: dict[asyncio.Task[object], str] = {}
        self._slots = asyncio.Semaphore(MOST_PROGRAMS)
        self._stop = client.subscribe(_PODS, self._changed)

    def stop(self) -> None:
        """End all programs."""
        self._stop()
        for task in tuple(self._tasks):
            task.cancel()

    @property
    def is_full(self) -> bool:
        """Whether no further program can start now."""
        return self._slots.locked()

    def instance(self, pod: JSON, container: str) -> Instance | None:
        """Return the program that a container runs, None for one that only looks as if it ran."""
        return self._instances.get((metadata(pod)["uid"], container))

    def journal(self, pod: JSON, container: str) -> Journal:
        """Return what a container prints."""
        return self._journals.setdefault((metadata(pod)["uid"], container), Journal(self._now))

    async def execute(
        self, pod: JSON, container: JSON, argv: tuple[str, ...], stdin: Stdin, outputs: tuple[Writer, Writer]
    ) -> int:
        """Run a program beside those of a container; return its exit code, 137 where the pod goes meanwhile."""
        process = self._process(pod, container, argv, stdin, outputs)
        process.has_terminal = outputs[0] is outputs[1]
        task = self._started(pod, self._run(process))
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
        return programs.KILLED if task.cancelled() else task.result()

    async def _run(self, process: Process) -> int:
        async with self._slots:
            return await programs.run(process)

    def _process(
        self, pod: JSON, container: JSON, argv: tuple[str, ...], stdin: Stdin, outputs: tuple[Writer, Writer]
    ) -> Process:
        source = Source(self._client.cluster, namespace_of(pod), name_of(pod))
        environment = {name: _text(value) for name, value in environment_of(pod, container).items()}
        address = (pod.get("status") or {}).get("podIP", "")
        return Process(tuple(map(_text, argv)), source, self.network, environment, stdin, *outputs, address)

    def _changed(self, kind: str, pod: JSON) -> None:
        if kind == "DELETED":
            self._forget(metadata(pod)["uid"])
        elif (pod.get("status") or {}).get("phase") == "Running" and not metadata(pod).get("deletionTimestamp"):
            for field, container in _containers_with_programs(pod):
                place = (metadata(pod)["uid"], container["name"])
                if place not in self._instances:
                    instance = Instance(container, self.journal(pod, container["name"]), self._now)
                    self._instances[place] = instance
                    self._started(pod, self._live(pod, field, instance))

    def _forget(self, uid: str) -> None:
        for task, of_pod in tuple(self._tasks.items()):
            if of_pod == uid:
                task.cancel()
        for place in [each for each in self._journals if each[0] == uid]:
            self._journals.pop(place).end()
            self._instances.pop(place, None)

    def _started(self, pod: JSON, work: Coroutine[object, object, int]) -> asyncio.Task[int]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks[task] = metadata(pod)["uid"]
        task.add_done_callback(lambda done: self._tasks.pop(done, None))
        return task

    async def _live(self, pod: JSON, field: str, instance: Instance) -> int:
        """Live a container's life, and write it into the pod's status."""

        def tell() -> None:
            self._write(pod, field, instance)

        tell()
        async with self._slots:
            argv = argv_of(instance.container)
            process = self._process(pod, instance.container, argv, instance.stdin, instance.outputs())
            process.has_terminal = bool(instance.container.get("tty"))
            await instance.run(process, tell)
        return instance.exit_code or 0

    def _write(self, pod: JSON, field: str, instance: Instance) -> None:
        """Write a container's state into its pod, if that is still there."""
        present = self._client.get(_PODS, namespace_of(pod), name_of(pod))
        if present is None or metadata(present)["uid"] != metadata(pod)["uid"]:
            return
        status = statuses.with_state(present.get("status") or {}, field, instance.container, instance.state)
        if field == statuses.ORDINARY:
            status = statuses.settled(status, self._now(), is_restarted=pod["spec"].get("restartPolicy") != "Never")
        try:
            self._client.replace(_PODS, present | {"status": status}, "status")
        except ApiError as refusal:
            # The status is made of what the API server took before, so this does not happen; a lost write would
            # leave people waiting for ever.
            raise RuntimeError(f"the status of pod {name_of(pod)} was refused: {refusal}") from refusal


def _text(word: str) -> str:
    """Return a word that can be printed: JSON may hold halves of characters."""
    return word.encode("utf-8", "replace").decode()


def _containers_with_programs(pod: JSON) -> Iterator[tuple[str, JSON]]:
    """Yield the containers that run programs, with the field of the status that each belongs to."""
    spec = pod["spec"]
    for each in spec.get("ephemeralContainers") or ():
        yield statuses.EPHEMERAL, each
    for each in spec["containers"]:
        is_known = programs.find(argv_of(each)[0]) is not None
        is_open = bool(each.get("stdin"))
        if spec.get("restartPolicy") == "Never":
            # Who asks for an open input means to talk to the program, and is told where there is none.
            runs = is_known or is_open
        else:
            runs = is_known and is_open and not metadata(pod).get("ownerReferences")
        if runs:
            yield statuses.ORDINARY, each
