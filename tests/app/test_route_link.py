"""The link `route` of `diagnose`, in memory: what it counts, what it explains, and what it does not know."""

from __future__ import annotations

from typing import Any

import pytest
from mesh_cases import cases, fleet_of

from meshglobal.app.checking import checking_demand
from meshglobal.app.diagnosing import diagnose_service, diagnosing_demand
from meshglobal.app.listing import listing_demand
from meshglobal.app.picture import MeshSettings
from meshglobal.app.selecting import Request
from meshglobal.app.verify import Verify, verify_demand
from meshglobal.domain.diagnosis import ChainLink, Diagnosis, Outcome
from meshglobal.domain.finding import Level
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.strictness import Strictness

REFERRING = {"HTTPRoute", "DestinationRule", "VirtualService", "AuthorizationPolicy"}
KEY = ServiceKey("bookinfo", "productpage")
HOST = "productpage.bookinfo.mesh.internal"
BODIES = {case.title: case.body["clusters"] for case in cases()}
NAMED = BODIES["a route and a policy for an entry that is there"]
GATEWAYS = BODIES["two healthy peers"]
RULES = BODIES["rules for hosts that are there, or somebody else's"]["c1"]


ENDPOINTS = {
    "kind": "EndpointSlice",
    "metadata": {"name": "a", "namespace": "bookinfo", "labels": {"kubernetes.io/service-name": "productpage"}},
    "endpoints": [{"addresses": ["10.0.0.1"]}],
}


def route(reason: str = "", host: str = HOST) -> dict[str, Any]:
    """A route to the service; ``reason``: why its status says that a backend is not resolved."""
    resolved = {"type": "ResolvedRefs", "status": "False" if reason else "True", "reason": reason or "ResolvedRefs"}
    backend = {"group": "networking.istio.io", "kind": "Hostname", "name": host, "port": 9080}
    return {
        "kind": "HTTPRoute",
        "metadata": {"name": "ingress", "namespace": "edge"},
        "spec": {"parentRefs": [{"name": "ingress"}], "rules": [{"backendRefs": [backend]}]},
        "status": {"parents": [{"conditions": [resolved]}]},
    }


def diagnosed(*more: dict[str, Any], **about: Any) -> Diagnosis:
    plain = {context: [*GATEWAYS[context], *NAMED[context], ENDPOINTS] for context in ("c1", "c2")}
    clusters = {"c1": {"objects": [*plain["c1"], *more], **about}, "c2": plain["c2"]}
    return diagnose_service(fleet_of(clusters), MeshSettings(), KEY, Strictness())


def link_of(found: Diagnosis, context: str = "c1") -> ChainLink:
    chain = next(chain for chain in found.chains if chain.context == context)
    return next(link for link in chain.links if link.name == "route")


def test_it_counts_what_names_the_service() -> None:
    rules = [one for one in RULES if one["kind"] in ("DestinationRule", "VirtualService")]
    found = diagnosed(*rules, route())
    counted = "named by 1 AuthorizationPolicy, 1 DestinationRule, 2 HTTPRoutes, 1 VirtualService"
    assert (link_of(found).outcome, link_of(found).message) == (Outcome.OK, counted)
    assert (link_of(found, "c2").outcome, link_of(found, "c2").message) == (Outcome.OK, "nothing names it")


@pytest.mark.parametrize("kind", sorted({*REFERRING, "ServiceEntry"}))
def test_what_may_not_be_read_is_not_checked(kind: str) -> None:
    link = link_of(diagnosed(forbidden=[kind]))
    assert (link.outcome, link.level) == (Outcome.UNCHECKED, Level.UNKNOWN)
    assert "forbidden" in link.message.lower()


def test_kinds_that_are_not_installed_name_nothing() -> None:
    link = link_of(diagnosed(absent=sorted(REFERRING)))
    assert link.outcome is Outcome.OK


def test_a_mistake_is_told_though_another_kind_may_not_be_read() -> None:
    link = link_of(diagnosed(route(host="bookinfo.productpage.mesh.internal"), forbidden=["VirtualService"]))
    assert (link.outcome, link.code) == (Outcome.BROKEN, "MG411")


def test_a_backend_that_is_called_missing_and_is_there_is_explained() -> None:
    link = link_of(diagnosed(route("BackendNotFound")))
    assert link.outcome is Outcome.OK
    assert "the status of HTTPRoute edge/ingress says BackendNotFound, though the host is there" in link.message
    assert "BackendNotFound" not in link_of(diagnosed(route("RefNotPermitted"))).message
    assert "BackendNotFound" not in link_of(diagnosed(route())).message


def test_only_diagnose_and_check_read_what_may_name_a_service() -> None:
    mesh, request = MeshSettings(), Request(None, "bookinfo")
    for demand in (verify_demand(mesh, Verify(request)), listing_demand(mesh, request)):
        assert not {one.kind.name for one in demand.queries} & REFERRING
        assert [one.namespace for one in demand.queries if one.kind.name == "ServiceEntry"] == ["istio-system"]
    for demand in (diagnosing_demand(mesh, "bookinfo"), checking_demand(mesh)):
        everywhere = {one.kind.name for one in demand.queries if one.namespace is None and one.name is None}
        assert {*REFERRING, "ServiceEntry"} <= everywhere


def test_of_two_mistakes_the_worse_is_told() -> None:
    local = route()
    local["metadata"] = {"name": "local", "namespace": "bookinfo"}
    local["spec"]["rules"] = [{"backendRefs": [{"name": "productpage", "port": 9080}]}]
    policy = {
        "kind": "AuthorizationPolicy",
        "metadata": {"name": "lost", "namespace": "bookinfo"},
        "spec": {"targetRefs": [{"kind": "ServiceEntry", "name": "autogen.bookinfo.productpage"}]},
    }
    assert link_of(diagnosed(local)).code == "MG416"
    assert link_of(diagnosed(local, policy)).code == "MG431"
