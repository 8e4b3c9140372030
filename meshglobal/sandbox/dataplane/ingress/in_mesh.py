"""HTTPRoutes that hang on a generated entry (R39): they are for callers in the mesh, and need no Gateway.

Such a route takes over the ports of the entry's host: requests of callers in the mesh go to a listener of their
cluster's Envoy, as those to a Gateway do, and from there to the backends. What no rule matches is answered 404.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from meshglobal.sandbox.dataplane.directory import Directory
from meshglobal.sandbox.dataplane.ingress.attaching import ANY_HOST
from meshglobal.sandbox.dataplane.ingress.observed import JSON, Route
from meshglobal.sandbox.dataplane.observed import Entry, Locality
from meshglobal.sandbox.dataplane.sight import ClusterSight

ENTRY = ("networking.istio.io", "ServiceEntry")


class Hanging(NamedTuple):
    """What became of one reference to an entry: the hosts and ports that it takes over, or why there are none."""

    parent: JSON
    found: tuple[tuple[str, int], ...]
    reason: str = "Accepted"
    message: str = "Route was valid"


class Taken(NamedTuple):
    """A pool that callers of a locality would use, and that a route stands before."""

    pool: str
    locality: Locality


def hangings(route: Route, sight: ClusterSight) -> Iterator[Hanging]:
    """What became of each reference of a route to a generated entry."""
    for parent in route.parents:
        if (parent.get("group", ""), parent.get("kind", "")) == ENTRY:
            yield _hanging(route, parent, sight)


def _hanging(route: Route, parent: JSON, sight: ClusterSight) -> Hanging:
    namespace = parent.get("namespace") or route.key[0]
    entries = [each for key, each in sorted(sight.entries.items()) if _is_meant(each, key[1], parent, namespace)]
    if not entries:
        text = f"no ServiceEntry {parent['name']} of a service in namespace {namespace}"
        return Hanging(parent, (), "NoMatchingParent", text)
    found = tuple(
        (each.hosts[0], port) for each in entries if each.hosts for port in each.ports if _is_port(port, parent)
    )
    if not found:
        return Hanging(parent, (), "NoMatchingParent", f"ServiceEntry {parent['name']} has no such port")
    return Hanging(parent, found)


def _is_meant(entry: Entry, name: str, parent: JSON, namespace: str) -> bool:
    """A generated entry is shown in the namespace of its service, though it stands in that of the control plane."""
    return name == parent["name"] and entry.parent is not None and entry.parent.namespace == namespace


def _is_port(port: int, parent: JSON) -> bool:
    return (parent.get("sectionName", str(port)), parent.get("port", port)) == (str(port), port)


def taken(host: str, port: int, directory: Directory, localities: list[Locality]) -> list[Taken]:
    """The pools behind one port of a host, each with a locality whose callers use it."""
    known = directory.mesh_hosts.get(host)
    found = known.ports.get(port) if known else None
    if found is None:
        return []
    pools = {found.pool_for(locality): locality for locality in reversed(localities)}
    return [Taken(pool, locality) for pool, locality in pools.items()]


def before_pool(rules: list[JSON]) -> JSON:
    """The routes of a listener that stands before a pool."""
    virtual = {"name": "every host", "domains": [ANY_HOST], "routes": rules}
    return {"virtual_hosts": [virtual], "validate_clusters": False}
