"""Plans that were shown and wait for agreement, and those that are being carried out.

A plan is made of a fresh reading, and is carried out as it was shown: each write is guarded by what was read, so that
what somebody else changed meanwhile is a conflict. Everything here lives in the event loop; clusters are asked in
threads, which go on when a page goes away.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from meshglobal.app.exposing import Order, Plan, carry_out, make_plan
from meshglobal.app.live import Look
from meshglobal.app.picture import MeshSettings, picture_of
from meshglobal.app.ports import Clock, Fleet
from meshglobal.dashboard.actions_asked import order_of
from meshglobal.dashboard.actions_command import command_of
from meshglobal.dashboard.actions_documents import JournalShown, PlanAsked
from meshglobal.dashboard.actions_fleet import sparing
from meshglobal.dashboard.actions_in_hand import InHand, places_of
from meshglobal.dashboard.actions_record import Recorder
from meshglobal.domain.errors import MeshglobalError, NotFoundError, RefusedError
from meshglobal.domain.report import Report
from meshglobal.domain.snapshot import MeshSnapshot

LIFETIME = 600.0
"""Seconds for which a plan can be agreed to."""
MOST_PLANS = 16
"""The oldest give way."""
_MOST_AT_WORK = 4
_WAIT = 20.0  # seconds for the entries to be as they must be; the page shows it anyway when they come later

Result = TypeVar("Result")


class UnreachableError(MeshglobalError):
    """None of the clusters in which something shall be changed could be read."""


class BusyError(MeshglobalError):
    """Too much is asked at once."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the desk works with.

    Attributes:
        fleet: the clusters.
        clock: the time that they are in.
        mesh: how the mesh is set up.
        recorder: keeps the journal.
        look: the present look at the mesh; None: there is none yet.
        protected: contexts whose names must be typed.
        namespace: the only one that is shown; None: all.
    """

    fleet: Fleet
    clock: Clock
    mesh: MeshSettings
    recorder: Recorder
    look: Callable[[], Look | None]
    protected: tuple[str, ...] = ()
    namespace: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A plan that was shown; ``expires`` on `Clock.monotonic`'s scale, ``fleet`` is what it is carried out with."""

    id: str
    plan: Plan
    tried: Report
    command: str
    needs_names: tuple[str, ...]
    fleet: Fleet
    expires: float


