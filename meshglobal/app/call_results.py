"""From the series of calls to the report: figures, who answered, what was shown, what the checks make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from meshglobal.app.call_series import CallSeries
from meshglobal.app.picture import Picture
from meshglobal.checks.catalogue import catalogue, findings_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.call import CallSeen
from meshglobal.domain.call_remote import Remote, remote_of, why_local_cannot
from meshglobal.domain.call_report import Calls, OneAnswer
from meshglobal.domain.call_source import Source
from meshglobal.domain.call_statistics import Figures, figures_of
from meshglobal.domain.call_target import Target
from meshglobal.domain.expectation import ExpectedEntry
from meshglobal.domain.failure import Failure
from meshglobal.domain.finding import Finding
from meshglobal.domain.names import ServiceKey, peer_in
from meshglobal.domain.objects import Pod
from meshglobal.domain.view import ClusterView

AREA = "traffic"


@dataclass(frozen=True, slots=True)
class Unable:
    """A cluster from which nothing can be called."""

    why: Failure
    target: Target | None = None
    source: Source | None = None


def expected_of(picture: Picture, context: str, key: ServiceKey) -> list[ExpectedEntry]:
    """The entries that must stand in a cluster for a service."""
    return [one for one in picture.expectation.entries.get(context, {}).values() if one.key == key]


def calls_of(
    one: CallSeries | Unable,
    view: ClusterView,
    picture: Picture,
    key: ServiceKey,
    names: dict[str, str],
    *,
    is_remote: bool,
) -> Calls:
    """What the report says of one cluster; ``names``: of `names_of`."""
    if isinstance(one, Unable):
        host, port = one.target if one.target is not None else (None, None)
        return Calls(context=view.context, host=host, port=port, count=0, failure=one.why)
    figures = figures_of(one.answers, _peers(view, key) | names)
    single = one.answers[0] if one.order.count == 1 and one.answers and one.answers[0].status else None
    return Calls(
        context=view.context,
        host=one.order.host,
        port=one.order.port,
        url=one.order.url,
        source=one.source,
        method=one.method,
        count=one.order.count,
        figures=figures,
        remote=_remote(view, picture, key, one.order.host, figures) if is_remote and figures.ended else None,
        answer=OneAnswer(status=single.status, headers=single.headers, body_size=single.received) if single else None,
        failure=one.failure,
        remains=one.remains,
    )


def _remote(view: ClusterView, picture: Picture, key: ServiceKey, host: str, figures: Figures) -> Remote:
    expected = [one for one in expected_of(picture, view.context, key) if one.host == host]
    return remote_of(view.context, figures, why_local_cannot(view, key, expected))


def _peers(view: ClusterView, key: ServiceKey) -> dict[str, str]:
    """The clusters that a cluster has endpoints of, whether they are selected or not: never itself (R19, R20)."""
    found = [peer for entry in view.peers.get(key, ()) if (peer := peer_in(entry.metadata.name)) is not None]
    return {peer: peer for peer in found if peer != view.context}


def names_of(picture: Picture, key: ServiceKey) -> dict[str, str]:
    """Contexts by the names of their clusters, of their networks and of the pods behind the service.

    A name that two of them have tells nothing.
    """
    found: dict[str, set[str]] = {}
    for view in picture.views:
        pods = [pod.name for pod in view.cluster.of(kinds.POD, Pod) if pod.namespace == key.namespace]
        for name in (view.context, view.home.network, *pods):
            if name:
                found.setdefault(name, set()).add(view.context)
    return {name: next(iter(contexts)) for name, contexts in found.items() if len(contexts) == 1}


def seen_of(one: Calls, key: ServiceKey) -> CallSeen:
    """What checks look at."""
    source = one.source
    return CallSeen(
        context=one.context,
        namespace=key.namespace,
        service=key.name,
        host=one.host or "",
        port=one.port or 0,
        caller=(source.namespace, source.pod or "") if source is not None else ("", ""),
        is_enrolled=source.enrolled if source is not None else None,
        count=one.figures.ended,
        failed=tuple((each.kind, each.count, each.message) for each in one.figures.failed),
    )


def traffic_findings(picture: Picture, key: ServiceKey, seen: Sequence[CallSeen]) -> list[Finding]:
    """What the checks of traffic find; the others are for commands that look at the mesh alone."""
    if not any(one.failed for one in seen):
        return []
    place = picture.mesh.istio_namespace
    mesh = Mesh(picture.views, picture.expectation, picture.verdicts([key]), [key], place, calls=seen)
    return findings_of(mesh, [one.check for one in catalogue() if one.area == AREA])
