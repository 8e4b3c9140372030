"""A label or annotation of Services stands on the pods, where it has no effect.

It was written into the Deployment's template, or on a pod, and neither the Service nor its Namespace has it. The
command writes it on the Service: then it takes effect. Pods are looked at by `diagnose` only.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import Local, locals_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.enrolment import pods_of
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.labels import BY_NAME, SERVICE_SCOPE, SERVICE_TAKEOVER, TRAFFIC_DISTRIBUTION, Key, Section
from meshglobal.domain.objects import Meta, Namespace, Pod

CHECK = Check(
    code="MG132",
    slug="wrong-kind",
    title="A label or annotation of Services stands on the pods",
    level=Level.WARNING,
    summary="the {section} {key_name}={value} stands on pod {pod}, where it has no effect: it belongs on the Service",
    remedy="kubectl --context {context} -n {namespace} {verb} service {service} {key_name}={value_of_key}",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.POD),
    rule="R1, R24, R28",
)
_KEYS = tuple(BY_NAME[name] for name in (SERVICE_SCOPE, SERVICE_TAKEOVER, TRAFFIC_DISTRIBUTION))


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Where pods and Namespace were read, and neither Service nor Namespace has the key; one of the pods is named."""
    for one in locals_of(mesh):
        if not one.view.cluster.has_read(kinds.NAMESPACE, name=one.key.namespace):
            continue
        for pod in sorted(pods_of(one.view, one.key) or (), key=lambda pod: pod.name)[:1]:
            above = one.view.namespaces.get(one.key.namespace, Namespace()).metadata
            for key in _KEYS:
                value = _value(pod.metadata, key)
                if value is not None and _value(one.service.metadata, key) is None is _value(above, key):
                    yield _finding(one, pod, key, value)


def _value(metadata: Meta, key: Key) -> str | None:
    return metadata.label(key.name) if key.section is Section.LABEL else metadata.annotation(key.name)


def _finding(one: Local, pod: Pod, key: Key, value: str) -> Finding:
    seen = Evidence(
        context=one.context,
        kind="Pod",
        namespace=pod.namespace,
        name=pod.name,
        field=f"metadata.{key.section.value}[{key.name}]",
        value=value,
    )
    return CHECK.finding(
        context=one.context,
        key=one.key,
        section=key.section.value.removesuffix("s"),
        verb="label" if key.section is Section.LABEL else "annotate",
        pod=pod.name,
        value=value,
        value_of_key=shlex.quote(value),
        evidence=(seen, one.seen(key.name, value)),
        key_name=key.name,
    )
