"""A cluster answers, and something in it could not be read, or not to its end.

A list comes page by page. If a page does not come, nothing of the list counts: of what it lacks one would say that it
is missing. Whatever hangs on that kind is unknown. Rights (MG602) and kinds that are not installed (MG603) are findings
of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.access.unread import evidence_of, unread
from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.failure import Cause
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG607",
    slug="not-read",
    title="Something could not be read to its end",
    level=Level.UNKNOWN,
    summary="{why}",
    remedy="",
    needs=(kinds.SERVICE, kinds.NAMESPACE),
)

_ELSEWHERE = frozenset({Cause.FORBIDDEN, Cause.NO_SUCH_KIND})


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """One for each cluster and cause in the same words."""
    for cause in Cause:
        if cause in _ELSEWHERE:
            continue
        for cluster, _, gaps in unread(mesh, cause):
            for why in dict.fromkeys(gap.failure.message for gap in gaps):
                alike = [gap for gap in gaps if gap.failure.message == why]
                yield CHECK.finding(context=cluster.context, why=why, evidence=evidence_of(cluster, alike))
