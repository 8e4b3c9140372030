"""What a dashboard shows. By itself, so that a wrong wish is told before the server is imported."""

from __future__ import annotations

from dataclasses import dataclass, field

from meshglobal.app.live import LiveOrder
from meshglobal.app.picture import MeshSettings
from meshglobal.app.ports import Clock, Fleet
from meshglobal.dashboard.discreet import Discretion


@dataclass(frozen=True, slots=True)
class Subject:
    """What the dashboard is about.

    Attributes:
        fleet: asked while it lasts; each call has time of its own.
        clock: the time that the mesh is in.
        mesh: how the mesh is set up.
        order: what is followed.
        is_live: clusters, and not what was written down of them.
        taken_at: when that was, in seconds since the epoch; None where it is not known.
        protected: which of the contexts are protected.
        discretion: what of the user's files is not told.
    """

    fleet: Fleet
    clock: Clock
    mesh: MeshSettings
    order: LiveOrder
    is_live: bool = True
    taken_at: float | None = None
    protected: tuple[str, ...] = ()
    discretion: Discretion = field(default_factory=Discretion)