@dataclass(slots=True)
class Desk:
    """Makes plans, keeps them, and carries them out."""

    around: Surroundings
    _plans: dict[str, Kept] = field(default_factory=dict)
    _planning: int = 0
    _in_hand: InHand = field(default_factory=InHand)
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(8, "meshglobal-actions"))

    async def plan(self, asked: PlanAsked) -> Kept:
        """Read the clusters, let the servers try it, and keep what came of it.

        Raises:
            UsageError: it cannot be.
            RefusedError: it is not shown here.
            NotFoundError: it is nowhere.
            ConflictError: other values stand there.
            UnreachableError: no cluster in which it would be changed could be read.
            BusyError: too many plans are being made.
        """
        contexts = [one.context for one in self.around.fleet.members]
        order = order_of(asked, contexts, self.around.namespace)
        if self._planning >= _MOST_AT_WORK:
            raise BusyError("several plans are being made already", "try again in a moment")
        self._planning += 1
        kept = await self._in_task(self._planned(asked, order, self.around.look()))
        self._forget_old()
        self._plans[kept.id] = kept
        while len(self._plans) > MOST_PLANS:
            del self._plans[next(iter(self._plans))]
        return kept

    async def apply(self, id_: str, typed: tuple[str, ...]) -> Report:
        """Carry a plan out, once.

        Raises:
            NotFoundError: there is no such plan (any more).
            RefusedError: a name was not typed; the plan can still be agreed to.
            ConflictError: an object in it is being changed right now; as well.
            CannotCheckError: the journal cannot be written: nothing was sent.
        """
        return await self._in_task(self._carried_out(self._claimed(id_, typed)))

    async def journal(self) -> JournalShown:
        """What was changed.

        Raises:
            CannotCheckError: the journal cannot be read.
        """
        return await self._in_thread(self.around.recorder.shown)

    def stop(self) -> None:
        """Begin nothing more. What is being written ends when the fleet is closed, and says so in the journal."""
        self._plans.clear()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _planned(self, asked: PlanAsked, order: Order, look: Look | None) -> Kept:
        try:
            return await self._in_thread(lambda: self._made(asked, order, look))
        finally:
            self._planning -= 1

    async def _carried_out(self, kept: Kept) -> Report:
        places = places_of(kept.plan.changes)
        let_go = partial(self._in_hand.let_go, places)
        try:
            return await self._in_thread(lambda: _carry_out(kept, self.around, let_go))
        finally:
            let_go()

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def _in_task(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Goes on when the page that asked for it goes away."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return await asyncio.shield(task)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # nobody may be left who would look

    def _made(self, asked: PlanAsked, order: Order, look: Look | None) -> Kept:
        around = self.around
        known, unread = (None, ()) if look is None else (look.picture.snapshot, look.unread)
        fleet = sparing(around.fleet, known, unread, order.contexts or ())
        plan = make_plan(fleet, around.mesh, order)
        if not plan.steps:
            raise _unreachable(plan)
        command = command_of(plan, asked, [one.context for one in around.fleet.members])
        # What is replaced is what was read, and nothing that comes later: that is a conflict.
        plan = _without_objects(replace(plan, order=replace(plan.order, overwrite=False)))
        tried = carry_out(fleet, around.clock, replace(plan, order=replace(plan.order, dry_run="server")))
        return Kept(
            id=secrets.token_urlsafe(12),
            plan=replace(plan, order=replace(plan.order, wait=_WAIT if plan.changes else None)),
            tried=tried,
            command=command,
            needs_names=_protected(plan, around.protected),
            fleet=fleet,
            expires=around.clock.monotonic() + LIFETIME,
        )

    def _claimed(self, id_: str, typed: tuple[str, ...]) -> Kept:
        self._forget_old()
        if (kept := self._plans.get(id_)) is None:
            raise NotFoundError("this plan is gone: it can be agreed to once, for ten minutes", "make it again")
        if missing := [one for one in kept.needs_names if one not in typed]:
            raise RefusedError(f"{', '.join(missing)} is protected: its name must be typed", "nothing was written")
        self._in_hand.take(places_of(kept.plan.changes))
        return self._plans.pop(id_)

    def _forget_old(self) -> None:
        now = self.around.clock.monotonic()
        for id_ in [id_ for id_, kept in self._plans.items() if kept.expires <= now]:
            del self._plans[id_]


def _carry_out(kept: Kept, around: Surroundings, let_go: Callable[[], None]) -> Report:
    """In a thread: write it down, write it, write down how it ended, let go of the objects, wait."""
    if not kept.plan.changes:
        return carry_out(kept.fleet, around.clock, kept.plan)
    with around.recorder.recording(kept.command, kept.plan.changes) as record:

        def on_written(report: Report) -> None:
            record.end(report)
            let_go()

        report = carry_out(kept.fleet, around.clock, kept.plan, on_written=on_written)
    return record.noted(report)


def _without_objects(plan: Plan) -> Plan:
    """The plan without what was read for it, which it rests on no more: it may lie here for minutes."""
    clusters = tuple(replace(cluster, objects={}) for cluster in plan.picture.snapshot.clusters)
    return replace(plan, picture=picture_of(MeshSnapshot(clusters), plan.picture.mesh), after=())


def _protected(plan: Plan, protected: tuple[str, ...]) -> tuple[str, ...]:
    """The clusters of which a context is protected, of those in which something would be changed."""
    names = {one.context: {one.context, *one.aliases} for one in plan.picture.snapshot.clusters}
    changed = dict.fromkeys(step.context for step in plan.changes)
    return tuple(one for one in changed if names.get(one, {one}) & set(protected))


def _unreachable(plan: Plan) -> MeshglobalError:
    gaps = [cluster.gaps[0] for cluster in plan.picture.snapshot.clusters if cluster.context in plan.left_out]
    why = gaps[0].failure if gaps else None
    told = f": {why.message}" if why is not None else ""
    return UnreachableError(
        f"nothing can be planned: {', '.join(plan.left_out)} could not be read{told}",
        why.next_step if why is not None else "",
    )
