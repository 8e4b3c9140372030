"""A cluster has no Gateway of class `istio-eastwest`, in no namespace.

Its peers reach its services, and its control plane, through that Gateway: without it nothing that it publishes can be
used elsewhere. A Gateway of class `istio-east-west` (with two hyphens) belongs to upstream Istio's own multi-network
mesh. It does not peer. Where such a one listens on port 15012, as one for peers does, the command gives it the right
class.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.peering.seen import members_of, place_of
from meshglobal.checks.remedy import GATEWAYS, mended_by, written
from meshglobal.domain import kinds
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.gateways import EAST_WEST, UPSTREAM_EAST_WEST
from meshglobal.domain.links import gateways_of, looked_in, ports_of
from meshglobal.domain.view import ClusterView

CHECK = Check(
    code="MG301",
    slug="eastwest-gateway-missing",
    title="A cluster has no east-west gateway",
    level=Level.ERROR,
    summary="no Gateway of class istio-eastwest in {where}{instead}",
    remedy="istioctl multicluster expose --context {context} --namespace istio-eastwest",
    needs=(kinds.GATEWAY, kinds.NAMESPACE),
    rule="R34",
)
_PEERING_PORT = 15012


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Only where all Gateways were read."""
    for view in members_of(mesh):
        if gateways_of(view, EAST_WEST):
            continue
        upstream = [place_of(one) for one in gateways_of(view, UPSTREAM_EAST_WEST)]
        instead = f"; {', '.join(upstream)} has upstream's class {UPSTREAM_EAST_WEST}, which does not peer"
        seen = Evidence(context=view.context, kind="Gateway", field="spec.gatewayClassName", expected=EAST_WEST)
        instead = instead if upstream else ""
        found = CHECK.finding(context=view.context, where=looked_in(view), instead=instead, evidence=(seen,))
        yield _reclassing(view, found)


def _reclassing(view: ClusterView, found: Finding) -> Finding:
    fit = [one for one in gateways_of(view, UPSTREAM_EAST_WEST) if _PEERING_PORT in ports_of(one)]
    if not fit:
        return found
    patch = written({"spec": {"gatewayClassName": EAST_WEST}})
    kubectl = ("kubectl", "--context", view.context, "-n", fit[0].namespace)
    return mended_by(found, *kubectl, "patch", GATEWAYS, fit[0].name, "--type=merge", "-p", patch)
