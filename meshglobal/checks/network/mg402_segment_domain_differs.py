"""Segments of one name have different domains in different clusters.

Each cluster then makes other hosts for the same services, and what one publishes is not found by the others. The
command gives one cluster the domain that most have, and of several that of the first cluster: its hosts change.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import grouped, prevailing
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.network.members import seen, segments_of
from meshglobal.checks.remedy import quoted
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG402",
    slug="segment-domain-differs",
    title="A Segment has different domains in different clusters",
    level=Level.ERROR,
    summary="the domain of Segment {segment} differs between clusters: {domains}",
    remedy=(
        "kubectl --context {context_of_one} -n {istio_namespace} patch segments.admin.solo.io {segment} --type=merge "
        "-p {patch}"
    ),
    needs=(kinds.SEGMENT,),
    rule="R6",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """All clusters that have the Segment are compared at once."""
    found: dict[str, dict[str, str]] = {}
    views = {view.context: view for view in mesh.views}
    for context in sorted(views):
        for name, domain in segments_of(views[context], mesh).items():
            found.setdefault(name, {})[context] = domain
    for name, domains in found.items():
        if len(set(domains.values())) > 1:
            evidence = tuple(seen(views[context], mesh, name, domain) for context, domain in domains.items())
            right = prevailing(domains)
            yield CHECK.finding(
                segment=name,
                domains=grouped(domains),
                context_of_one=min(context for context, domain in domains.items() if domain != right),
                istio_namespace=mesh.istio_namespace,
                patch=quoted({"spec": {"domain": right}}),
                evidence=evidence,
            )
