"""What the checks of ztunnel and of the CNI plugin have in common."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.domain.agents import Agent, agents_of, is_lacking
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.objects import DaemonSet


def not_ready(mesh: Mesh, check: Check, agent: Agent) -> Iterator[Finding]:
    """Each DaemonSet that is not ready everywhere: an error where it is ready nowhere, a warning else."""
    for view in mesh.views:
        for one in filter(is_lacking, agents_of(view, agent)):
            wanted, ready = one.status.desired_number_scheduled, one.status.number_ready
            found = check.finding(
                context=view.context,
                what=f"{one.namespace}/{one.name} is ready on {ready} of {wanted} nodes",
                agent_namespace=one.namespace,
                agent=one.name,
                evidence=(_seen(view.context, one),),
            )
            yield msgspec.structs.replace(found, level=Level.WARNING if ready else check.level)


def _seen(context: str, one: DaemonSet) -> Evidence:
    return Evidence(
        context=context,
        kind="DaemonSet",
        namespace=one.namespace,
        name=one.name,
        field="status.numberReady",
        value=str(one.status.number_ready),
        expected=str(one.status.desired_number_scheduled),
    )
