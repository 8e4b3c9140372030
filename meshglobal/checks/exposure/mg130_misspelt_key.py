"""A label or annotation looks like one of those that expose services, and is not: it has no effect.

The key is misspelt, stands under another prefix, or is an annotation where a label is meant, or the other way round.
The command writes the value under the key that is probably meant: then it takes effect.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.labels import Key, Section
from meshglobal.domain.misspelling import misspelt_keys
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Meta
from meshglobal.domain.view import ClusterView

CHECK = Check(
    code="MG130",
    slug="misspelt-key",
    title="A label or annotation is misspelt",
    level=Level.WARNING,
    summary="the {kind}'s {section} {name} has no effect: the {meant_section} {meant} is probably meant",
    remedy="kubectl --context {context} {action} {subject} {meant}={value}{removal}",
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R1, R24, R28",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Services that were asked for, and their Namespaces."""
    for view in mesh.views:
        for key in mesh.keys:
            if (service := view.services.get(key)) is not None:
                for found in misspelt_keys(service.metadata):
                    yield _finding(view, key, service.metadata, found)
        for name in sorted({key.namespace for key in mesh.keys}):
            if (namespace := view.namespaces.get(name)) is not None:
                for found in misspelt_keys(namespace.metadata):
                    yield _finding(view, ServiceKey(name, ""), namespace.metadata, found)


def _finding(view: ClusterView, key: ServiceKey, metadata: Meta, found: tuple[str, Section, Key]) -> Finding:
    """``key``: the Service, or, without a name, the Namespace."""
    name, section, meant = found
    value = metadata.label(name) if section is Section.LABEL else metadata.annotation(name)
    in_namespace = f"-n {shlex.quote(key.namespace)} " if key.name else ""
    verb = "label" if meant.section is Section.LABEL else "annotate"
    kind = "Service" if key.name else "Namespace"
    seen = Evidence(
        context=view.context,
        kind=kind,
        namespace=key.namespace if key.name else None,
        name=key.name or key.namespace,
        field=f"metadata.{section.value}[{name}]",
        value=value,
        expected=f"metadata.{meant.section.value}[{meant.name}]",
    )
    return CHECK.finding(
        context=view.context,
        key=key,
        kind=kind,
        section=section.value.removesuffix("s"),
        name=name,
        meant_section=meant.section.value.removesuffix("s"),
        meant=meant.name,
        action=f"{in_namespace}{verb}",
        subject=f"{kind.lower()} {shlex.quote(key.name or key.namespace)}",
        value=shlex.quote(value or ""),
        removal=f" {shlex.quote(name)}-" if section is meant.section else "",
        evidence=(seen,),
    )
