"""The chain that `diagnose` walks in each cluster: from "does it answer" to "do routes lead to it".

Each link is a pure function from one cluster and one service to what it saw. A chain ends at its first broken link,
for what comes after it only follows. Verdicts and findings are taken from where all commands take them: a diagnosis
cannot contradict `verify`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from meshglobal.checks.enrolment import enrolment
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.place import Place, broken, listed, ok, unchecked
from meshglobal.checks.routing import route
from meshglobal.checks.serving import endpoints, peering
from meshglobal.domain import kinds, scope
from meshglobal.domain.diagnosis import Chain, ChainLink, Outcome
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.report import cluster_report
from meshglobal.domain.verdict import Deviation, State, Verdict

_AFTER = "something before it is broken"
_OF_PORTS = (Deviation.OTHER_PORTS,)


def chains_of(mesh: Mesh, key: ServiceKey, findings: Sequence[Finding]) -> tuple[Chain, ...]:
    """The chain of each cluster, given what the checks found."""
    return tuple(_chain(Place(view, key, mesh, tuple(findings))) for view in mesh.views)


def _chain(place: Place) -> Chain:
    links: list[ChainLink] = []
    is_broken = False
    for link in LINKS:
        said = unchecked(_AFTER) if is_broken else link.look(place)
        links.append(msgspec.structs.replace(said, name=link.name))
        is_broken = is_broken or said.outcome is Outcome.BROKEN
    return Chain(context=place.view.context, links=tuple(links))


def _reachable(place: Place) -> ChainLink:
    """Did the cluster answer?"""
    if place.view.cluster.is_reached:
        return ok()
    failure = cluster_report(place.view.cluster).unread[0].failure
    return broken(failure.message, Level.UNKNOWN, place.found("MG601"), remedy=failure.next_step)


def _service(place: Place) -> ChainLink:
    """Is the Service there? A cluster without one uses that of its peers (R17)."""
    if place.service is not None:
        return ok()
    if why := place.view.cluster.why_unread(kinds.SERVICE, place.key.namespace, place.key.name):
        return unchecked(why, Level.UNKNOWN)
    others = f": served by {listed(place.serving)} (R17)" if place.serving else ""
    return ok(f"none here{others}")


def _scope(place: Place) -> ChainLink:
    """Is it published (R1-R4)?"""
    effective = place.view.scope_of(place.key)
    if effective is None:
        return place.no_service()
    if effective.is_published is None:
        return unchecked(place.view.why_unclear(place.key), Level.UNKNOWN)
    if effective.is_published:
        return ok(f"{effective.value} (by {effective.setting.origin})")
    if effective.setting.value == scope.CLUSTER and (place.publishers or _is_withdrawn(place)):
        return ok(f"cluster: opts out, {'reachable in' if place.publishers else 'as do'} the others (R18)")
    if not place.publishers and place.unread:
        return unchecked(f"not published here; {place.unread} could not be read", Level.UNKNOWN)
    found = place.found("MG130", "MG132", "MG102", "MG101", "MG410")
    level = found.level if found is not None and found.code == "MG102" else Level.WARNING
    said = f"not published: the scope is {effective.value!r}, by {effective.setting.origin} (R1)"
    return broken(said, level if place.publishers else Level.ERROR, found, remedy=place.command("expose"))


def _is_withdrawn(place: Place) -> bool:
    """Whether every cluster that has the Service opts out, and yet an entry for it stands in some cluster."""
    scopes = [found for view in place.mesh.views if (found := view.scope_of(place.key)) is not None]
    is_left = any(State.STALE is one.state and (one.namespace, one.service) == place.key for one in place.mesh.verdicts)
    return is_left and all(one.setting.value == scope.CLUSTER for one in scopes)


def _segment(place: Place) -> ChainLink:
    """Can its host be told (R6, R7)?"""
    home = place.view.home
    if home.problem:
        is_unread = home.is_unread
        return unchecked(home.problem, Level.UNKNOWN) if is_unread else broken(home.problem, found=place.found("MG403"))
    if (differs := place.found("MG402")) is not None and home.segment is not None:
        return broken(differs.message, found=differs)
    return ok(f"{home.segment or 'the default one'}, domain {home.domain}")


def _entry(place: Place) -> ChainLink:
    """Does the generated entry stand there, and say the right things (R8, R11)?"""
    if not place.verdicts:
        return _unexpected(place)
    for one in place.verdicts:
        wrong = [deviation for deviation in one.deviations if deviation not in _OF_PORTS]
        if one.state in (State.MISSING, State.STALE) or (one.state is State.DRIFT and wrong):
            return _explained(place, one, Level.ERROR)
    if (unknown := next((one for one in place.verdicts if one.entry is None), None)) is not None:
        return unchecked(unknown.reason, Level.UNKNOWN)
    return ok(", ".join(dict.fromkeys(one.entry or "" for one in place.verdicts)))


def _ports(place: Place) -> ChainLink:
    """Are its ports those of the Service (R15)?"""
    if not place.verdicts:
        return _unexpected(place)
    drifted = next((one for one in place.verdicts if one.state is State.DRIFT), None)
    if drifted is not None:
        return broken(drifted.reason, found=place.found("MG224", "MG20"))
    if (unknown := next((one for one in place.verdicts if one.state is State.UNKNOWN), None)) is not None:
        return unchecked(unknown.reason, Level.UNKNOWN)
    return ok()


def _peers(place: Place) -> ChainLink:
    """Have the endpoints of the other publishers joined (R19)?"""
    others = [context for context in place.serving if context != place.view.context]
    if not others:
        why = f"no other cluster that could be read publishes it; {place.unread} could not"
        return unchecked(why, Level.UNKNOWN) if place.unread else ok("no other selected cluster publishes it")
    for one in place.verdicts:
        if one.missing_peers:
            return _explained(place, one, Level.WARNING)
        if one.state is State.UNKNOWN:
            return unchecked(one.reason, Level.UNKNOWN)
    return ok(listed(others))


def _unexpected(place: Place) -> ChainLink:
    """No entry is expected: nobody publishes it, or nobody for this cluster (R10)."""
    if place.unread:
        return unchecked(f"no cluster that could be read publishes it; {place.unread} could not", Level.UNKNOWN)
    return unchecked("no cluster publishes it for this one" if place.publishers else "no cluster publishes it")


def _explained(place: Place, verdict: Verdict, level: Level) -> ChainLink:
    """What is missing in a cluster is mended where it comes from: the control plane, or the link to the peer."""
    if (dead := place.found("MG307")) is not None:
        return broken(verdict.reason, Level.ERROR, dead)
    if verdict.state is State.MISSING and (unknown := place.found("MG401")) is not None:
        return broken(verdict.reason, level, unknown)
    if (
        verdict.state is State.MISSING
        and _has_only_named_ports(place)
        and (dropped := place.found("MG224")) is not None
    ):
        return broken(verdict.reason, level, dropped)
    behind = peering(place)
    if behind.outcome is Outcome.BROKEN:
        return msgspec.structs.replace(behind, message=verdict.reason, cause=behind.cause or behind.message)
    return broken(verdict.reason, level, place.found("MG20"), remedy=place.command("verify"))


def _has_only_named_ports(place: Place) -> bool:
    """Whether an entry would have no port at all if those were dropped whose targetPort is a name."""
    ports = place.service.ports if place.service is not None else []
    return bool(ports) and all(isinstance(port.target_port, str) for port in ports)


@dataclass(frozen=True, slots=True)
class _Link:
    name: str
    look: Callable[[Place], ChainLink]


LINKS = (
    _Link("reachable", _reachable),
    _Link("service", _service),
    _Link("scope", _scope),
    _Link("segment", _segment),
    _Link("entry", _entry),
    _Link("ports", _ports),
    _Link("peers joined", _peers),
    _Link("endpoints", endpoints),
    _Link("enrolment", enrolment),
    _Link("peering", peering),
    _Link("route", route),
)
