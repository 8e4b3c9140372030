"""Puts the parts together, and serves until it is told to end."""

from __future__ import annotations

import asyncio
import signal
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from meshglobal import __version__
from meshglobal.app.live import looks
from meshglobal.app.ports import Fleet
from meshglobal.dashboard.api import Api
from meshglobal.dashboard.details import Details
from meshglobal.dashboard.discreet import DiscreetFleet
from meshglobal.dashboard.documents import About, ContextName
from meshglobal.dashboard.feed import Feed
from meshglobal.dashboard.guard import Guard, Hosts
from meshglobal.dashboard.hub import Hub
from meshglobal.dashboard.page import STATIC, add_page
from meshglobal.dashboard.place import Token
from meshglobal.dashboard.routes import Routes
from meshglobal.dashboard.shown import shown_before
from meshglobal.dashboard.subject import Subject
from meshglobal.render.metrics_server import Address

if TYPE_CHECKING:
    from meshglobal.dashboard.actions_desk import Desk
    from meshglobal.dashboard.listener import Listener
    from meshglobal.files.write_journal import WriteJournal

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Service:
    """How it is served: on a socket that listens at a place, to who has the token.

    ``writes``: pages may change something, and it is written down there; None: they may not. ``static``: the folder of
    the built page.
    """

    socket: socket.socket
    place: Address
    token: Token
    writes: WriteJournal | None = None
    static: Path = STATIC


def serve(subject: Subject, service: Service) -> None:
    """Serve until SIGINT or SIGTERM.

    Raises:
        MeshglobalError: the clusters cannot be followed as they were asked to be.
    """
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        asyncio.run(_serve(subject, service))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def _serve(subject: Subject, service: Service) -> None:
    running = await Running.start(subject, service)
    told = asyncio.Event()
    for number in _SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    try:
        await running.until(told)
    finally:
        await running.stop()


@dataclass(frozen=True, slots=True)
class Running:
    """A dashboard that serves; everything in it belongs to one event loop."""

    hub: Hub
    routes: Routes
    feed: Feed
    details: Details
    listener: Listener
    desk: Desk | None = None

    @classmethod
    async def start(cls, subject: Subject, service: Service) -> Running:
        """Ask the clusters, and listen while they answer."""
        fleet = DiscreetFleet(subject.fleet, subject.discretion)
        hub = Hub(shown_before([member.context for member in subject.fleet.members]))
        routes = Routes()
        add_page(routes, service.static)
        Api(hub, about(subject, service.writes is not None, datetime.now(UTC))).add_to(routes)
        details = Details(hub, fleet, subject.order.strict)
        details.add_to(routes)
        desk = None if service.writes is None else _desk(subject, fleet, hub, service.writes)
        if desk is not None:
            from meshglobal.dashboard.actions import add_actions

            add_actions(routes, desk)
        guard = Guard(Hosts(service.place.host, service.place.port), service.token.secret)
        feed = Feed(lambda: looks(fleet, subject.clock, subject.mesh, subject.order), hub.take)
        feed.start()
        # The largest import of all; the clusters have been asked by then.
        from meshglobal.dashboard.listener import Listener

        listener = Listener(routes, guard)
        await listener.start(service.socket)
        return cls(hub, routes, feed, details, listener, desk)

    async def until(self, told: asyncio.Event) -> None:
        """Go on until it is told to end; what ends for itself, as a bundle does, stays to be looked at.

        Raises:
            MeshglobalError: the clusters cannot be followed.
        """
        waiting = asyncio.ensure_future(told.wait())
        await asyncio.wait((waiting, self.feed.ended), return_when=asyncio.FIRST_COMPLETED)
        if self.feed.ended.done():
            self.feed.ended.result()
        await waiting

    async def stop(self) -> None:
        """End all streams with a word, then everything else; no cluster is waited for."""
        self.feed.stop()
        if self.desk is not None:
            self.desk.stop()
        self.details.stop()
        self.hub.end("meshglobal dashboard was ended")
        await self.listener.stop()


def _desk(subject: Subject, fleet: Fleet, hub: Hub, journal: WriteJournal) -> Desk:
    from meshglobal.dashboard.actions_desk import Desk, Surroundings
    from meshglobal.dashboard.actions_record import Recorder
    from meshglobal.files.write_journal import user_name

    around = Surroundings(
        fleet=fleet,
        clock=subject.clock,
        mesh=subject.mesh,
        recorder=Recorder(journal, subject.clock, user_name()),
        look=lambda: hub.look,
        protected=subject.protected,
        namespace=subject.order.request.namespace,
    )
    return Desk(around)


def about(subject: Subject, writes: bool, now: datetime) -> About:  # noqa: FBT001 - handed through
    """What the page must know of the program."""
    taken = subject.taken_at
    return About(
        version=__version__,
        source="clusters" if subject.is_live else "bundle",
        taken_at=None if taken is None else _rfc3339(datetime.fromtimestamp(taken, UTC)),
        writes=writes,
        protected_contexts=subject.protected,
        contexts=tuple(ContextName(member.context) for member in subject.fleet.members),
        namespace=subject.order.request.namespace,
        segment_visibility=subject.mesh.visibility.value,
        started_at=_rfc3339(now),
    )


def _rfc3339(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
