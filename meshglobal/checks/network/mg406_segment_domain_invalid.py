"""The domain of a Segment is no DNS name, or it is that of the cluster itself, `svc.cluster.local`.

Hosts in the first cannot be looked up. Hosts in the second are the names of the cluster's own Services. Which domain it
shall have is for people to say.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.network.domains import DEFAULT, named_domains
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.names import LOCAL_DOMAIN, is_dns_name

CHECK = Check(
    code="MG406",
    slug="segment-domain-invalid",
    title="The domain of a Segment cannot be one",
    level=Level.ERROR,
    summary="the domain {domain} of segment {segment} {fault}",
    remedy="",
    needs=(kinds.SEGMENT,),
    rule="R6",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """One finding for each name and domain, in however many clusters."""
    for one in named_domains(mesh):
        if one is not DEFAULT and (fault := _fault(one.domain)):
            yield CHECK.finding(segment=one.name, domain=repr(one.domain), fault=fault, evidence=(one.evidence(mesh),))


def _fault(domain: str) -> str:
    if not is_dns_name(domain):
        return "is no DNS name"
    is_local = domain == LOCAL_DOMAIN or domain.endswith(f".{LOCAL_DOMAIN}")
    return "is that of every cluster's own Services" if is_local else ""
