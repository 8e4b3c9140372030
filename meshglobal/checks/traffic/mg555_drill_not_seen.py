"""A drill did not show what becomes of the calls.

No call ended once the copy had gone, or the answers do not say who gave them while endpoints were left. Drill for
longer (`--away`), with more calls (`--rate`), or say how answers name the cluster that gave them (`--identify`).
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.traffic.drilled import key_of, seen_of
from meshglobal.domain.drill_prediction import Ending
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG555",
    slug="drill-not-seen",
    title="A drill did not show what becomes of the calls",
    level=Level.UNKNOWN,
    summary="what becomes of the calls while the copy of {context} is away did not show",
    remedy="",
    rule="",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """What remained unknown."""
    for one in mesh.drills:
        if one.observed is Ending.UNKNOWN:
            yield CHECK.finding(context=one.context, key=key_of(one), evidence=seen_of(one, "calls", "unknown"))
