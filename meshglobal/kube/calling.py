"""Programs in pods of real clusters: `meshglobal.app.call_ports.Callers` on the clients of a fleet."""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

import msgspec

from meshglobal.app.call_ports import End, Job, OnOutput, Right, Stream
from meshglobal.domain import kinds
from meshglobal.domain.call import Method
from meshglobal.domain.failure import Cause, Failure, failure
from meshglobal.kube import pod_requests, pod_specs
from meshglobal.kube.answer import Request
from meshglobal.kube.channels import Channel, Channels, of_program, opened
from meshglobal.kube.client import Client
from meshglobal.kube.failing import ClusterError
from meshglobal.kube.pod_requests import State

_START_SECONDS = 90.0
"""How long a container may take to start, its image included."""
_LOOK, _LONGEST_LOOK = 0.05, 1.0
_GRACE = 10.0
"""Seconds in which a job that is stopped takes away what it made."""
_LETTERS = "bcdfghjklmnpqrstvwxz2456789"  # as Kubernetes' own: no words come of them
_NO_PROGRAM = re.compile(r"executable file not found|no such file or directory|not found in \$PATH", re.IGNORECASE)
_NO_PROGRAM_CODES = frozenset({126, 127})
_HOPELESS = re.compile(
    r"ImagePullBackOff|InvalidImageName|ErrImageNeverPull|Create\w+Error|RunContainerError|CrashLoop.*"
)


class _Cause(msgspec.Struct, frozen=True):
    reason: str = ""
    message: str = ""


class _Details(msgspec.Struct, frozen=True):
    causes: list[_Cause] | None = None


class _Said(msgspec.Struct, frozen=True):
    """The Status with which the error channel ends."""

    status: str = ""
    reason: str = ""
    message: str = ""
    details: _Details | None = None


class KubeCallers:
    """Runs programs in pods; thread-safe. ``request_timeout`` in seconds, for each request."""

    def __init__(self, clients: Mapping[str, Client], request_timeout: float) -> None:
        self._clients = clients
        self._timeout = request_timeout

    def lacking(self, context: str, namespace: str, rights: Sequence[Right]) -> tuple[Right, ...] | Failure:
        """Which rights are lacking; see `Callers.lacking`."""
        try:
            return pod_requests.lacking(self._clients[context], namespace, rights, self._timeout)
        except ClusterError as error:
            return error.failure

    def start(self, job: Job, on_output: OnOutput) -> KubeRunning:
        """Begin a job; see `Callers.start`."""
        return KubeRunning(self._clients[job.context], job, on_output, self._timeout)


