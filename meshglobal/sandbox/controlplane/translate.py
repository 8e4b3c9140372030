"""From all clusters' objects to the ServiceEntries and WorkloadEntries that must exist in each: the pure core (R1-R33).

Nothing here knows what exists already; comparing and writing is the reconciler's part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from meshglobal.domain.names import ServiceKey
from meshglobal.sandbox.controlplane.entries import service_entry, workload_entries
from meshglobal.sandbox.controlplane.observed import JSON, name_of
from meshglobal.sandbox.controlplane.offers import offers
from meshglobal.sandbox.controlplane.picture import ClusterPicture
from meshglobal.sandbox.controlplane.resources import READ, SERVICE_ENTRIES, WORKLOAD_ENTRIES
from meshglobal.sandbox.controlplane.sight import take_in
from meshglobal.sandbox.controlplane.switches import Switches
from meshglobal.sandbox.controlplane.view import View

EntryKey: TypeAlias = tuple[str, str]
"""(resource, name) of a generated object; all of them stand in istio-system."""
_RESOURCES = {kind.kind: kind.resource for kind in READ}


def translate(objects: Mapping[str, Iterable[JSON]], switches: Switches | None = None) -> dict[str, list[JSON]]:
    """Every generated object of every cluster, ordered by kind and name.

    ``objects`` are each cluster's objects as JSON, in any order; kinds that do not matter are passed over.
    """
    mesh = {name: _picture(name, found) for name, found in objects.items()}
    answers = switches or Switches()
    keys = sorted({key for picture in mesh.values() for key in picture.services})
    return {name: _entries(View(name, mesh, answers), keys) for name in mesh}


def entries_of(view: View, key: ServiceKey) -> dict[EntryKey, JSON]:
    """What must exist for one service in the cluster whose view this is."""
    found: dict[EntryKey, JSON] = {}
    for offer in offers(view, key):
        entry = service_entry(offer, view.here, view.switches)
        if not entry["spec"]["ports"]:
            continue
        found[SERVICE_ENTRIES, name_of(entry)] = entry
        members = workload_entries(offer, view.here, view.switches)
        found |= {(WORKLOAD_ENTRIES, name_of(each)): each for each in members}
    return found


def _entries(view: View, keys: list[ServiceKey]) -> list[JSON]:
    found = {name: entry for key in keys for name, entry in entries_of(view, key).items()}
    return [found[name] for name in sorted(found)]


def _picture(name: str, objects: Iterable[JSON]) -> ClusterPicture:
    picture = ClusterPicture(name)
    for obj in objects:
        if resource := _RESOURCES.get(obj.get("kind", "")):
            take_in(picture, resource, obj)
    return picture
