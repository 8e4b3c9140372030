"""The end of the chain: are there endpoints that answer, and is the cluster linked with those that have them?"""

from __future__ import annotations

import shlex

from meshglobal.checks.place import Place, broken, listed, ok, unchecked
from meshglobal.domain import kinds
from meshglobal.domain.diagnosis import ChainLink
from meshglobal.domain.finding import Level
from meshglobal.domain.inventory import endpoints_of
from meshglobal.domain.links import Tie, are_read, links_to, tie_of
from meshglobal.domain.view import ClusterView

_CODES = {Tie.MISSING: "MG303", Tie.DISCONNECTED: "MG304", Tie.FAILED: "MG305"}
_OWN = ("MG301", "MG302", "MG307", "MG312", "MG311", "MG310", "MG313", "MG315", "MG314", "MG306")


def endpoints(place: Place) -> ChainLink:
    """Is one ready, here or in a cluster that publishes the service?"""
    if place.service is None:
        return place.no_service()
    own = endpoints_of(place.view, place.key)
    if own is None:
        return unchecked(place.view.cluster.why_unread(kinds.ENDPOINT_SLICE, place.key.namespace), Level.UNKNOWN)
    here = f"{own.ready} of {own.total} ready"
    if own.ready:
        return ok(here)
    return _elsewhere(place, f"{here} here")


def _elsewhere(place: Place, here: str) -> ChainLink:
    """None is ready here: some other cluster's may do."""
    counts = {view.context: endpoints_of(view, place.key) for view in _publishers(place) if view is not place.view}
    if serving := sorted(context for context, found in counts.items() if found is not None and found.ready):
        return ok(f"{here}, served by {listed(serving)}")
    unread = {*(context for context, found in counts.items() if found is None), *filter(None, [place.unread])}
    if unread:
        return unchecked(f"{here}; not known of {', '.join(sorted(unread))}", Level.UNKNOWN)
    remedy = f"kubectl --context {shlex.quote(place.view.context)} -n {place.key.namespace} get pods{_selector(place)}"
    return broken(f"{here}, and none in any other cluster", found=place.found("MG220"), remedy=remedy)


def peering(place: Place) -> ChainLink:
    """Can this cluster be reached by its peers, and is it linked with those that publish the service (R34, R36)?"""
    peers = [view for view in _publishers(place) if view is not place.view]
    if len(place.mesh.views) == 1:
        return unchecked("only one cluster is selected")
    if not are_read(place.view):
        return unchecked(place.view.cluster.why_unread(kinds.GATEWAY), Level.UNKNOWN)
    ties = {peer.context: tie_of(place.view, peer) for peer in peers}
    for peer in peers:
        if (code := _CODES.get(ties[peer.context])) is not None:
            return _unlinked(place, peer, code)
    if (found := place.found(*_OWN)) is not None:
        return broken(found.message, found.level, found)
    if silent := sorted(context for context, tie in ties.items() if tie is Tie.UNKNOWN):
        return unchecked(f"nothing says whether {listed(silent)} is connected")
    return ok(f"linked with {listed(sorted(ties))}") if ties else _without_peers(place)


def _without_peers(place: Place) -> ChainLink:
    if not place.unread:
        return ok("no other selected cluster publishes it")
    return unchecked(f"no other cluster that could be read publishes it; {place.unread} could not", Level.UNKNOWN)


def _unlinked(place: Place, peer: ClusterView, code: str) -> ChainLink:
    if code == "MG303":
        found = place.found(code, about=peer.context)
    else:
        names = {(gateway.namespace, gateway.name) for gateway in links_to(place.view, peer)}
        alike = [one for one in place.findings if one.code == code and one.context == place.view.context]
        found = next((one for one in alike if {(seen.namespace, seen.name) for seen in one.evidence} & names), None)
    return broken(found.message if found else f"the link to {peer.context} does not work (R34)", found=found)


def _publishers(place: Place) -> list[ClusterView]:
    publishers = set(place.serving)
    return sorted((view for view in place.mesh.views if view.context in publishers), key=lambda one: one.context)


def _selector(place: Place) -> str:
    selector = (place.service.spec.selector if place.service is not None else None) or {}
    return f" -l {','.join(f'{key}={value}' for key, value in sorted(selector.items()))}" if selector else ""
