"""A value that a drill had changed could not be put back.

The cluster did not answer, or somebody else changed the value meanwhile, and that is not replaced in silence.

The journal of the drill is kept. `meshglobal drill restore` tries again as often as it takes; `--overwrite` replaces
what somebody else has written, `--keep` leaves it and closes the drill.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.traffic.drilled import key_of, seen_of
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG554",
    slug="drill-not-restored",
    title="A drill could not put everything back",
    level=Level.ERROR,
    summary="{context}: {what}",
    remedy="meshglobal drill restore",
    rule="",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Each value that is not as before."""
    for one in mesh.drills:
        for what in one.unrestored:
            yield CHECK.finding(
                context=one.context, key=key_of(one), what=what, evidence=seen_of(one, "value", what, "as before")
            )
