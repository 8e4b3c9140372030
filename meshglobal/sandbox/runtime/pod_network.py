"""The data plane as programs in containers see it: the way to a host and port."""

from __future__ import annotations

from meshglobal.sandbox.containers.network import Refusal, Source, Trouble, Way
from meshglobal.sandbox.dataplane import answers
from meshglobal.sandbox.dataplane.plane import Dataplane


class PodNetwork:
    """What pods reach."""

    def __init__(self, plane: Dataplane) -> None:
        self._plane = plane

    async def way(self, source: Source, host: str, port: int) -> Way | Refusal | Trouble:
        """Return how a pod reaches a port of a host, or why it does not. What was written before counts already."""
        await self._plane.settled()
        try:
            found = await self._plane.resolve(answers.Source(source.cluster, source.namespace, source.pod), host, port)
        except LookupError:
            return Trouble.SILENT  # a pod that is being taken away has no network any more
        match found:
            case answers.NotResolved():
                return Trouble.UNKNOWN_HOST
            case answers.Refused():
                return Refusal((found.address,))
            case answers.Target():
                return Way((found.address,), found.connect[0], found.connect[1], found.headers)
