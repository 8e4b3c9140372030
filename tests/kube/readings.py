"""Reading clusters that servers of the test play, and what was read in short."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from servers import fleet_of

from meshglobal.domain.failure import Cause
from meshglobal.domain.kinds import SERVICE
from meshglobal.domain.snapshot import ClusterSnapshot, MeshSnapshot, Query
from meshglobal.kube.fleet import ConnectionSettings

SERVICES = Query(SERVICE, "shop")
TOKEN = {"token": "s3cret-token"}


def service(name: str) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "shop"}}


def read(
    directory: Path, urls: dict[str, str], *queries: Query, settings: ConnectionSettings | None = None
) -> MeshSnapshot:
    fleet = fleet_of(directory, {name: ({"server": url}, TOKEN) for name, url in urls.items()}, settings)
    try:
        return fleet.read(queries or (SERVICES,))
    finally:
        fleet.close()


def names(cluster: ClusterSnapshot) -> list[str]:
    return [found.name for found in cluster.objects[SERVICE]]


def gap_causes(cluster: ClusterSnapshot) -> list[tuple[Query | None, Cause]]:
    return [(gap.query, gap.failure.cause) for gap in cluster.gaps]