class KubeRunning:
    """One job, worked off in a thread of its own."""

    def __init__(self, client: Client, job: Job, on_output: OnOutput, timeout: float) -> None:
        self._client = client
        self._job = job
        self._on_output = on_output
        self._timeout = timeout
        self._stopped, self._ended = threading.Event(), threading.Event()
        self._end = End()
        self._remains = ""
        self._defect: BaseException | None = None
        threading.Thread(target=self._work, name=f"meshglobal-call-{job.context}", daemon=True).start()

    def wait(self, seconds: float) -> End | None:
        """How it ended; see `Running.wait`."""
        if not self._ended.wait(seconds):
            return None
        if self._defect is not None:
            raise self._defect
        return self._end

    def stop(self) -> End:
        """End it; see `Running.stop`."""
        self._stopped.set()
        if (end := self.wait(_GRACE)) is not None:
            return end
        why = failure(
            Cause.TIMEOUT, f"{self._client.server} did not answer while the call was ended", self._job.context
        )
        return End(failure=why, remains=self._remains)

    def _work(self) -> None:
        ways = {Method.EXEC: self._exec, Method.EPHEMERAL: self._ephemeral, Method.POD: self._own_pod}
        try:
            end = ways[self._job.method]()
        except ClusterError as error:
            end = End(failure=error.failure)
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits, who raises it
            self._defect, end = error, End()
        self._end = replace(end, remains=self._remains)
        self._ended.set()

    def _exec(self) -> End:
        words = tuple(("command", word) for word in self._job.argv)
        chosen = (("container", self._job.container),) if self._job.container else ()
        return self._converse(self._job.pod, "exec", (*words, *chosen))

    def _ephemeral(self) -> End:
        job, name = self._job, f"meshglobal-{_random()}"
        spec = pod_specs.container(job, name)
        pod_requests.add_container(self._client, job.namespace, job.pod, spec, self._timeout)
        self._remains = f"ephemeral container {name} in pod {job.pod}, for as long as the pod lives"
        return self._attached(job.pod, name)

    def _own_pod(self) -> End:
        name = f"meshglobal-call-{_random()}"
        with self._made(name):
            return self._attached(name, pod_specs.CONTAINER)

    @contextmanager
    def _made(self, name: str) -> Iterator[None]:
        """A pod that is there meanwhile; it is deleted whatever happens, also where nobody answered its creation."""
        job = self._job
        try:
            pod_requests.create(self._client, job.namespace, pod_specs.pod(job, name), self._timeout)
        except ClusterError as error:
            if error.is_sent:
                self._unmake(name)
            raise
        try:
            yield
        finally:
            self._unmake(name)

    def _unmake(self, name: str) -> None:
        self._remains = f"pod {name}, which was made for the call and could not be deleted; it ends by itself"
        pod_requests.delete(self._client, self._job.namespace, name, self._timeout)
        self._remains = ""

    def _attached(self, pod: str, container: str) -> End:
        """Wait until the container runs, then give it its input."""
        ends = time.monotonic() + _START_SECONDS
        pause, state = _LOOK, State()
        while not self._stopped.is_set():
            state = pod_requests.state_of(self._client, self._job.namespace, pod, container, self._timeout)
            if state.running is not None:
                return self._converse(pod, "attach", (("container", container),))
            if (end := self._unstarted(state, ends)) is not None:
                return end
            self._stopped.wait(pause)
            pause = min(pause * 1.5, _LONGEST_LOOK)
        return End()

    def _unstarted(self, state: State, ends: float) -> End | None:
        """How it ends with a container that does not run; None: it may still start."""
        if (ended := state.terminated) is not None:
            why = ": ".join(filter(None, (ended.reason, ended.message))) or f"exit code {ended.exit_code}"
            return self._failed(f"the container with {self._job.image} ended before its input came: {why}")
        waiting = state.waiting
        why = ": ".join(filter(None, (waiting.reason, waiting.message))) if waiting is not None else "not scheduled yet"
        if waiting is not None and _HOPELESS.fullmatch(waiting.reason):
            return self._failed(f"the container with {self._job.image} does not start: {why}")
        if time.monotonic() > ends:
            return self._failed(f"the container with {self._job.image} has not started in {_START_SECONDS:g} s: {why}")
        return None

    def _failed(self, why: str) -> End:
        step = "choose another image with --image, or another way with --method"
        lacks = _NO_PROGRAM.search(why) is not None
        return End(failure=Failure(Cause.REJECTED, why, step), lacks_program=lacks)

    def _converse(self, pod: str, verb: str, more: Sequence[tuple[str, str]]) -> End:
        path, parameters = of_program(pod_requests.pod_path(self._job.namespace, pod), verb, more)
        request = Request(kinds.POD, path, parameters)
        ends = time.monotonic() + self._job.seconds
        with opened(self._client, request, self._timeout) as channels:
            channels.give(self._job.stdin)
            return self._listen(channels, ends)

    def _listen(self, channels: Channels, ends: float) -> End:
        said: _Said | None = None
        for channel, data in channels.receive(self._stopped, ends):
            if channel in (Channel.STDOUT, Channel.STDERR):
                self._on_output(Stream(channel), data)
            elif channel == Channel.ERROR:
                said = _said(data)
                break  # it is the last that is said; the goodbye after it need not reach the server
        if self._stopped.is_set():
            return End()
        if said is None:
            why = "the server ended the connection without saying what became of the program"
            return End(failure=failure(Cause.CONNECTION_LOST, why, self._job.context))
        return _end_of(said, self._job)


def _said(data: bytes) -> _Said | None:
    try:
        return msgspec.json.decode(data, type=_Said)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _Said("Failure", "", data.decode("utf-8", "replace"))


def _end_of(said: _Said, job: Job) -> End:
    if said.status == "Success":
        return End(exit_code=0)
    causes = said.details.causes or [] if said.details is not None else []
    code = next((one.message for one in causes if one.reason == "ExitCode"), "")
    if code.isdecimal():
        return End(exit_code=int(code), lacks_program=int(code) in _NO_PROGRAM_CODES)
    lacks = _NO_PROGRAM.search(said.message) is not None
    why = f"{job.argv[0]} could not be run in pod {job.pod}: {' '.join(said.message.split())[:300]}"
    return End(failure=failure(Cause.REJECTED, why, job.context), lacks_program=lacks)


def _random() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(5))
