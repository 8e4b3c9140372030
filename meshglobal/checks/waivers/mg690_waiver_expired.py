"""A waiver's last day is over.

What it waived counts again from now on. Mend what is wrong and delete the waiver, or decide anew and move its end.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.domain.finding import Evidence, Finding, Level

CHECK = Check(
    code="MG690",
    slug="waiver-expired",
    title="A waiver has expired",
    level=Level.WARNING,
    summary="the waiver of {finding} for {subject!r} expired on {expires}; its reason was: {reason}",
    remedy="",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """One for each."""
    for one in mesh.expired:
        name = f"{one.finding} {one.subject}"
        seen = Evidence(context="", kind="Waiver", name=name, field="expires", value=one.expires)
        yield CHECK.finding(
            finding=one.finding, subject=one.subject, expires=one.expires, reason=one.reason, evidence=(seen,)
        )
