"""What a drill is asked to do, and what it needs for that."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from meshglobal.app.drill_calls import SteadyCalls
from meshglobal.app.drill_ports import Hands, Journals
from meshglobal.app.picture import MeshSettings, Picture
from meshglobal.app.ports import Clock, Fleet
from meshglobal.domain.drill import Mode, Touch
from meshglobal.domain.drill_plan import Leave, Taking
from meshglobal.domain.drill_prediction import Prediction
from meshglobal.domain.drill_report import Drill
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.snapshot import Query


@dataclass(frozen=True, slots=True)
class Times:
    """How long each part takes, in seconds.

    Attributes:
        before: calls before anything is changed.
        away: how long the copy is away.
        ready: how long it may take to be ready again.
        after: calls afterwards, at least.
        answers: how long its answers are waited for afterwards, at most.
    """

    before: float = 3.0
    away: float = 10.0
    ready: float = 120.0
    after: float = 2.0
    answers: float = 20.0

    @property
    def most(self) -> float:
        """All of it."""
        return self.before + self.away + self.ready + max(self.after, self.answers)


@dataclass(frozen=True, slots=True)
class DrillOrder:
    """What to take away, where, and what is let happen."""

    key: ServiceKey
    context: str
    mode: Mode = Mode.SCALE
    times: Times = field(default_factory=Times)
    leave: Leave = field(default_factory=Leave)
    max_lost: int = 0


@dataclass(frozen=True, slots=True)
class CallPlan:
    """Who calls what: context and name of the caller (empty: none yet), host, port and path, calls a second."""

    context: str
    caller: str
    host: str
    port: int | None
    path: str
    rate: float


@dataclass(frozen=True, slots=True)
class DrillPlan:
    """What a drill comes to in the clusters that were read.

    ``draft``: the result so far; ``touches``: what is changed, without the marks; ``names``: contexts by the names that
    answers give.
    """

    order: DrillOrder
    mesh: MeshSettings
    queries: tuple[Query, ...]
    picture: Picture
    prediction: Prediction
    taking: Taking
    names: dict[str, str]
    draft: Drill

    @property
    def touches(self) -> tuple[Touch, ...]:
        """What is changed."""
        return self.taking.touches


Say = Callable[[str], None]
"""Is told what happens, a line each."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who drills: for the journal and the marks."""

    by: str
    kubeconfig: str | None


@dataclass(frozen=True, slots=True)
class Tools:
    """What a drill works with.

    Attributes:
        fleet: reads and watches, with time enough for the whole drill.
        call: begins the steady calls.
        unbroken: a block in which Ctrl-C and SIGTERM wait: what was taken away is put back in it.
    """

    fleet: Fleet
    hands: Hands
    journals: Journals
    clock: Clock
    who: Who
    call: Callable[[], SteadyCalls]
    unbroken: Callable[[], AbstractContextManager[None]]
    say: Say
