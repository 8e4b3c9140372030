"""What is predicted of a drill, what it changes, and what speaks against it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from memory_fleet import MemoryFleet
from mesh_cases import record_of

from meshglobal.app.drill_planning import drill_queries
from meshglobal.app.picture import MeshSettings, picture_of
from meshglobal.domain import kinds
from meshglobal.domain.drill import CLAIM, Mode
from meshglobal.domain.drill_objects import AUTOSCALER, SCALED_OBJECT, Scaler, ScalerSpec, ScaleTarget
from meshglobal.domain.drill_plan import Leave, claims_on, notes_of, refusals_of, taking_of
from meshglobal.domain.drill_prediction import Ending, Prediction, predict
from meshglobal.domain.drill_report import Reason
from meshglobal.domain.kinds import Kind
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Meta, Object
from meshglobal.domain.view import ClusterView

KEY = ServiceKey("shop", "web")
SELECTOR = {"app": "web"}


def meta(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "namespace": "shop", "uid": f"uid-{name}", **more}


def slice_of(ready: int) -> dict[str, Any]:
    endpoints = [{"addresses": ["10.0.0.9"], "conditions": {"ready": False}}]
    endpoints += [{"addresses": [f"10.0.0.{place}"], "conditions": {"ready": True}} for place in range(ready)]
    labels = {"kubernetes.io/service-name": "web"}
    return {"kind": "EndpointSlice", "metadata": meta("web-1", labels=labels), "endpoints": endpoints}


def deployment(name: str = "web-v1", replicas: int | None = 2, **more: Any) -> dict[str, Any]:
    template = {"metadata": {"labels": {**SELECTOR, "version": name}}}
    return {"kind": "Deployment", "metadata": meta(name, **more), "spec": {"replicas": replicas, "template": template}}


def remote(network: str, connected: str = "True") -> dict[str, Any]:
    kinds_of = ("gloo.solo.io/PeerConnected", "gloo.solo.io/PeeringSucceeded")
    return {
        "kind": "Gateway",
        "metadata": {"name": f"to-{network}", "namespace": "ew", "labels": {"topology.istio.io/network": network}},
        "spec": {"gatewayClassName": "istio-remote"},
        "status": {"conditions": [{"type": kind, "status": connected} for kind in kinds_of]},
    }


def cluster(
    network: str,
    ready: int,
    *,
    mode: str | None = None,
    scope: str | None = "global",
    links: tuple[dict[str, Any], ...] = (),
    more: tuple[dict[str, Any], ...] = (),
) -> list[Object]:
    labels = {"solo.io/service-scope": scope} if scope else {}
    annotations = {"networking.istio.io/traffic-distribution": mode} if mode else {}
    bodies: list[dict[str, Any]] = [
        {"kind": "Namespace", "metadata": {"name": "istio-system", "labels": {"topology.istio.io/network": network}}},
        {"kind": "Namespace", "metadata": {"name": "shop"}},
        {
            "kind": "Service",
            "metadata": meta("web", labels=labels, annotations=annotations),
            "spec": {"selector": SELECTOR, "ports": [{"port": 80, "name": "http"}]},
        },
        slice_of(ready),
        *links,
        *more,
    ]
    return [record_of(body) for body in bodies]


def views_of(clusters: dict[str, list[Object]], forbidden: dict[str, list[Kind]] | None = None) -> list[ClusterView]:
    mesh = MeshSettings()
    fleet = MemoryFleet(clusters, forbidden=forbidden or {})
    return list(picture_of(fleet.read(drill_queries(mesh, "shop")), mesh).views)


def predicted(clusters: dict[str, list[Object]], drilled: str = "c1", caller: str = "c1") -> Prediction:
    return predict(views_of(clusters), KEY, drilled, caller)


def test_with_prefer_network_the_own_cluster_answers_and_the_linked_one_takes_over() -> None:
    found = predicted({"c1": cluster("n1", 1, links=(remote("n2"),)), "c2": cluster("n2", 1)})
    assert (found.ending, found.mode, found.before, found.during) == (
        Ending.FAILOVER,
        "PreferNetwork",
        ("c1",),
        ("c2",),
    )


def test_with_any_both_answer_before() -> None:
    found = predicted({"c1": cluster("n1", 1, mode="any", links=(remote("n2"),)), "c2": cluster("n2", 1)})
    assert (found.mode, found.before, found.during) == ("Any", ("c1", "c2"), ("c2",))


def test_on_a_flat_network_the_neighbour_is_as_near() -> None:
    found = predicted({"c1": cluster("n1", 1, links=(remote("n1"),)), "c2": cluster("n1", 1)})
    assert found.before == ("c1", "c2")


def test_a_caller_elsewhere_does_not_notice() -> None:
    clusters = {"c1": cluster("n1", 1), "c2": cluster("n2", 1, links=(remote("n1"),))}
    assert predicted(clusters, caller="c2").ending is Ending.UNAFFECTED


@pytest.mark.parametrize(
    ("other", "links", "why"),
    [
        (cluster("n2", 0), (remote("n2"),), "c2: it has no ready endpoint"),
        (cluster("n2", 1, scope=None), (remote("n2"),), "c2: it does not publish the service"),
        (cluster("n2", 1), (remote("n2", "False"),), "c2: c1 is not connected with it"),
        (cluster("n2", 1), (), "c2: c1 has no link to it"),
    ],
    ids=["no endpoint", "not published", "disconnected", "not linked"],
)
def test_nobody_takes_over(other: list[Object], links: tuple[dict[str, Any], ...], why: str) -> None:
    found = predicted({"c1": cluster("n1", 1, links=links), "c2": other})
    assert found.ending is Ending.OUTAGE
    assert why in found.why


@pytest.mark.parametrize("kind", [kinds.ENDPOINT_SLICE, kinds.SERVICE], ids=str)
def test_what_could_not_be_read_is_unknown_and_never_an_outage(kind: Kind) -> None:
    clusters = {"c1": cluster("n1", 1, links=(remote("n2"),)), "c2": cluster("n2", 1)}
    found = predict(views_of(clusters, {"c2": [kind]}), KEY, "c1", "c1")
    assert found.ending is Ending.UNKNOWN


def test_all_deployments_behind_the_service_are_scaled_and_no_others() -> None:
    other = deployment("other") | {"spec": {"replicas": 1, "template": {"metadata": {"labels": {"app": "other"}}}}}
    more = (deployment("web-v1", 3), deployment("web-v2", None), deployment("web-v0", 0), other)
    (view,) = views_of({"c1": cluster("n1", 1, more=more)})
    taking = taking_of(view, KEY, Mode.SCALE)
    assert [(one.name, one.before, one.after) for one in taking.touches] == [("web-v1", "3", "0"), ("web-v2", "1", "0")]


def refusals(
    more: tuple[dict[str, Any], ...] = (),
    leave: Leave | None = None,
    forbidden: dict[str, list[Kind]] | None = None,
) -> list[Reason]:
    clusters = {"c1": cluster("n1", 1, links=(remote("n2"),), more=more), "c2": cluster("n2", 1)}
    views = views_of(clusters, forbidden)
    taking = taking_of(views[0], KEY, Mode.SCALE)
    prediction = predict(views, KEY, "c1", "c1")
    return [one.reason for one in refusals_of(views[0], KEY, Mode.SCALE, taking, prediction, leave or Leave())]


def test_nothing_speaks_against_a_plain_deployment() -> None:
    assert refusals((deployment(),)) == []


@pytest.mark.parametrize("kind", [AUTOSCALER, SCALED_OBJECT], ids=str)
def test_an_autoscaler_owns_the_deployment_that_it_names(kind: Kind) -> None:
    def scaler(name: str) -> Scaler:
        target = ScalerSpec(scale_target_ref=ScaleTarget(kind="Deployment", name=name))
        return Scaler(metadata=Meta(name="s", namespace="shop"), spec=target)

    def found(name: str, leave: Leave | None = None) -> list[Reason]:
        clusters = {"c1": cluster("n1", 1, links=(remote("n2"),), more=(deployment(),)), "c2": cluster("n2", 1)}
        read = MemoryFleet(clusters).read(drill_queries(MeshSettings(), "shop"))
        first = replace(read.clusters[0], objects={**read.clusters[0].objects, kind: (scaler(name),)})
        views = picture_of(replace(read, clusters=(first, *read.clusters[1:])), MeshSettings()).views
        taking, prediction = taking_of(views[0], KEY, Mode.SCALE), predict(views, KEY, "c1", "c1")
        return [one.reason for one in refusals_of(views[0], KEY, Mode.SCALE, taking, prediction, leave or Leave())]

    assert found("web-v1") == [Reason.OWNED]
    assert found("web-v1", Leave(owner=True)) == []
    assert found("another") == []


def test_an_owner_of_the_deployment_is_somebody_else() -> None:
    owners = [{"kind": "Shop", "name": "big", "controller": True}]
    assert refusals((deployment(ownerReferences=owners),)) == [Reason.OWNED]


def test_autoscalers_that_could_not_be_read_may_own_it() -> None:
    forbidden = {"c1": [AUTOSCALER]}
    assert refusals((deployment(),), forbidden=forbidden) == [Reason.UNKNOWN]
    assert refusals((deployment(),), Leave(owner=True), forbidden=forbidden) == []


def test_pods_that_no_deployment_makes_would_go_on_answering() -> None:
    stray = {"kind": "Pod", "metadata": meta("web-stray", labels=SELECTOR), "status": {"phase": "Running"}}
    assert refusals((deployment(), stray)) == [Reason.OTHER_PODS]
    assert refusals((deployment(), stray | {"status": {"phase": "Succeeded"}})) == []


def test_there_must_be_something_to_take_away() -> None:
    assert refusals(()) == [Reason.NOTHING_TO_TAKE]
    assert refusals((deployment(replicas=0),)) == [Reason.NOTHING_TO_TAKE]


def test_the_mark_of_another_drill_counts_in_every_cluster() -> None:
    marked = deployment(annotations={CLAIM: "id=1"})
    views = views_of({"c1": cluster("n1", 1), "c2": cluster("n2", 1, more=(marked,))})
    assert [one.reason for one in claims_on(views, KEY)] == [Reason.OPEN]


def test_another_service_on_the_same_pods_is_told() -> None:
    twin = {"kind": "Service", "metadata": meta("web-too"), "spec": {"selector": SELECTOR}}
    (view,) = views_of({"c1": cluster("n1", 1, more=(deployment(), twin))})
    told = list(notes_of(view, KEY, Mode.SCALE, taking_of(view, KEY, Mode.SCALE)))
    assert told == ["shop/web-too in c1 loses web-v1, too"]
