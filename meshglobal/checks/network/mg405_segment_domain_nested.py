"""The domain of one segment ends in that of another: `dev.mesh.acme` and `mesh.acme`.

Whoever matches hosts by their end, as DNS zones, certificates and wildcards do, takes the hosts of the one for hosts of
the other. Which of the two shall be another one is for people to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.network.domains import DEFAULT, named_domains
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG405",
    slug="segment-domain-nested",
    title="The domain of a segment ends in that of another",
    level=Level.WARNING,
    summary="the domain {domain} of segment {segment} ends in {other}, the domain of {owner}",
    remedy="",
    needs=(kinds.SEGMENT,),
    rule="R6",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """By whole labels: `mesh.acme` does not end in `acme.`, nor `xmesh.acme` in `mesh.acme`."""
    for inner, outer in permutations(named_domains(mesh), 2):
        if inner is not DEFAULT and inner.domain.endswith(f".{outer.domain}"):
            yield CHECK.finding(
                segment=inner.name,
                domain=inner.domain,
                other=outer.domain,
                owner=f"segment {outer.name}" if outer is not DEFAULT else "the default segment",
                evidence=tuple(one.evidence(mesh) for one in (inner, outer) if one is not DEFAULT),
            )
