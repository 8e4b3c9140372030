"""The generated ServiceEntry of a host stands under a name that is not documented for it.

Requests find it by its host. Routes and policies name entries by `autogen.<namespace>.<service>`, in a segment by
`autogen.<segment>.<namespace>.<service>` too; they do not find this one. It may be left from another segment, or copied
by hand. A control plane at work writes the right one beside it: restarting it does no harm, and what is too much then
is MG205. To delete the only entry first would take the host away for as long as no other is written.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.generated.judged import Judged
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level

CHECK = Check(
    code="MG209",
    slug="generated-name",
    title="The generated ServiceEntry has another name than is documented",
    level=Level.WARNING,
    summary="the entry for {host} is called {entry}, not {names}: routes and policies do not find it by its name",
    remedy="kubectl --context {context} -n {istio_namespace} rollout restart deployment -l app=istiod",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY, kinds.SEGMENT),
    rule="R8, R39",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Where one entry carries the host; of several it is not known which is meant (MG205)."""
    views = {view.context: view for view in mesh.views}
    for verdict in mesh.verdicts:
        wanted = mesh.expectation.entries[verdict.context].get(verdict.host or "")
        if wanted is None or verdict.entry is None or verdict.entry in wanted.names:
            continue
        one = Judged(mesh, verdict, views[verdict.context])
        if len(one.entries) == 1 and verdict.host in one.entries[0].hosts:
            yield CHECK.finding(
                context=verdict.context,
                key=one.key,
                host=verdict.host,
                entry=verdict.entry,
                names=" or ".join(wanted.names),
                istio_namespace=mesh.istio_namespace,
                evidence=(one.seen(verdict.entry, "metadata.name", verdict.entry, wanted.names[0]),),
            )
