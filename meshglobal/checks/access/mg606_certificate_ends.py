"""The client certificate with which a context was asked ends within seven days.

After that the cluster cannot be reached any more with this context (MG601, cause `credentials-expired`). Only
certificates that stand in the kubeconfig count: tokens are made for short times, and what a plugin issues is renewed by
it. `check` alone says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Evidence, Finding, Level

_HOUR = 3600.0
_DAY = 24 * _HOUR
_SOON = 7 * _DAY

CHECK = Check(
    code="MG606",
    slug="certificate-ends",
    title="A client certificate is about to end",
    level=Level.WARNING,
    summary="the client certificate of this context ends at {end} UTC, in {left}",
    remedy="",
    needs=(kinds.NAMESPACE,),
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Where the end is known and still to come."""
    for view in mesh.views if mesh.is_fleet else ():
        noticed = view.cluster.circumstances
        if noticed.certificate_end is None or noticed.read_at is None:
            continue
        left = noticed.certificate_end - noticed.read_at
        if 0 < left < _SOON:
            end = f"{datetime.fromtimestamp(noticed.certificate_end, UTC):%Y-%m-%d %H:%M}"
            seen = Evidence(context=view.context, kind="User", field="client-certificate", value=f"until {end} UTC")
            yield CHECK.finding(context=view.context, end=end, left=_text(left), evidence=(seen,))


def _text(seconds: float) -> str:
    return f"{int(seconds // _DAY)} d" if seconds >= _DAY else f"{int(seconds // _HOUR)} h"
