"""The network of pods where the sandbox's data plane runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshglobal.sandbox.containers.network import Source, Trouble, Way
from meshglobal.sandbox.dataplane import answers

if TYPE_CHECKING:
    from meshglobal.sandbox.dataplane.plane import Dataplane


@dataclass(frozen=True, slots=True)
class Traffic:
    """Asks the data plane for the ways of programs in containers."""

    plane: Dataplane

    async def way(self, source: Source, host: str, port: int) -> Way | Trouble:
        """Return how a pod reaches a port of a host, or why it does not."""
        caller = answers.Source(source.cluster, source.namespace, source.pod)
        try:
            target = self.plane.resolve(caller, host, port)
        except LookupError:
            await self.plane.settled()  # the pod may be newer than what the data plane has seen
            try:
                target = self.plane.resolve(caller, host, port)
            except LookupError:
                return Trouble.UNKNOWN_HOST  # the pod has gone meanwhile
        if isinstance(target, answers.Target):
            return Way((target.address,), *target.connect, target.headers)
        return Trouble.UNKNOWN_HOST if isinstance(target, answers.NotResolved) else Trouble.REFUSED
