"""`segment plan`: read the clusters, and work out what a change of segments would do; nothing is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from meshglobal.app.picture import MeshSettings, OnCluster, Picture, read_picture
from meshglobal.app.ports import Fleet
from meshglobal.app.segment_demands import segment_planning_demand
from meshglobal.checks.catalogue import catalogue, findings_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.errors import ExitCode, NotFoundError, UsageError
from meshglobal.domain.expectation import Expectation
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.names import LOCAL_DOMAIN, is_dns_label, is_dns_name
from meshglobal.domain.report import cluster_report
from meshglobal.domain.segment_intent import Action, SegmentIntent, segment_named, views_after
from meshglobal.domain.segment_plan import SegmentPlan, plan_segments
from meshglobal.domain.view import ClusterView

_OWN = frozenset({kinds.SEGMENT, kinds.NAMESPACE})


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, the clusters that it was made from, and the intent with the contexts under which these were read."""

    plan: SegmentPlan
    picture: Picture
    intent: SegmentIntent

    @property
    def targets(self) -> tuple[ClusterView, ...]:
        """The clusters that would be changed."""
        return tuple(view for view in self.picture.views if view.context in self.intent.contexts)


def checked_intent(intent: SegmentIntent) -> SegmentIntent:
    """An intent whose names can be.

    Raises:
        UsageError: a name or a domain that cannot be.
    """
    if intent.action is not Action.UNASSIGN and not is_dns_label(intent.name):
        raise UsageError(f"{intent.name!r} cannot be the name of a Segment", "write small letters, digits and dashes")
    if intent.action in (Action.CREATE, Action.RENAME_DOMAIN):
        if not is_dns_name(intent.domain):
            raise UsageError(f"{intent.domain!r} is no domain", "write a DNS name such as mesh.acme")
        if intent.domain == LOCAL_DOMAIN or intent.domain.endswith(f".{LOCAL_DOMAIN}"):
            raise UsageError(f"{intent.domain!r} belongs to every cluster itself", "choose a domain of the mesh's own")
    return intent


def plan_change(
    fleet: Fleet, mesh: MeshSettings, intent: SegmentIntent, on_cluster: OnCluster | None = None
) -> Planned:
    """Read the clusters and say what an intent would change in all of them.

    Raises:
        UsageError: a name or a domain that cannot be.
        NotFoundError: a Segment, or the control plane's namespace, is not in a cluster that would be changed.
    """
    checked_intent(intent)
    picture = read_picture(fleet, segment_planning_demand(mesh).queries, mesh, on_cluster)
    named = set(intent.contexts)
    contexts = [view.context for view in picture.views if named & {view.context, *view.cluster.aliases}]
    settled = replace(intent, contexts=tuple(contexts))
    _check_there(picture, settled)
    plan = plan_segments(picture.views, settled, mesh.istio_namespace, mesh.visibility, picture.expectation)
    findings = _new_findings(picture, settled)
    code = plan.exit_code
    if any(one.level is Level.ERROR for one in findings):
        code = int(ExitCode.FINDINGS)
    clusters = tuple(map(cluster_report, picture.snapshot.clusters))
    is_complete = all(cluster.reached and not cluster.unread for cluster in clusters)
    whole = msgspec.structs.replace(
        plan,
        command=f"segment plan {intent.action}",
        exit_code=code or int(ExitCode.OK if is_complete else ExitCode.CANNOT_CHECK),
        clusters=clusters,
        findings=findings,
    )
    return Planned(whole, picture, settled)


def _new_findings(picture: Picture, intent: SegmentIntent) -> tuple[Finding, ...]:
    """What would be wrong with the segments themselves: not with services, of which the plan speaks."""
    place = picture.mesh.istio_namespace
    checks = [listed.check for listed in catalogue() if listed.area == "network" and set(listed.check.needs) <= _OWN]

    def found(views: Sequence[ClusterView]) -> list[Finding]:
        return findings_of(Mesh(views, Expectation(), (), (), place, is_fleet=True), checks)

    now = {one.fingerprint for one in found(picture.views)}
    later = found(views_after(picture.views, intent, place))
    return tuple(one for one in later if one.fingerprint not in now)


def _check_there(picture: Picture, intent: SegmentIntent) -> None:
    """Refuse what certainly cannot be done. What could not be read is for the plan to say."""
    place = picture.mesh.istio_namespace
    targets = [view for view in picture.views if view.context in intent.contexts]
    if intent.action in (Action.ASSIGN, Action.UNASSIGN):
        for view in targets:
            if place not in view.namespaces and view.cluster.has_read(kinds.NAMESPACE, name=place):
                raise NotFoundError(f'namespaces "{place}" not found in {view.context}', "name the one with -i")
    if intent.action in (Action.ASSIGN, Action.RENAME_DOMAIN, Action.DELETE):
        lacking = [view.context for view in targets if _lacks(view, intent.name, place)]
        is_nowhere = len(lacking) == len(targets)
        if lacking and (is_nowhere or intent.action is Action.ASSIGN):
            hint = "those that are there: meshglobal segment list"
            if intent.action is Action.ASSIGN:
                hint = f"make it in every cluster first: meshglobal segment create {intent.name} --domain DOMAIN"
            raise NotFoundError(
                f'segments.admin.solo.io "{intent.name}" not found in {place} of {", ".join(lacking)}', hint
            )


def _lacks(view: ClusterView, name: str, place: str) -> bool:
    found = segment_named(view, name, place)
    return found is None and view.cluster.has_read(kinds.SEGMENT, place, name)
