"""A mesh for the live table: services in every state, a cluster that is gone, and findings."""

from __future__ import annotations

from test_output import CREATED, NOW

from meshglobal.domain.changes import HostChange
from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.inventory import Cell, Endpoints, GlobalService, Inventory
from meshglobal.domain.report import ClusterReport, Unread, summarise
from meshglobal.domain.scope import Origin
from meshglobal.domain.verdict import State, Verdict
from meshglobal.render.live_news import take
from meshglobal.render.live_state import Live, News, Size

__all__ = ["CREATED", "NOW", "cell", "inventory", "live", "news", "service"]

DEAD = failure(Cause.REFUSED, "connection refused (127.0.0.1:6443)", "prod-us")
REASONS = {
    State.PARTIAL: "reachable, not aggregated: the local Service has no solo.io/service-scope label (R18)",
    State.MISSING: "no ServiceEntry in istio-system, though published by prod-eu",
    State.DRIFT: "the ports of the entry are 80/HTTP, those of the Service 81/HTTP",
    State.STALE: "nobody publishes it any more",
    State.UNKNOWN: DEAD.message,
}
MISSING = Finding(
    code="MG201",
    slug="entry-missing",
    level=Level.ERROR,
    message=REASONS[State.MISSING],
    remedy="kubectl --context prod-asia -n istio-system logs deploy/istiod | grep -i reviews",
    rule="R8",
    context="prod-asia",
    namespace="bookinfo",
    service="reviews",
)


def cell(name: str, context: str, state: State, ready: int = 1, total: int = 1) -> Cell:
    """A service in a cluster, in a state."""
    host = f"{name}.bookinfo.mesh.internal"
    entry = f"autogen.bookinfo.{name}" if state in (State.READY, State.PARTIAL, State.DRIFT, State.STALE) else None
    is_read = state is not State.UNKNOWN
    verdict = Verdict(
        namespace="bookinfo",
        service=name,
        context=context,
        state=state,
        reason=REASONS.get(state, ""),
        host=host,
        entry=entry,
        entry_created=CREATED if entry else None,
        publishers=("prod-eu",) if is_read else (),
    )
    return Cell(
        context=context,
        state=state,
        reason=verdict.reason,
        present=True if is_read else None,
        scope="global" if is_read else None,
        scope_origin=Origin.SERVICE if is_read else None,
        takeover=True if is_read else None,
        ports=("9080/HTTP",) if is_read else (),
        endpoints=Endpoints(ready, total) if is_read else None,
        hosts=(verdict,),
        entry=entry,
        entry_created=verdict.entry_created,
    )


def service(name: str, cells: tuple[Cell, ...], namespace: str = "bookinfo") -> GlobalService:
    """A service with these cells."""
    return GlobalService(namespace=namespace, name=name, hosts=(f"{name}.{namespace}.mesh.internal",), cells=cells)


def inventory(*services: GlobalService) -> Inventory:
    """The inventory of three clusters, of which one is gone."""
    clusters = (
        ClusterReport(context="prod-eu", uid="uid-1"),
        ClusterReport(context="prod-asia", uid="uid-2"),
        ClusterReport(context="prod-us", reached=False, unread=(Unread(None, None, DEAD),)),
    )
    verdicts = [one for found in services for each in found.cells for one in each.hosts]
    return Inventory(exit_code=3, clusters=clusters, services=services, summary=summarise(verdicts, clusters))


def _service(name: str, eu: State, asia: State, ready: int = 1) -> GlobalService:
    return service(
        name,
        (
            cell(name, "prod-eu", eu, ready, 2),
            cell(name, "prod-asia", asia),
            cell(name, "prod-us", State.UNKNOWN),
        ),
    )


def news() -> News:
    """Four services, one finding, and a change that was just seen."""
    change = HostChange(
        time="2026-11-22T11:59:58Z",
        context="prod-asia",
        namespace="bookinfo",
        service="reviews",
        host="reviews.bookinfo.mesh.internal",
        before=State.READY,
        after=State.MISSING,
        reason=REASONS[State.MISSING],
    )
    found = inventory(
        _service("details", State.READY, State.READY),
        _service("productpage", State.READY, State.PARTIAL, 2),
        _service("ratings", State.DRIFT, State.READY),
        _service("reviews", State.READY, State.MISSING),
    )
    return News(found, (MISSING,), (change,))


def live(width: int, height: int) -> Live:
    """The table of these services on a terminal of this size, a moment after reviews was lost."""
    before = News(inventory(*news().inventory.services[:3], _service("reviews", State.READY, State.READY)))
    state = take(Live(Size(width, height), "in namespace bookinfo"), before, NOW - 2)
    return take(state, news(), NOW - 2)
