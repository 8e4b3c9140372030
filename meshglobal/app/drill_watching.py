"""Watch a cluster's copy of a service until it has gone, or is there again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from meshglobal.app.picture import MeshSettings, Picture
from meshglobal.app.ports import Fleet
from meshglobal.app.waiting import Watching, wait_until
from meshglobal.domain import kinds
from meshglobal.domain.drill import Field, Touch
from meshglobal.domain.inventory import endpoints_of
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Deployment
from meshglobal.domain.snapshot import ClusterSnapshot, Query
from meshglobal.domain.view import ClusterView

WATCHED = (kinds.ENDPOINT_SLICE, kinds.DEPLOYMENT, kinds.SERVICE)


def watched_until(
    fleet: Fleet, mesh: MeshSettings, copy: tuple[str, ServiceKey], is_so: Callable[[ClusterView], bool], until: float
) -> bool:
    """Whether something became so of a copy (context and service) before ``until`` on the clock's monotonic scale."""
    context, key = copy
    queries = tuple(Query(kind, key.namespace) for kind in WATCHED)
    watching = Watching(queries, mesh, (ClusterSnapshot(context),))

    def is_so_there(seen: Picture) -> bool:
        return any(view.context == context and is_so(view) for view in seen.views)

    return wait_until(fleet, watching, is_so_there, until).is_done


def is_gone(key: ServiceKey) -> Callable[[ClusterView], bool]:
    """Whether no endpoint is ready any more."""

    def is_so(view: ClusterView) -> bool:
        count = endpoints_of(view, key)
        return count is not None and not count.ready

    return is_so


def is_ready(key: ServiceKey, touches: Sequence[Touch]) -> Callable[[ClusterView], bool]:
    """Whether as many pods are ready as there were before, and the service has endpoints."""
    scaled = [one for one in touches if one.field is Field.REPLICAS]

    def is_so(view: ClusterView) -> bool:
        found = {(one.namespace, one.name): one for one in view.cluster.of(kinds.DEPLOYMENT, Deployment)}
        for touch in scaled:
            deployment = found.get((touch.namespace, touch.name))
            if deployment is not None and deployment.status.ready_replicas < int(touch.before or 0):
                return False
        count = endpoints_of(view, key)
        return count is not None and count.ready > 0

    return is_so
