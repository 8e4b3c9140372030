"""What pages are shown of one look at the mesh, and what is new in it for who has seen an earlier one. Pure.

What did not change is the same object in both, so that comparing them costs little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from meshglobal.app.live import Look
from meshglobal.app.live_cluster import unread_yet
from meshglobal.dashboard.documents import ChangeNews, CheckNews, FindingsNews, ServicesNews
from meshglobal.domain.changes import Change
from meshglobal.domain.errors import ExitCode
from meshglobal.domain.finding import Finding
from meshglobal.domain.fleet import FleetCheck, Member
from meshglobal.domain.inventory import Inventory
from meshglobal.domain.report import ClusterReport, Summary, Unread
from meshglobal.domain.waivers import Waived

Event = tuple[str, msgspec.Struct]
"""The name of a server-sent event, and its document."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One look without the picture behind it, which would keep all objects of all clusters."""

    version: int
    inventory: Inventory
    check: FleetCheck
    findings: tuple[Finding, ...] = ()
    waived: tuple[Waived, ...] = ()


def shown_before(contexts: Sequence[str]) -> Shown:
    """What there is to see before any cluster has answered: that nothing is known of any."""
    clusters = tuple(
        ClusterReport(context=context, reached=False, unread=(Unread(None, None, unread_yet(context)),))
        for context in contexts
    )
    summary = Summary(clusters=len(clusters))
    inventory = Inventory(exit_code=int(ExitCode.CANNOT_CHECK), clusters=clusters, summary=summary)
    return Shown(0, inventory, unchecked(inventory))


def shown(look: Look) -> Shown:
    """What pages see of a look."""
    check = look.check if look.check is not None else unchecked(look.inventory)
    return Shown(look.version, look.inventory, check, look.findings, look.waived)


def unchecked(inventory: Inventory) -> FleetCheck:
    """The clusters before all was read that `check` reads: nothing is said of their gateways and links."""
    peers = len(inventory.clusters) - 1
    return FleetCheck(
        exit_code=int(ExitCode.CANNOT_CHECK),
        clusters=inventory.clusters,
        members=tuple(Member(context=one.context, reached=one.reached, peers=peers) for one in inventory.clusters),
        summary=Summary(clusters=len(inventory.clusters), clusters_read=inventory.summary.clusters_read),
    )


def news(before: Shown, after: Shown, changes: Iterable[Change]) -> Iterator[Event]:
    """The events that lead from one to the other, however many looks lie between them."""
    if (services := _services_news(before.inventory, after)) is not None:
        yield "services", services
    if _differ(before.check, after.check) and _differ(_bare(before.check), bare := _bare(after.check)):
        yield "check", CheckNews(after.version, bare)
    if _differ(before.findings, after.findings) or _differ(before.waived, after.waived):
        yield "findings", FindingsNews(after.version, after.findings, after.waived)
    for change in changes:
        yield "change", ChangeNews(after.version, change)


def _services_news(before: Inventory, after: Shown) -> ServicesNews | None:
    now = after.inventory
    if now is before:
        return None
    old = {(one.namespace, one.name): one for one in before.services}
    changed = tuple(one for one in now.services if _differ(old.pop((one.namespace, one.name), None), one))
    clusters = now.clusters if _differ(before.clusters, now.clusters) else None
    is_same = not (changed or old) and clusters is None
    if is_same and (before.summary, before.exit_code) == (now.summary, now.exit_code):
        return None
    return ServicesNews(
        version=after.version,
        services=changed,
        removed=tuple(f"{namespace}/{name}" for namespace, name in old),
        summary=now.summary,
        clusters=clusters,
        exit_code=now.exit_code,
    )


def _bare(check: FleetCheck) -> FleetCheck:
    """Findings come by themselves."""
    return msgspec.structs.replace(check, findings=(), waived=())


def _differ(one: object, other: object) -> bool:
    return one is not other and one != other
