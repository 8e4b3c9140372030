"""Laws of the pure core, over random histories of a mesh."""

from __future__ import annotations

import random
from typing import Any

from embedded_mesh import RESOURCES
from hypothesis import given, settings
from hypothesis import strategies as st
from mesh_events import CLUSTERS, HISTORIES, SETTINGS, Change, outcome

from meshglobal.domain.names import ServiceKey
from meshglobal.sandbox.controlplane.picture import ClusterPicture
from meshglobal.sandbox.controlplane.sight import Touched, take_in
from meshglobal.sandbox.controlplane.switches import Switches
from meshglobal.sandbox.controlplane.translate import entries_of, translate
from meshglobal.sandbox.controlplane.view import View

JSON = dict[str, Any]
Pictures = dict[str, ClusterPicture]


def apply(pictures: Pictures, change: Change) -> Touched:
    resource = RESOURCES[change.obj["kind"]]
    return take_in(pictures[change.cluster], resource, change.obj, is_gone=change.is_gone)


def entries(pictures: Pictures, switches: Switches) -> dict[tuple[str, ServiceKey], dict[Any, JSON]]:
    """What must exist, by cluster and service; services that nobody has are asked about too."""
    keys = [ServiceKey("bookinfo", name) for name in ("reviews", "ratings", "waypoint")]
    return {(name, key): entries_of(View(name, pictures, switches), key) for name in CLUSTERS for key in keys}


def by_cluster(pictures: Pictures, switches: Switches) -> dict[str, list[JSON]]:
    found: dict[str, dict[Any, JSON]] = {name: {} for name in CLUSTERS}
    for (name, _), objects in entries(pictures, switches).items():
        found[name] |= objects
    return {name: [objects[key] for key in sorted(objects)] for name, objects in found.items()}


@settings(deadline=None)  # a busy machine is no reason to fail
@given(HISTORIES, SETTINGS)
def test_a_history_leads_to_what_its_outcome_says(history: list[Change], answers: list[str]) -> None:
    pictures = {name: ClusterPicture(name) for name in CLUSTERS}
    for change in history:
        apply(pictures, change)
    switches = Switches.parse(answers)
    assert by_cluster(pictures, switches) == translate(outcome(history), switches)


@settings(deadline=None)  # a busy machine is no reason to fail
@given(HISTORIES, st.randoms(use_true_random=False))
def test_the_order_of_objects_does_not_matter(history: list[Change], chance: random.Random) -> None:
    objects = outcome(history)
    shuffled = {name: chance.sample(found, len(found)) for name, found in objects.items()}
    assert translate(shuffled) == translate(objects)


@settings(deadline=None)  # a busy machine is no reason to fail
@given(HISTORIES, SETTINGS)
def test_a_change_touches_every_service_whose_entries_change(history: list[Change], answers: list[str]) -> None:
    pictures, switches = {name: ClusterPicture(name) for name in CLUSTERS}, Switches.parse(answers)
    before = entries(pictures, switches)
    for change in history:
        touched = apply(pictures, change)
        after = entries(pictures, switches)
        changed = {key for (name, key), objects in after.items() if objects != before[name, key]}
        assert touched.everything or changed <= touched.keys
        before = after


@settings(deadline=None)  # a busy machine is no reason to fail
@given(HISTORIES)
def test_a_frozen_picture_does_not_follow(history: list[Change]) -> None:
    pictures = {name: ClusterPicture(name) for name in CLUSTERS}
    middle = len(history) // 2
    for change in history[:middle]:
        apply(pictures, change)
    frozen = {name: picture.frozen() for name, picture in pictures.items()}
    then = entries(pictures, Switches())
    for change in history[middle:]:
        apply(pictures, change)
    assert entries(frozen, Switches()) == then


@settings(deadline=None)  # a busy machine is no reason to fail
@given(HISTORIES)
def test_telling_the_same_twice_touches_nothing(history: list[Change]) -> None:
    pictures = {name: ClusterPicture(name) for name in CLUSTERS}
    for change in history:
        apply(pictures, change)
        assert apply(pictures, change) == Touched()


@settings(deadline=None)  # a busy machine is no reason to fail
@given(HISTORIES, SETTINGS)
def test_a_view_holds_until_a_change_touches_everything(history: list[Change], answers: list[str]) -> None:
    pictures, switches = {name: ClusterPicture(name) for name in CLUSTERS}, Switches.parse(answers)
    views = {name: View(name, pictures, switches) for name in CLUSTERS}
    for change in history:
        if apply(pictures, change).everything:
            views = {name: View(name, pictures, switches) for name in CLUSTERS}
        for name, view in views.items():
            fresh = View(name, pictures, switches)
            assert (view.home, view.peers) == (fresh.home, fresh.peers)
