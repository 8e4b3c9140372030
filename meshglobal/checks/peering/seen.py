"""Evidence about gateways and the control plane's namespace, as all checks of peering show it."""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.mesh import Mesh
from meshglobal.domain.finding import Evidence
from meshglobal.domain.gateways import EAST_WEST
from meshglobal.domain.labels import NETWORK, TRUST_DOMAIN
from meshglobal.domain.links import are_read, condition, gateways_of, network_of
from meshglobal.domain.objects import Gateway
from meshglobal.domain.view import ClusterView


def members_of(mesh: Mesh) -> Iterator[ClusterView]:
    """The clusters whose gateways were read and that have a control plane's namespace."""
    return (view for view in mesh.views if are_read(view) and mesh.istio_namespace in view.namespaces)


def place_of(gateway: Gateway) -> str:
    """``namespace/name``."""
    return f"{gateway.namespace}/{gateway.name}"


def said(view: ClusterView, gateway: Gateway, kind: str) -> Evidence:
    """A condition of a gateway."""
    found = condition(gateway, kind)
    return _seen(view, gateway, f"status.conditions[{kind}]", found.status if found else None, "True")


def labelled(view: ClusterView, gateway: Gateway, expected: str | None = None) -> Evidence:
    """The network of a gateway."""
    return _seen(view, gateway, f"metadata.labels[{NETWORK}]", network_of(gateway), expected)


def addressed(view: ClusterView, gateway: Gateway) -> Evidence:
    """The addresses of a gateway."""
    shown = ", ".join(one.value for one in gateway.status.addresses or [])
    return _seen(view, gateway, "status.addresses", shown or None)


def trusted(view: ClusterView, gateway: Gateway) -> Evidence:
    """The trust domain that a gateway expects of its peer."""
    return _seen(view, gateway, f"metadata.annotations[{TRUST_DOMAIN}]", gateway.metadata.annotation(TRUST_DOMAIN))


def network(view: ClusterView, namespace: str, expected: str | None = None) -> Evidence:
    """The cluster's network, on the control plane's namespace."""
    return Evidence(
        context=view.context,
        kind="Namespace",
        name=namespace,
        field=f"metadata.labels[{NETWORK}]",
        value=view.home.network,
        expected=expected,
    )


def own_networks(view: ClusterView) -> list[str]:
    """The networks on the cluster's own east-west gateways."""
    return [found for gateway in gateways_of(view, EAST_WEST) if (found := network_of(gateway)) is not None]


def _seen(view: ClusterView, gateway: Gateway, field: str, value: str | None, expected: str | None = None) -> Evidence:
    return Evidence(
        context=view.context,
        kind="Gateway",
        namespace=gateway.namespace,
        name=gateway.name,
        field=field,
        value=value,
        expected=expected,
    )
