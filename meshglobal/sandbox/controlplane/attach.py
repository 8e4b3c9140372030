"""Attach mode: the emulated control plane on API servers that are not ours.

It refuses clusters that have a real one, marks everything that it writes, and takes away exactly that when it leaves.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

from meshglobal.domain.names import ISTIO_NAMESPACE
from meshglobal.sandbox.controlplane.access import Access, AccessError, NotFoundError
from meshglobal.sandbox.controlplane.observed import name_of
from meshglobal.sandbox.controlplane.ownership import Marked, is_marked
from meshglobal.sandbox.controlplane.preflight import obstacles
from meshglobal.sandbox.controlplane.reconciler import Reconciler
from meshglobal.sandbox.controlplane.resources import WRITTEN
from meshglobal.sandbox.controlplane.switches import Switches


class AttachRefusedError(Exception):
    """These clusters may not be attached to; `reasons` has a sentence each."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = tuple(reasons)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A running control plane on foreign clusters."""

    reconciler: Reconciler
    accesses: tuple[Access, ...]
    sandbox_id: str

    async def stop(self) -> None:
        """Stop, and leave what was written."""
        await self.reconciler.stop()
        for access in self.accesses:
            await access.close()

    async def detach(self) -> int:
        """Stop, and remove exactly what carries our mark; how many objects that were. Raises AccessError."""
        await self.reconciler.stop()
        try:
            return await remove_marked(self.accesses, self.sandbox_id)
        finally:
            await self.stop()


async def attach(accesses: Sequence[Access], sandbox_id: str, switches: Switches | None = None) -> Attachment:
    """Become the control plane of these clusters, which must have none.

    ``sandbox_id`` is the mark's value: the same id again takes up where an earlier run stopped. The switches decide
    among other things whether clusters without istio-remote Gateways see each other (`peering=all`).
    Raises AttachRefusedError before anything is written, AccessError where a cluster cannot be read.
    """
    if reasons := await obstacles(accesses, sandbox_id):
        raise AttachRefusedError(reasons)
    reconciler = Reconciler(accesses, switches, Marked(sandbox_id))
    attachment = Attachment(reconciler, tuple(accesses), sandbox_id)
    try:
        await reconciler.start()
    except AccessError:
        await attachment.stop()
        raise
    return attachment


async def remove_marked(accesses: Sequence[Access], sandbox_id: str) -> int:
    """Remove every generated object with this mark; how many there were.

    A cluster that fails does not keep the others from being cleaned; its AccessError is raised at the end.
    """
    results = await asyncio.gather(*(_cleaned(access, sandbox_id) for access in accesses), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return sum(result for result in results if isinstance(result, int))


async def _cleaned(access: Access, sandbox_id: str) -> int:
    marked = [
        (kind.resource, name_of(obj))
        for kind in WRITTEN
        for obj in await access.list(kind.resource, ISTIO_NAMESPACE)
        if is_marked(obj, sandbox_id)
    ]
    await asyncio.gather(*(_remove(access, resource, name) for resource, name in marked))
    return len(marked)


async def _remove(access: Access, resource: str, name: str) -> None:
    with contextlib.suppress(NotFoundError):
        await access.delete(resource, ISTIO_NAMESPACE, name)
