"""Two segments have the same domain, or one has that of the default segment, `mesh.internal`.

Their services then have the same hosts, and nothing says whose endpoints answer. Each segment needs a domain of its
own; which one is for people to say. `meshglobal segment plan rename-domain` tells what another one would break.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.network.domains import DEFAULT, named_domains
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG404",
    slug="segment-domain-shared",
    title="Two segments have the same domain",
    level=Level.ERROR,
    summary="{segments} have the same domain {domain}: their services have the same hosts",
    remedy="",
    needs=(kinds.SEGMENT,),
    rule="R6",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """A name counts once, in however many clusters it has the domain."""
    domains = named_domains(mesh)
    for domain in sorted({one.domain for one in domains}):
        alike = [one for one in domains if one.domain == domain]
        if len(alike) > 1:
            names = [f"segment {one.name}" if one is not DEFAULT else "the default segment" for one in alike]
            yield CHECK.finding(
                segments=" and ".join(names),
                domain=domain,
                evidence=tuple(one.evidence(mesh) for one in alike if one is not DEFAULT),
            )
