"""Set all controllers and the stand-in node of one embedded cluster to work."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.state import utc_now
from meshglobal.sandbox.controllers.budgets import Budgets
from meshglobal.sandbox.controllers.controller import Loop
from meshglobal.sandbox.controllers.deployments import Deployments
from meshglobal.sandbox.controllers.endpoint_slices import EndpointSlices
from meshglobal.sandbox.controllers.garbage import Garbage
from meshglobal.sandbox.controllers.namespace_deletion import NamespaceDeletion
from meshglobal.sandbox.controllers.namespaces import Namespaces
from meshglobal.sandbox.controllers.nodes import NODES, Nodes, stand_in_node
from meshglobal.sandbox.controllers.quotas import Quotas
from meshglobal.sandbox.controllers.replica_sets import ReplicaSets

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from meshglobal.sandbox.apiserver.local import LocalClient

MANAGER = "kube-controller-manager"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a cluster's controllers are told about it."""

    root_ca: str = ""
    """PEM of the CA behind the API server; each namespace's ConfigMap kube-root-ca.crt shows it."""
    pod_network: str = "10.244.0.0/16"
    node_address: str = "172.18.0.2"
    node_labels: Mapping[str, str] = field(default_factory=dict)
    """Labels of the stand-in node, such as topology.kubernetes.io/region and zone."""
    now: Callable[[], dt.datetime] = utc_now


def start(client: LocalClient, setting: Setting | None = None) -> Loop:
    """Start the controllers of one cluster in the running event loop; `stop()` on what is returned ends them.

    A cluster without a Node gets the stand-in one, named after the cluster.
    """
    given = setting or Setting()
    if not client.list(NODES):
        node = stand_in_node(f"{client.cluster}-node", given.node_address, given.node_labels, given.now())
        _create_node(client, node)
    makers = (
        partial(Namespaces, root_ca=given.root_ca),
        NamespaceDeletion,
        Garbage,
        partial(Nodes, network=given.pod_network),
        ReplicaSets,
        Deployments,
        EndpointSlices,
        Budgets,
        Quotas,
    )
    loop = Loop(client.as_manager(MANAGER), makers, given.now)
    loop.start()
    return loop


def _create_node(client: LocalClient, node: dict[str, object]) -> None:
    created = client.create(NODES, node)
    client.replace(NODES, created | {"status": node["status"]}, "status")
