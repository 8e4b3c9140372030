"""A caller does not resolve a global host.

Only pods in the mesh do, and only where an entry for the host stands. So either the caller is outside the mesh: label
its Namespace for ambient, or have a sidecar injected. Or the host is not one of the caller's cluster: it belongs to a
segment from which the service does not reach there, or nobody publishes the service under it. Or the entry is missing
in the caller's cluster: the first broken link of the service's chain there says why. Where all is well, names are not
answered by the mesh: DNS capture is off.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.remedy import mended_by
from meshglobal.checks.traffic.failing import LOOKED_AT, Failing, explained, failing
from meshglobal.domain import kinds
from meshglobal.domain.call import Trouble
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG501",
    slug="call-not-resolved",
    title="A caller does not resolve the global host",
    level=Level.ERROR,
    summary="{place} is not resolved ({often}): {cause}",
    remedy="meshglobal diagnose svc {service} -n {namespace} --context {context}",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY, kinds.SEGMENT),
    uses=LOOKED_AT,
    rule="R37",
)
_OTHERWISE = "the entry is there and the caller seems to be in the mesh: is DNS capture on, in CNI or sidecar?"


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Callers outside the mesh first; then what the chain says."""
    for one in failing(mesh, Trouble.NOT_RESOLVED):
        if one.seen.is_enrolled is False:
            yield _outside(one)
        elif (why := _nobody(mesh, one) or _elsewhere(mesh, one)) is not None:
            yield why
        else:
            yield explained(CHECK, mesh, one, _OTHERWISE)


def _outside(one: Failing) -> Finding:
    namespace, pod = one.seen.caller
    found = CHECK.finding(
        context=one.seen.context,
        key=one.key,
        often=one.often,
        place=one.place,
        cause=f"the caller, pod {namespace}/{pod}, is not in the mesh",
        evidence=one.evidence,
    )
    words = ("label", "namespace", namespace, "istio.io/dataplane-mode=ambient", "--overwrite")
    return mended_by(found, "kubectl", "--context", one.seen.context, *words)


def _nobody(mesh: Mesh, one: Failing) -> Finding | None:
    """Where nobody publishes it, as far as that is known, there is no such host."""
    unknown = mesh.expectation.unread.keys() - {""}
    if unknown or any(publication.key == one.key for publication in mesh.expectation.publications):
        return None
    found = CHECK.finding(
        context=one.seen.context,
        key=one.key,
        often=one.often,
        place=one.place,
        cause="no cluster publishes the service, so that there is no such host",
        evidence=one.evidence,
    )
    where = ("-n", one.key.namespace, "--context", one.seen.context)
    return mended_by(found, "meshglobal", "expose", "svc", one.key.name, *where)


def _elsewhere(mesh: Mesh, one: Failing) -> Finding | None:
    """Where the host is not due in the caller's cluster, while others of the service are: of other segments (R10)."""
    due = mesh.expected_of(one.seen.context, one.key)
    if not due or one.seen.host in {entry.host for entry in due} or not _lacks_entry(mesh, one):
        return None
    found = CHECK.finding(
        context=one.seen.context,
        key=one.key,
        often=one.often,
        place=one.place,
        cause=_why_not_due(mesh, one),
        evidence=one.evidence,
    )
    known = next((entry for entry in due if entry.is_home), due[0])
    where = ("-n", one.key.namespace, "--context", one.seen.context)
    return mended_by(found, "meshglobal", "call", "svc", one.key.name, *where, "--host", known.host)


def _lacks_entry(mesh: Mesh, one: Failing) -> bool:
    """Whether no entry for the host stands in the caller's cluster, as far as that was read."""
    view = next(each for each in mesh.views if each.context == one.seen.context)
    return view.cluster.has_read(kinds.SERVICE_ENTRY, mesh.istio_namespace) and one.seen.host not in view.entries


def _why_not_due(mesh: Mesh, one: Failing) -> str:
    behind = [each for each in mesh.expectation.publications if each.key == one.key and each.host == one.seen.host]
    if not behind:
        return f"no entry for it is in {one.seen.context}, and no cluster that was read publishes the service under it"
    clusters = ", ".join(each.context for each in behind)
    scopes = " and ".join(sorted({each.scope.value for each in behind}))
    return f"it is the host of {clusters}, whose scope {scopes} does not reach the segment of {one.seen.context} (R10)"
