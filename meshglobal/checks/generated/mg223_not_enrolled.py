"""None of the pods behind a published Service is in the mesh, and neither is their Namespace.

Both callers and servers must be in the mesh: a caller outside it does not resolve the global host. Label the Namespace
for ambient, or have sidecars injected. Nothing is said where the Namespace is labelled or one of the pods is taken in.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import Local, published_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.enrolment import namespace_sign, pods_of, sign_of
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.labels import DATAPLANE_MODE

CHECK = Check(
    code="MG223",
    slug="not-enrolled",
    title="Pods behind a global service are outside the mesh",
    level=Level.WARNING,
    summary="neither namespace {namespace} nor any of {pods} pods is labelled for ambient or injection",
    remedy="kubectl --context {context} label namespace {namespace} istio.io/dataplane-mode=ambient --overwrite",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.POD),
    rule="R37",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Where Namespace and pods were read, and there are pods."""
    for one in published_of(mesh):
        if namespace_sign(one.view, one.key.namespace) != "":
            continue
        pods = pods_of(one.view, one.key)
        if pods and not any(sign_of(pod.metadata) for pod in pods):
            seen = _of_namespace(one), _of_pod(one, min(pod.name for pod in pods))
            yield CHECK.finding(context=one.context, key=one.key, pods=len(pods), evidence=seen)


def _of_namespace(one: Local) -> Evidence:
    return Evidence(
        context=one.context,
        kind="Namespace",
        name=one.key.namespace,
        field=f"metadata.labels[{DATAPLANE_MODE}]",
        value=one.view.namespaces[one.key.namespace].metadata.label(DATAPLANE_MODE)
        if one.key.namespace in one.view.namespaces
        else None,
        expected="ambient",
    )


def _of_pod(one: Local, name: str) -> Evidence:
    return Evidence(
        context=one.context,
        kind="Pod",
        namespace=one.key.namespace,
        name=name,
        field=f"metadata.labels[{DATAPLANE_MODE}]",
        expected="ambient",
    )
