"""The emulated control plane at work on clusters that are not ours, and what is remembered of it.

Everything that it writes carries a random mark. The mark is kept in the user's state directory until what it marks is
removed, so that a later run takes up where this one stopped, and `detach` finds it all.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from meshglobal.domain.names import ISTIO_NAMESPACE
from meshglobal.sandbox.controlplane.access import Access, AccessError
from meshglobal.sandbox.controlplane.attach import Attachment, AttachRefusedError, attach, remove_marked
from meshglobal.sandbox.controlplane.ownership import is_marked
from meshglobal.sandbox.controlplane.remote import RemoteAccess, remote_access
from meshglobal.sandbox.controlplane.resources import NAMESPACES, WRITTEN
from meshglobal.sandbox.controlplane.switches import Switches
from meshglobal.sandbox.runtime.endings import end_signal
from meshglobal.sandbox.runtime.errors import AskedWrongError, NotRunningError, SandboxError
from meshglobal.sandbox.runtime.place import Place, places_root
from meshglobal.sandbox.runtime.process import Process, end, this_process

_Result = TypeVar("_Result")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9.-]+")
_SETTLE_SECONDS = 120.0


class Attached(msgspec.Struct, frozen=True):
    """Which clusters are attached, by which mark, by which process."""

    mark: str
    contexts: tuple[str, ...]
    kubeconfig: str | None = None
    process: Process | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """How an attachment ended: the signal, and how many marked objects were removed or stay (None: not known)."""

    by: signal.Signals
    removed: int
    stay: int | None


def attachment_place(name: str, environ: Mapping[str, str]) -> Place:
    """Where an attachment is remembered."""
    return Place(name, places_root(environ).parent / "attached" / name)


def remembered(place: Place) -> Attached | None:
    """What was attached last under this name and not removed since."""
    try:
        return msgspec.json.decode(place.state.read_bytes(), type=Attached)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as wrong:
        raise SandboxError(f"{place.state} cannot be read: {wrong}", "give the mark: --mark ID") from wrong


def run_attached(
    place: Place, contexts: Sequence[str], kubeconfig: str | None, switches: Sequence[str], *, clean: bool,
    on_ready: Callable[[Attached], None],
) -> Left:  # fmt: skip
    """Be the control plane of these contexts' clusters until SIGINT or SIGTERM.

    Raises AskedWrongError for a switch or clusters that cannot be attached, SandboxError for one that does not answer.
    """
    try:
        answers = Switches.parse(switches)
    except ValueError as wrong:
        raise AskedWrongError(str(wrong)) from wrong
    place.prepare()
    with place.locked() as is_ours:
        if not is_ours:
            raise SandboxError(f"attachment {place.name} is at work in another process", "end that one first: Ctrl-C")
        before = remembered(place)
        mark = before.mark if before else secrets.token_hex(4)
        attached = Attached(mark, tuple(contexts), kubeconfig, this_process())
        left = asyncio.run(_said(_attached(place, attached, answers, on_ready, clean=clean)))
        if left.stay == 0:
            place.remove()
    return left


def remove_attached(place: Place, mark: str | None, contexts: Sequence[str], kubeconfig: str | None) -> int:
    """End the attachment if it is at work, remove all that carries its mark; how many objects that were.

    Raises NotRunningError where neither the place nor the arguments say what to remove, SandboxError.
    """
    known = remembered(place)
    if known is not None and known.process is not None and known.process != this_process():
        end(known.process)
    mark = mark or (known.mark if known else None)
    where = tuple(contexts) or (known.contexts if known else ())
    if mark is None or not where:
        raise NotRunningError(
            f"nothing is remembered of an attachment {place.name}",
            "say what to remove: --mark ID --context NAME; ID is the value of the label meshglobal.dev/sandbox",
        )
    removed = asyncio.run(_said(_removed(where, kubeconfig or (known.kubeconfig if known else None), mark)))
    if place.folder.is_dir() and (known is None or set(where) >= set(known.contexts)):
        place.remove()
    return removed


def cluster_name(context: str) -> str:
    """What the cluster of a context is called in the mesh: its name with what entries' names may not have replaced."""
    return _NOT_IN_NAMES.sub("-", context.lower()).strip("-.")


async def _attached(
    place: Place, attached: Attached, switches: Switches, on_ready: Callable[[Attached], None], *, clean: bool
) -> Left:
    accesses = _accesses(attached.contexts, attached.kubeconfig)
    ended = end_signal()
    starting = asyncio.create_task(_start(place, attached, accesses, switches))
    ended.add_done_callback(lambda _: starting.cancel())
    await asyncio.wait({starting})
    if starting.cancelled():
        await _close(accesses)
        # Some of the objects may have been written; to count them could take as long as to go on.
        return Left(ended.result(), 0, None)
    attachment = starting.result()
    on_ready(attached)
    return await _leave(attachment, attached.mark, await ended, clean=clean)


async def _start(place: Place, attached: Attached, accesses: Sequence[Access], switches: Switches) -> Attachment:
    try:
        await _refuse_twins(accesses)
        place.write(place.state, msgspec.json.encode(attached))
        attachment = await attach(accesses, attached.mark, switches)
    except (AskedWrongError, AttachRefusedError, AccessError):
        await _close(accesses)
        raise
    try:
        await attachment.reconciler.settled(_SETTLE_SECONDS)
    except BaseException:
        await attachment.stop()
        raise
    return attachment


async def _leave(attachment: Attachment, mark: str, by: signal.Signals, *, clean: bool) -> Left:
    if clean:
        return Left(by, await attachment.detach(), 0)
    try:
        return Left(by, 0, await _count_marked(attachment.accesses, mark))
    finally:
        await attachment.stop()


async def _refuse_twins(accesses: Sequence[Access]) -> None:
    """Refuse two contexts of one cluster: it would have two control planes. Clusters are told by kube-system's UID."""
    seen: dict[str, str] = {}
    for access in accesses:
        found = {each["metadata"]["name"]: each["metadata"]["uid"] for each in await access.list(NAMESPACES)}
        uid = found.get("kube-system", "")
        if uid and uid in seen:
            raise AskedWrongError(f"{seen[uid]} and {access.name} are the same cluster", "name it once")
        seen[uid] = access.name


async def _removed(contexts: Sequence[str], kubeconfig: str | None, mark: str) -> int:
    accesses = _accesses(contexts, kubeconfig)
    try:
        return await remove_marked(accesses, mark)
    finally:
        await _close(accesses)


async def _count_marked(accesses: Sequence[Access], mark: str) -> int:
    lists = [await access.list(kind.resource, ISTIO_NAMESPACE) for access in accesses for kind in WRITTEN]
    return sum(is_marked(obj, mark) for found in lists for obj in found)


def _accesses(contexts: Sequence[str], kubeconfig: str | None) -> list[RemoteAccess]:
    return [remote_access(kubeconfig, context, cluster_name(context)) for context in contexts]


async def _close(accesses: Sequence[Access]) -> None:
    for access in accesses:
        await access.close()


async def _said(work: Awaitable[_Result]) -> _Result:
    """Say the control plane's refusals as the runtime's."""
    try:
        return await work
    except AttachRefusedError as refused:
        listed = "".join(f"\n  {reason}" for reason in refused.reasons)
        raise AskedWrongError(f"these clusters cannot be attached:{listed}", "nothing was written") from refused
    except AccessError as failure:
        raise SandboxError(str(failure), "what was written carries a mark: meshglobal sandbox detach") from failure
