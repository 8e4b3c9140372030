"""What `route` says: for each cluster the objects, what was found about them, and what was written."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from meshglobal.domain.failure import Failure
from meshglobal.domain.object_plan import JSON, ObjectResult
from meshglobal.domain.plan import Status
from meshglobal.domain.report import API_VERSION, ClusterReport
from meshglobal.domain.route_remarks import RouteRemark


class ObjectWrite(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What was done, or would be, to one object in one cluster; ``verb`` is kubectl's word for it."""

    context: str
    kind: str
    namespace: str
    name: str
    status: Status
    verb: str
    warnings: tuple[str, ...] = ()
    failure: Failure | None = None


class ClusterRoute(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One cluster: where requests go, the objects that see to it, and where they can be sent from outside."""

    context: str
    hosts: tuple[str, ...] = ()
    objects: tuple[JSON, ...] = ()
    addresses: tuple[str, ...] = ()


class RouteReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The whole result; ``mode`` is ``print``, ``diff``, ``apply`` or ``delete``."""

    api_version: str = API_VERSION
    kind: str = "RouteReport"
    command: str = "route"
    mode: str = "print"
    exit_code: int = 0
    dry_run: str = "none"
    namespace: str = ""
    service: str = ""
    clusters: tuple[ClusterReport, ...] = ()
    routes: tuple[ClusterRoute, ...] = ()
    remarks: tuple[RouteRemark, ...] = ()
    writes: tuple[ObjectWrite, ...] = ()


def object_writes(results: Sequence[ObjectResult]) -> tuple[ObjectWrite, ...]:
    """How objects were written, as the report shows it."""
    return tuple(
        ObjectWrite(
            context=one.step.context,
            kind=one.step.kind.name,
            namespace=one.step.namespace,
            name=one.step.name,
            status=one.status,
            verb=one.verb,
            warnings=one.warnings,
            failure=one.failure,
        )
        for one in results
    )
