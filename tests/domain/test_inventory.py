"""The inventory: what each cluster has of a global service."""

from __future__ import annotations

import pytest
from memory_fleet import MemoryFleet

from meshglobal.app.listing import list_services
from meshglobal.app.picture import MeshSettings
from meshglobal.app.selecting import Request
from meshglobal.domain import kinds
from meshglobal.domain.labels import SERVICE_SCOPE, SERVICE_TAKEOVER
from meshglobal.domain.objects import Meta, Namespace, Object, Service, ServicePort, ServiceSpec


def cluster(labels: dict[str, str] | None) -> list[Object]:
    """Namespaces, and the Service `shop/web` with these labels (None: no Service)."""
    found: list[Object] = [Namespace(metadata=Meta(name="istio-system")), Namespace(metadata=Meta(name="shop"))]
    if labels is not None:
        spec = ServiceSpec(ports=[ServicePort(port=80)], selector={"app": "web"})
        found.append(Service(metadata=Meta(name="web", namespace="shop", labels=labels), spec=spec))
    return found


@pytest.mark.parametrize("takeover", [True, False])
def test_without_a_local_service_the_peers_takeover_counts(*, takeover: bool) -> None:
    """R25."""
    labels = {SERVICE_SCOPE: "global"} | ({SERVICE_TAKEOVER: "true"} if takeover else {})
    fleet = MemoryFleet({"one": cluster(labels), "two": cluster(None)})
    [service] = list_services(fleet, MeshSettings(), Request(None, "shop")).services
    assert [cell.takeover for cell in service.cells] == [takeover, takeover]
    assert [cell.present for cell in service.cells] == [True, False]


def test_what_could_not_be_read_is_null_and_not_zero() -> None:
    fleet = MemoryFleet({"one": cluster({SERVICE_SCOPE: "global"})}, forbidden={"one": [kinds.ENDPOINT_SLICE]})
    inventory = list_services(fleet, MeshSettings(), Request(None, "shop"))
    [cell] = inventory.services[0].cells
    assert cell.endpoints is None
    assert inventory.exit_code == 3
