"""The generated objects: one ServiceEntry for an offer, a WorkloadEntry for each peer of it (R8, R11-R14, R19-R21).

How the two kinds join is not public. Here a WorkloadEntry carries the labels that its ServiceEntry selects: the
local Service's own selector where local pods join too, and the parent's name otherwise, so that the pods of a local
Service that is not published stay out (R18).
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.domain import labels
from meshglobal.domain.names import FLAT_PREFIX, GENERATED_PREFIX, ISTIO_NAMESPACE, ServiceKey
from meshglobal.sandbox.controlplane.hosts import global_host, local_host
from meshglobal.sandbox.controlplane.observed import JSON, Labels, PodSeen
from meshglobal.sandbox.controlplane.offers import Offer, PeerOffer
from meshglobal.sandbox.controlplane.peering import is_flat, network_of
from meshglobal.sandbox.controlplane.picture import ClusterPicture
from meshglobal.sandbox.controlplane.ports import entry_ports
from meshglobal.sandbox.controlplane.scope import GLOBAL, SEGMENT
from meshglobal.sandbox.controlplane.switches import Switches

API_VERSION = "networking.istio.io/v1"


def service_entry(offer: Offer, here: ClusterPicture, switches: Switches) -> JSON:
    """The ServiceEntry of an offer in the cluster that sees it; without endpoints (R13)."""
    reach = GLOBAL if any(each.reach == GLOBAL for each in offer.publications) else SEGMENT
    ports = entry_ports(offer.local, [peer.publication for peer in offer.peers], switches)
    spec: JSON = {"hosts": _hosts(offer, here, switches)}
    if switches.location != "unset":
        spec["location"] = switches.location
    spec |= {"ports": [port.as_json() for port in ports], "resolution": "STATIC"}
    if identities := _identities(offer):
        spec["subjectAltNames"] = identities
    spec["workloadSelector"] = {"labels": joining_labels(offer)}
    marks = _parent(offer.key) | {labels.SERVICE_SCOPE: reach}
    return _object("ServiceEntry", _entry_name(offer, switches), marks, spec)


def workload_entries(offer: Offer, here: ClusterPicture, switches: Switches) -> Iterator[JSON]:
    """The WorkloadEntries that stand for the peers of an offer; none for the own cluster (R20)."""
    for peer in offer.peers:
        is_near = is_flat(here, peer.cluster)
        if not is_near or switches.flat_peer_entry == "kept":
            yield _peer_entry(offer, peer, switches)
        if is_near:
            yield from _flat_entries(offer, peer)


def joining_labels(offer: Offer) -> Labels:
    """The labels by which local pods and WorkloadEntries join the ServiceEntry."""
    if offer.local and offer.local.service.selector:
        return offer.local.service.selector
    away = {} if offer.is_own else {labels.SEGMENT: offer.home.segment or "default"}
    return _parent(offer.key) | away


def key_of(name: str) -> ServiceKey | None:
    """The service that a generated object's name ends in; None for names of another form."""
    parts = name.split(".")
    if len(parts) < 3 or f"{parts[0]}." not in {GENERATED_PREFIX, FLAT_PREFIX}:  # noqa: PLR2004 - prefix, namespace, name
        return None
    return ServiceKey(parts[-2], parts[-1])


def _hosts(offer: Offer, here: ClusterPicture, switches: Switches) -> list[str]:
    """The global host; with it the cluster-local name where only peers have the service, taken over (R25).

    Takeover works inside the local segment only.
    """
    hosts = [global_host(offer.key, offer.home)]
    is_taken_over = offer.is_own and any(peer.publication.is_taken_over for peer in offer.peers)
    if is_taken_over and offer.key not in here.services and switches.takeover_host == "second-host":
        hosts.append(local_host(offer.key))
    return hosts


def _identities(offer: Offer) -> list[str]:
    """SPIFFE ids of the peers' workloads, never the own cluster's (R14)."""
    return sorted(
        {
            f"spiffe://{peer.trust_domain}/ns/{pod.namespace}/sa/{pod.service_account}"
            for peer in offer.peers
            for pod in peer.cluster.pods_of(peer.publication.service)
            if not pod.is_finished
        }
    )


def _entry_name(offer: Offer, switches: Switches) -> str:
    """With the segment's name in it outside the default segment (R8)."""
    segment = offer.home.segment
    if switches.entry_names == "short":
        # Both forms of two segments would meet in one name; the cluster's own segment has the short one.
        segment = "" if offer.is_own else segment or "default"
    return _joined(GENERATED_PREFIX, segment, offer.key.namespace, offer.key.name)


def _peer_entry(offer: Offer, peer: PeerOffer, switches: Switches) -> JSON:
    """One for each publishing peer: its network, and no address (R19)."""
    segment = offer.home.segment if switches.peer_entry_names == "segment" else ""
    name = _joined(GENERATED_PREFIX, segment, peer.cluster.name, offer.key.namespace, offer.key.name)
    return _object("WorkloadEntry", name, _parent(offer.key), _membership(offer, peer))


def _flat_entries(offer: Offer, peer: PeerOffer) -> Iterator[JSON]:
    """One for each remote pod that has an address; the name's third part identifies the pod (R21)."""
    for pod in peer.cluster.pods_of(peer.publication.service):
        if pod.address and not pod.is_finished:
            yield _flat_entry(offer, peer, pod)


def _flat_entry(offer: Offer, peer: PeerOffer, pod: PodSeen) -> JSON:
    name = _joined(FLAT_PREFIX, peer.cluster.name, pod.name, offer.key.namespace, offer.key.name)
    spec = {"address": pod.address, "serviceAccount": pod.service_account} | _membership(offer, peer)
    return _object("WorkloadEntry", name, _parent(offer.key), spec)


def _membership(offer: Offer, peer: PeerOffer) -> JSON:
    return {"labels": joining_labels(offer), "network": network_of(peer.cluster)}


def _joined(prefix: str, *parts: str) -> str:
    return prefix + ".".join(part for part in parts if part)


def _parent(key: ServiceKey) -> Labels:
    return {labels.PARENT_SERVICE: key.name, labels.PARENT_SERVICE_NAMESPACE: key.namespace}


def _object(kind: str, name: str, marks: Labels, spec: JSON) -> JSON:
    metadata = {"name": name, "namespace": ISTIO_NAMESPACE, "labels": marks}
    return {"apiVersion": API_VERSION, "kind": kind, "metadata": metadata, "spec": spec}
