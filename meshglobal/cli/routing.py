"""What `route` does with its options: the wish, the run, and what is shown of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Protocol

from meshglobal.app.routing import RouteOrder, carry_out, plan_routes
from meshglobal.cli.options import DryRun, Output
from meshglobal.cli.session import Session
from meshglobal.domain.errors import ExitCode, UsageError
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.object_plan import JSON, ObjectResult
from meshglobal.domain.route_report import RouteReport
from meshglobal.domain.route_wish import (
    GATEWAY_CLASSES,
    RouteWish,
    checked_class,
    checked_hostname,
    checked_path,
    checked_ports,
    parse_gateway,
    parse_weights,
)


class Way(Protocol):
    """The options of `route` that say where requests come from, and where they go."""

    @property
    def gateway(self) -> str | None:
        """``--gateway``."""

    @property
    def gateway_class(self) -> str | None:
        """``--gateway-class``."""

    @property
    def in_mesh(self) -> bool:
        """``--in-mesh``."""

    @property
    def hostname(self) -> list[str]:
        """``--hostname``."""

    @property
    def path(self) -> str:
        """``--path``."""

    @property
    def port(self) -> list[int]:
        """``--port``."""

    @property
    def weights(self) -> str | None:
        """``--weights``."""


class Manner(Protocol):
    """The options of `route` that say how something is written."""

    @property
    def dry_run(self) -> DryRun:
        """``--dry-run``."""

    @property
    def wait(self) -> bool:
        """``--wait``."""

    @property
    def overwrite(self) -> bool:
        """``--overwrite``."""


def wish_of(way: Way, key: ServiceKey) -> RouteWish:
    """What is asked for.

    Raises:
        UsageError: options that exclude each other, or values that cannot be.
    """
    given = {
        "--gateway": way.gateway is not None,
        "--gateway-class": way.gateway_class is not None,
        "--in-mesh": way.in_mesh,
    }
    asked = [name for name, is_given in given.items() if is_given]
    if len(asked) > 1:
        raise UsageError(f"{asked[0]} and {asked[1]} exclude each other")
    if way.in_mesh and way.hostname:
        raise UsageError("--hostname is for Gateways: callers in the mesh use the service's own host")
    return RouteWish(
        key=key,
        gateway=parse_gateway(way.gateway, key.namespace) if way.gateway is not None else None,
        gateway_class=checked_class(way.gateway_class if way.gateway_class is not None else GATEWAY_CLASSES[0]),
        hostnames=tuple(dict.fromkeys(map(checked_hostname, way.hostname))),
        path=checked_path(way.path),
        ports=checked_ports(way.port),
        weights=parse_weights(way.weights),
        in_mesh=way.in_mesh,
    )


def run_route(run: Session, wish: RouteWish, mode: str, manner: Manner, output: Output) -> int:
    """Read, plan and do it; the exit code."""
    if run.objects is None:
        raise UsageError("clusters in files cannot be written to", "leave out --from")
    wait = (run.timeout or None) if manner.wait and mode == "apply" else None
    order = RouteOrder(wish, mode, manner.dry_run.value, manner.overwrite, wait)
    with run.progress("reading") as on_cluster:
        routes = plan_routes(run.fleet, run.mesh, order, on_cluster)
    with _waiting(run, order):
        report, results = carry_out(run.fleet, run.objects, run.clock, routes)
    _show(report, results, run, output)
    return report.exit_code


def _waiting(run: Session, order: RouteOrder) -> AbstractContextManager[object]:
    """Say on a terminal what is waited for."""
    is_shown = order.wait is not None and run.err.is_terminal and not run.err.quiet
    return run.err.status("waiting until Gateway and routes work") if is_shown else nullcontext()


def _show(report: RouteReport, results: list[ObjectResult], run: Session, output: Output) -> None:
    from meshglobal.render.documents import write_document
    from meshglobal.render.report import show_clusters
    from meshglobal.render.routes import manifests_list, manifests_text, show_failures, show_remarks

    loud = replace(run.err, quiet=False)
    if report.mode == "print":
        if output is Output.JSON:
            sys.stdout.write(json.dumps(manifests_list(report), indent=2, ensure_ascii=False) + "\n")
        elif output is Output.NAME:
            _names(report, run)
        else:
            sys.stdout.write(manifests_text(report))
    elif output in (Output.JSON, Output.YAML):
        write_document(report, output.value, sys.stdout)
    elif output is Output.NAME:
        _names(report, run)
    else:
        _text(report, results, run)
    show_remarks(report.remarks, loud if report.exit_code else run.err)
    show_failures(report, loud)
    show_clusters(report.clusters, run.err)
    if report.exit_code == ExitCode.TIMEOUT:
        loud.print(f"error: timed out after {run.timeout:g} s: what was applied does not work yet")
    elif report.mode in ("apply", "delete") and report.remarks and report.exit_code and not report.writes:
        loud.print("error: nothing was written")


def _text(report: RouteReport, results: list[ObjectResult], run: Session) -> None:
    from meshglobal.render.routes import show_differences, write_lines

    if report.mode == "diff":
        show_differences(results, run.out)
        return
    for line in write_lines(report):
        run.out.print(line)
    if report.mode == "delete" and not report.exit_code and not report.writes:
        run.err.print(f"nothing of ours is there for service {report.namespace}/{report.service}")
    for one in report.routes:
        for address in one.addresses:
            run.out.print(f"{one.context}: send requests to {address}{_for_hosts(one.objects)}")


def _for_hosts(objects: Sequence[JSON]) -> str:
    """The header that requests must have."""
    hosts = dict.fromkeys(host for one in objects for host in one["spec"].get("hostnames") or ())
    return f" with header Host: {' or '.join(hosts)}" if hosts else ""


def _names(report: RouteReport, run: Session) -> None:
    found = [f"{one.kind.lower()}/{one.name}" for one in report.writes if one.failure is None]
    if not report.writes:
        found = [f"{obj['kind'].lower()}/{obj['metadata']['name']}" for one in report.routes for obj in one.objects]
    for name in dict.fromkeys(found):
        run.out.print(name)
