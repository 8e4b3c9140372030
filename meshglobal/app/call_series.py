"""The calls from one cluster: a way into a pod that the user may go, and another one where that has no curl."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from meshglobal.app.call_ports import DEFAULT_IMAGE, Callers, End, Job, Right, Running, Stream
from meshglobal.domain import kinds
from meshglobal.domain.call import Answer, Method
from meshglobal.domain.call_identity import Identify
from meshglobal.domain.call_order import CallOrder
from meshglobal.domain.call_output import CallReader
from meshglobal.domain.call_source import Source, mesh_labels
from meshglobal.domain.failure import Cause, Failure
from meshglobal.domain.objects import Pod
from meshglobal.domain.view import ClusterView

_ATTACH = (Right("create", "attach"), Right("get", "attach"))
RIGHTS: dict[Method, tuple[Right, ...]] = {
    Method.EXEC: (Right("create", "exec"), Right("get", "exec")),
    Method.EPHEMERAL: (Right("patch", "ephemeralcontainers"), *_ATTACH),
    Method.POD: (Right("create"), Right("delete"), *_ATTACH),
}
"""What each way needs, beside reading pods. A WebSocket begins as a GET, for which servers since 1.35 want both."""
_LOOK = 0.05  # seconds
_LEEWAY = 30.0
_USAGE = 2  # curl does not know an option: it is too old


class CallSeries:
    """The calls from one cluster."""

    def __init__(  # noqa: PLR0913 - what a series is made of
        self,
        callers: Callers,
        view: ClusterView,
        order: CallOrder,
        source: Source,
        methods: Sequence[Method],
        *,
        image: str = DEFAULT_IMAGE,
        identify: Identify | None = None,
        on_text: Callable[[bytes], None] | None = None,
        on_remains: Callable[[str, str], None] | None = None,
    ) -> None:
        self.order, self.source = order, source
        self.method: Method | None = None
        self.answers: list[Answer] = []
        self.failure: Failure | None = None
        self.remains = ""
        self.is_over = False
        self._callers, self._view, self._image = callers, view, image
        self._left, self._first = list(methods), methods[0]
        self._identify = identify or Identify()
        self._on_text, self._on_remains = on_text, on_remains
        self._reader = CallReader(order, self._identify)
        self._running: Running | None = None
        self._denied: list[str] = []

    def begin(self) -> None:
        """Take the first of the ways that are left and open to the user."""
        while self._left:
            method = self._left.pop(0)
            lacking = self._callers.lacking(self._view.context, self.source.namespace, RIGHTS[method])
            if isinstance(lacking, Failure) or not lacking:  # where the server does not say, trying tells
                self.method = method
                self._reader = CallReader(self.order, self._identify)
                self._running = self._callers.start(self._job(method), self._heard)
                return
            self._denied.append(f"{method} needs {', '.join(map(str, lacking))}")
        self.is_over = True
        if self._denied:
            why = f"you may not run curl in namespace {self.source.namespace}: {'; '.join(self._denied)}"
            way = f"-{self._first}" if self._first is not Method.EXEC else ""
            step = f"meshglobal rbac call{way} -n {self.source.namespace} prints what is needed"
            self.failure = Failure(Cause.FORBIDDEN, why, step)

    def look(self) -> None:
        """See for a moment whether it has ended."""
        if self._running is not None and (end := self._running.wait(_LOOK)) is not None:
            self._close(end)

    def stop(self) -> None:
        """End it if it has not; what was made for it is taken away."""
        if self._running is not None:
            self._left.clear()
            self._close(self._running.stop(), is_stopped=True)

    def _close(self, end: End, *, is_stopped: bool = False) -> None:
        self._running = None
        self.answers += self._reader.ended()
        if end.remains:
            self.remains = end.remains
            if self._on_remains is not None:
                self._on_remains(self._view.context, end.remains)
        is_closed = end.failure is not None and end.failure.cause in (Cause.FORBIDDEN, Cause.REJECTED)
        if (is_closed or end.lacks_program or end.exit_code == _USAGE) and not self.answers and self._left:
            self.begin()
            return
        self.is_over = True
        if not is_stopped:
            self.failure = end.failure or self._why_short(end)

    def _why_short(self, end: End) -> Failure | None:
        """Why there are fewer answers than calls, though nothing failed on the way to the pod."""
        if len(self.answers) >= self.order.count:
            return None
        said = next((line for line in reversed(self._reader.stray) if line.strip() and line[0] not in "*<>{}"), "")
        code = f" (exit code {end.exit_code})" if end.exit_code else ""
        place = f"in pod {self.source.pod}" if self.source.pod else "in the pod that was made for it"
        done = f"{len(self.answers)} of {self.order.count} calls"
        why = f"curl {place} ended after {done}{code}: {said or 'it does not say why'}"
        return Failure(Cause.REJECTED, why, "choose another way with --method, or another pod with --from")

    def _heard(self, stream: Stream, data: bytes) -> None:
        if stream is Stream.STDERR:
            self.answers += self._reader.said(data)
            return
        self.answers += self._reader.gave(data)
        if self._on_text is not None and self.order.shows_answer:
            self._on_text(data)

    def _job(self, method: Method) -> Job:
        source, like = self.source, self._pod()
        is_new = method is Method.POD
        return Job(
            self._view.context,
            source.namespace,
            source.pod or "",
            method,
            self.order.argv,
            self.order.stdin,
            container=source.container,
            image=self._image,
            seconds=self.order.seconds + _LEEWAY,
            labels=mesh_labels(self._view, source.namespace, like) if is_new else {},
            service_account=like.spec.service_account_name if is_new and like is not None else "",
        )

    def _pod(self) -> Pod | None:
        place = (self.source.namespace, self.source.pod)
        pods = self._view.cluster.of(kinds.POD, Pod)
        return next((one for one in pods if (one.namespace, one.name) == place), None)


def run_all(series: Sequence[CallSeries]) -> None:
    """Let all go on side by side until they have ended; whatever ends this early ends them, too."""
    try:
        for one in series:
            one.begin()
        while pending := [one for one in series if not one.is_over]:
            for one in pending:
                one.look()
    finally:
        for one in series:
            one.stop()
