"""The mesh as it is now, looked at again whenever something changed: what `list --watch` and the dashboard show.

Rows come first and at once, findings when there is time: who looks wants to see what changed, then what it means.
"""

from __future__ import annotations

import math
import queue
import threading
from collections.abc import Iterator

from meshglobal.app.checking import fleet_queries
from meshglobal.app.listing import listing_demand
from meshglobal.app.live_mesh import FollowedMesh
from meshglobal.app.live_say import LiveOrder, Look, Sayings
from meshglobal.app.picture import MeshSettings
from meshglobal.app.ports import Clock, ClusterEvent, Fleet, Following
from meshglobal.app.selecting import check_named, wanted_services
from meshglobal.domain.thinning import thinned

__all__ = ["LiveOrder", "Look", "live_wish", "looks"]

_PAUSE = 0.1
"""Seconds between two looks, at least."""
_QUIET, _LONGEST_DOUBT = 0.3, 2.0
"""Findings are looked for after so many seconds without news or new rows, or after so many with: whoever shows the rows
needs the processor, too."""
_LULL, _LONGEST_WAIT = 0.3, 2.5
"""While clusters are being read, a look is made when none has come for so many seconds, or after so many at most: who
looks at half of them takes time away from reading the rest."""
_PATIENCE = 3.0
"""Seconds after which findings are looked for, though some clusters have not been read."""
_AT_ONCE = 5_000


def live_wish(mesh: MeshSettings, order: LiveOrder, deadline: float = math.inf) -> Following:
    """What is asked of each cluster."""
    queries = tuple(dict.fromkeys(listing_demand(mesh, order.request).queries))
    more = fleet_queries(mesh) if order.is_fleet else ()
    later = tuple(query for query in dict.fromkeys(more) if query not in queries)
    return Following(queries, later, deadline, thinned if order.thin else None)


def looks(
    fleet: Fleet, clock: Clock, mesh: MeshSettings, order: LiveOrder, deadline: float = math.inf
) -> Iterator[Look]:
    """A look as soon as some cluster has answered, then one after each change, until the deadline or `Fleet.close`.

    A label selector is asked once: the services that match when it begins are followed.

    Raises:
        NotFoundError: a service or namespace that was named is nowhere when all clusters have been read.
        UsageError: an illegible selector.
    """
    wanted = wanted_services(fleet, order.request)
    wish = live_wish(mesh, order, deadline)
    followed = FollowedMesh([member.context for member in fleet.members], wish, mesh)
    sayings = Sayings(order, wanted, wish.queries, clock)
    return _Watch(clock, order, followed, sayings).run(_pumped(fleet, wish))


class _End:
    """No more events come; ``error``: what is wrong, if something is."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


_Events = queue.SimpleQueue[ClusterEvent | _End]


def _pumped(fleet: Fleet, wish: Following) -> _Events:
    """The events in a queue, so that something can be done while none comes."""
    events: _Events = queue.SimpleQueue()

    def pump() -> None:
        error: BaseException | None = None
        try:
            for event in fleet.follow(wish):
                events.put(event)
        except BaseException as raised:  # noqa: BLE001 - handed to whoever takes the events, who raises it
            error = raised
        events.put(_End(error))

    threading.Thread(target=pump, name="meshglobal-live", daemon=True).start()
    return events


class _Watch:
    """Takes events, and decides when to look. All times are on the clock's monotonic scale."""

    def __init__(self, clock: Clock, order: LiveOrder, mesh: FollowedMesh, sayings: Sayings) -> None:
        self._clock = clock
        self._order = order
        self._mesh = mesh
        self._sayings = sayings
        self._rows_at = clock.monotonic()
        self._rows_by = self._rows_at + _LONGEST_WAIT
        self._patient_until = clock.monotonic() + _PATIENCE
        self._last_news = self._last_rows = -math.inf
        self._doubtful_since = math.inf
        self._is_named = False

    def run(self, events: _Events) -> Iterator[Look]:
        """Look until the end of the events, and then once more if anything is left to say."""
        is_over = False
        while not is_over:
            is_over = self._take(events)
            if (look := self._rows(is_over=is_over)) is not None:
                yield look
            if (look := self._findings(is_over=is_over)) is not None:
                yield look

    def _take(self, events: _Events) -> bool:
        """Wait for news, or until something is due, and take all that has come; whether that was the end."""
        try:
            event = events.get(timeout=self._seconds_left())
        except queue.Empty:
            return False
        for left in reversed(range(_AT_ONCE)):
            if isinstance(event, _End):
                if event.error is not None:
                    raise event.error
                return True
            self._note(event)
            if not left or events.empty():  # what is taken is noted: put back, it would come after what followed it
                break
            event = events.get()
        return False

    def _note(self, event: ClusterEvent) -> None:
        had_unread = bool(self._mesh.unread)
        if self._mesh.take(event):
            self._last_news = self._clock.monotonic()
            self._doubtful_since = min(self._doubtful_since, self._last_news)
        if had_unread and event.type in ("read", "alias"):
            now = self._clock.monotonic()
            self._rows_at = max(self._rows_at, min(self._rows_by, now + _LULL)) if self._mesh.unread else -math.inf
            self._doubtful_since = now

    def _seconds_left(self) -> float | None:
        """Until something is due; None: nothing is before something comes."""
        due = [self._rows_at] if self._mesh.touched else [self._findings_at]
        left = min(due) - self._clock.monotonic()
        return None if math.isinf(left) and left > 0 else max(0.0, left)

    @property
    def _findings_at(self) -> float:
        """While clusters are being read, most of what would be found is that they have not been."""
        due = min(
            max(self._last_news, self._last_rows, self._doubtful_since) + _QUIET, self._doubtful_since + _LONGEST_DOUBT
        )
        return max(due, self._patient_until) if self._mesh.unread else due

    def _rows(self, *, is_over: bool) -> Look | None:
        begun = self._clock.monotonic()
        if not self._mesh.touched or (begun < self._rows_at and not is_over):
            return None
        picture = self._mesh.picture()
        if not self._mesh.unread and not self._is_named:
            check_named(picture, self._order.request)
            self._is_named = True
        look = self._sayings.rows(picture, self._mesh.touched.taken(), tuple(self._mesh.unread))
        ended = self._clock.monotonic()
        self._last_rows = ended
        # Looking takes no more than half of the time.
        self._rows_at = ended + max(_PAUSE, ended - begun)
        self._rows_by = ended + _LONGEST_WAIT
        return look

    def _findings(self, *, is_over: bool) -> Look | None:
        if self._mesh.touched or math.isinf(self._doubtful_since):
            return None
        if self._clock.monotonic() < self._findings_at and not is_over:
            return None
        self._doubtful_since = math.inf
        return self._sayings.findings(self._mesh.picture(), is_settled=self._mesh.has_settled())
