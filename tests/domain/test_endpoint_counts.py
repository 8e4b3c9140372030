"""Endpoints of one cluster's Service, counted from EndpointSlices."""

from __future__ import annotations

from mesh_cases import record_of

from meshglobal.domain import kinds
from meshglobal.domain.inventory import Endpoints, endpoints_of
from meshglobal.domain.names import ISTIO_NAMESPACE, ServiceKey
from meshglobal.domain.objects import Object
from meshglobal.domain.snapshot import ClusterSnapshot, Query
from meshglobal.domain.view import view_of

KEY = ServiceKey("shop", "a")


def some_endpoints(name: str, *ready: bool | None, family: str = "IPv4") -> Object:
    meta = {"name": name, "namespace": "shop", "labels": {"kubernetes.io/service-name": "a"}}
    endpoints = [{"conditions": {"ready": one}} for one in ready]
    return record_of({"kind": "EndpointSlice", "metadata": meta, "addressType": family, "endpoints": endpoints or None})


def counted(*slices: Object, queries: tuple[Query, ...] = (Query(kinds.ENDPOINT_SLICE, "shop"),)) -> Endpoints | None:
    return endpoints_of(
        view_of(ClusterSnapshot("c1", objects={kinds.ENDPOINT_SLICE: slices}, queries=queries), ISTIO_NAMESPACE), KEY
    )


def test_slices_of_one_family_add_up() -> None:
    assert counted(some_endpoints("a-1", True, False), some_endpoints("a-2", None)) == Endpoints(2, 3)  # noqa: FBT003 - states


def test_two_families_list_the_same_pods() -> None:
    both = some_endpoints("a-4", True, False), some_endpoints("a-6", True, False, family="IPv6")  # noqa: FBT003 - states
    assert counted(*both) == Endpoints(1, 2)


def test_none_is_zero_and_unread_is_unknown() -> None:
    assert counted() == Endpoints(0, 0)
    assert counted(some_endpoints("a-1")) == Endpoints(0, 0)
    assert counted(queries=()) is None
    assert counted(queries=(Query(kinds.ENDPOINT_SLICE, "bank"),)) is None
