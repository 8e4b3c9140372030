"""What the mesh runs on every node: ztunnel, and the CNI plugin that leads pods to it; found by label, not by name.

The labels are upstream Istio's: those of the pods, which a chart may or may not put on the DaemonSet as well.
"""

from __future__ import annotations

from typing import NamedTuple

from meshglobal.domain import kinds
from meshglobal.domain.objects import DaemonSet
from meshglobal.domain.view import ClusterView


class Agent(NamedTuple):
    """One of them: what it is called, and the label of its pods."""

    name: str
    key: str
    value: str

    @property
    def label(self) -> str:
        """As ``key=value``."""
        return f"{self.key}={self.value}"


ZTUNNEL = Agent("ztunnel", "app", "ztunnel")
CNI = Agent("the CNI plugin", "k8s-app", "istio-cni-node")


def agents_of(view: ClusterView, agent: Agent) -> list[DaemonSet]:
    """Its DaemonSets, by place; those that are being deleted count as gone."""
    found = [
        one
        for one in view.cluster.of(kinds.DAEMON_SET, DaemonSet)
        if one.metadata.deletion_timestamp is None
        and agent.value in (one.metadata.label(agent.key), one.spec.template.metadata.label(agent.key))
    ]
    return sorted(found, key=lambda one: (one.namespace, one.name))


def is_lacking(agent: DaemonSet) -> bool:
    """Whether it is not ready on all nodes that it should run on."""
    return agent.status.number_ready < agent.status.desired_number_scheduled
