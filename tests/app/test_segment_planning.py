"""Plans of segments: what is touched, by object and field, and what is to be written instead."""

from __future__ import annotations

from typing import Any

import pytest
from mesh_cases import fleet_of
from segment_objects import cluster, system

from meshglobal.app.picture import MeshSettings
from meshglobal.app.segment_listing import list_segments
from meshglobal.app.segment_planning import plan_change
from meshglobal.domain.errors import NotFoundError, UsageError
from meshglobal.domain.expectation import Visibility
from meshglobal.domain.segment_fixes import fixes_of
from meshglobal.domain.segment_intent import Action, SegmentIntent
from meshglobal.domain.segment_plan import SegmentPlan
from meshglobal.domain.segment_references import Effect

OLD, NEW = "reviews.bookinfo.mesh.internal", "reviews.bookinfo.mesh.acme"
ENTRY, NEW_ENTRY = "autogen.bookinfo.reviews", "autogen.acme.bookinfo.reviews"
JOIN_ALL = SegmentIntent(Action.ASSIGN, ("c1", "c2"), "acme")


def plan(clusters: dict[str, Any], intent: SegmentIntent, mesh: MeshSettings | None = None) -> SegmentPlan:
    return plan_change(fleet_of(clusters), mesh or MeshSettings(), intent).plan


def test_every_reference_to_a_host_or_an_entry_that_goes_is_named_with_its_new_text() -> None:
    found = plan({"c1": cluster(references=True), "c2": cluster()}, JOIN_ALL)
    assert {(one.kind, one.name, one.field, one.value, one.instead) for one in found.references} == {
        ("HTTPRoute", "front", "spec.rules[0].backendRefs[0].name", OLD, NEW),
        ("HTTPRoute", "front", "spec.rules[0].filters[0].requestMirror.backendRef.name", OLD, NEW),
        ("AuthorizationPolicy", "allow", "spec.rules[0].to[0].operation.hosts[1]", OLD, NEW),
        ("HTTPRoute", "inside", "spec.parentRefs[0].name", ENTRY, NEW_ENTRY),
        ("DestinationRule", "balance", "spec.host", "Reviews.bookinfo.mesh.internal", NEW),
        ("AuthorizationPolicy", "allow", "spec.targetRefs[0].name", ENTRY, NEW_ENTRY),
        ("VirtualService", "split", "spec.hosts[0]", OLD, NEW),
        ("VirtualService", "split", "spec.http[0].route[0].destination.host", OLD, NEW),
        ("ServiceEntry", "by-hand", "spec.hosts[0]", OLD, NEW),
    }
    assert {(one.context, one.effect) for one in found.references} == {("c1", Effect.BREAKS)}
    assert {one.kind for one in found.references if "R8" in one.doubt} == {"HTTPRoute", "AuthorizationPolicy"}
    assert found.exit_code == 1


def test_a_fix_is_one_guarded_patch_for_an_object() -> None:
    fixes = fixes_of(plan({"c1": cluster(references=True), "c2": cluster()}, JOIN_ALL).references)
    split = next(one for one in fixes if one.name == "split")
    assert len(fixes) == 6
    assert split.path == "c1/virtualservice.bookinfo.split.yaml"
    paths = ["/spec/hosts/0", "/spec/http/0/route/0/destination/host"]
    assert split.operations == tuple(
        {"op": op, "path": path, "value": value} for path in paths for op, value in (("test", OLD), ("replace", NEW))
    )


def test_a_host_that_stays_is_answered_by_others() -> None:
    found = plan({"c1": cluster(references=True), "c2": cluster()}, SegmentIntent(Action.ASSIGN, ("c1",), "acme"))
    assert not found.vanishes
    assert {one.effect for one in found.references} == {Effect.OTHERS_ANSWER}
    assert {one.instead for one in found.references} == {NEW, NEW_ENTRY}  # where the own endpoints are then
    assert {(one.context, one.host, one.before, one.after) for one in found.callers} == {
        ("c1", OLD, ("c1", "c2"), ("c2",)),
        ("c2", OLD, ("c1", "c2"), ("c2",)),
    }
    assert (fixes_of(found.references), found.exit_code) == ((), 0)
    assert [note.rule for note in found.notes] == ["R10"]


def test_in_the_other_reading_the_other_segment_loses_the_service() -> None:
    mesh = MeshSettings(visibility=Visibility.SEGMENT)
    found = plan({"c1": cluster(references=True), "c2": cluster()}, SegmentIntent(Action.ASSIGN, ("c1",), "acme"), mesh)
    assert [(one.context, one.host) for one in found.vanishes] == [("c1", OLD)]
    assert {one.effect for one in found.references} == {Effect.BREAKS}
    assert "--segment-visibility mesh" in found.notes[0].message


def test_where_the_service_has_no_host_any_more_there_is_nothing_to_write() -> None:
    mesh = MeshSettings(visibility=Visibility.SEGMENT)
    here = [one for one in cluster(references=True) if one["kind"] != "Service"]
    found = plan({"c1": here, "c2": cluster()}, SegmentIntent(Action.ASSIGN, ("c2",), "acme"), mesh)
    assert {(one.effect, one.instead) for one in found.references} == {(Effect.BREAKS, None)}
    assert fixes_of(found.references) == ()


def test_another_domain_breaks_the_names_of_hosts_and_not_those_of_entries() -> None:
    clusters = {"c1": cluster("acme", references=True), "c2": cluster("acme")}
    route = next(one for one in clusters["c1"] if one["metadata"]["name"] == "front")
    route["spec"]["rules"][0]["backendRefs"][0]["name"] = NEW
    inside = next(one for one in clusters["c1"] if one["metadata"]["name"] == "inside")
    inside["spec"]["parentRefs"][0]["name"] = NEW_ENTRY
    found = plan(clusters, SegmentIntent(Action.RENAME_DOMAIN, ("c1", "c2"), "acme", "b.c"))
    assert [(one.name, one.instead) for one in found.references] == [("front", "reviews.bookinfo.b.c")]


def test_aliases_come_and_go_with_the_segment() -> None:
    found = plan({"c1": cluster(), "c2": cluster()}, JOIN_ALL)
    assert {one.host for one in found.appears if one.alias} == {"reviews.acme", "blue.reviews.bookinfo.acme"}
    clusters = {"c1": cluster("acme", references=True), "c2": cluster("acme")}
    rule = next(one for one in clusters["c1"] if one["kind"] == "DestinationRule")
    rule["spec"]["host"] = "reviews.acme"
    found = plan(clusters, SegmentIntent(Action.UNASSIGN, ("c1", "c2")))
    assert [(one.name, one.instead) for one in found.broken] == [("balance", OLD)]


def test_what_could_not_be_read_is_unknown() -> None:
    clusters = {"c1": cluster(), "c2": {"objects": cluster(), "forbidden": ["Service"]}}
    found = plan(clusters, JOIN_ALL)
    assert (found.exit_code, list(found.unread)) == (3, ["c2"])
    routes = {"c1": {"objects": cluster(), "forbidden": ["HTTPRoute"]}, "c2": cluster()}
    assert plan(routes, JOIN_ALL).exit_code == 3


@pytest.mark.parametrize(
    ("intent", "error", "says"),
    [
        (
            SegmentIntent(Action.ASSIGN, ("c1",), "none-such"),
            NotFoundError,
            '"none-such" not found in istio-system of c1',
        ),
        (SegmentIntent(Action.ASSIGN, ("c3",), "acme"), NotFoundError, 'namespaces "istio-system" not found in c3'),
        (SegmentIntent(Action.RENAME_DOMAIN, ("c1",), "none-such", "b.c"), NotFoundError, "not found"),
        (SegmentIntent(Action.ASSIGN, ("c1",), "A b"), UsageError, "'A b' cannot be the name of a Segment"),
        (SegmentIntent(Action.CREATE, ("c1",), "acme", "Not A Domain"), UsageError, "is no domain"),
        (SegmentIntent(Action.CREATE, ("c1",), "acme", "svc.cluster.local"), UsageError, "belongs to every cluster"),
    ],
)
def test_what_cannot_be_is_refused(intent: SegmentIntent, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        plan({"c1": cluster(), "c3": [one for one in cluster() if one["kind"] != "Namespace"]}, intent)


def test_the_list_says_who_is_where_and_what_differs() -> None:
    other = cluster()
    other[2]["spec"]["domain"] = "mesh.other"
    lacking = [system(), *cluster()[1:2], *cluster()[3:]]
    found = list_segments(fleet_of({"c1": cluster("acme"), "c2": other, "c3": lacking}), MeshSettings())
    default, acme = found.segments
    assert (default.name, default.domain, default.clusters, default.services) == (
        None,
        "mesh.internal",
        ("c2", "c3"),
        1,
    )
    assert (acme.name, acme.domain, acme.clusters, acme.services) == ("acme", None, ("c1",), 1)
    assert acme.differences == ("missing in c3", "domain mesh.acme in c1; mesh.other in c2")
    assert [(one.host, one.contexts) for one in acme.aliases] == [
        ("blue.reviews.bookinfo.acme", ("c1",)),
        ("reviews.acme", ("c1",)),
    ]


def test_a_list_of_what_was_not_read_claims_nothing() -> None:
    unread = {"objects": cluster("acme"), "forbidden": ["Segment", "Namespace"]}
    found = list_segments(fleet_of({"c1": cluster("acme"), "c2": unread}), MeshSettings())
    (acme,) = found.segments
    assert (found.exit_code, found.unplaced) == (3, ("c2",))
    assert acme.differences == ("unknown in c2",)


def test_of_a_cluster_out_of_reach_nothing_is_foretold() -> None:
    found = plan({"c1": cluster(), "c2": {"unreachable": True}}, JOIN_ALL)
    assert {one.context for one in (*found.vanishes, *found.appears)} == {"c1"}
    assert (found.exit_code, list(found.unread)) == (3, ["c2"])


def test_what_would_be_wrong_with_the_segments_is_told() -> None:
    twice = SegmentIntent(Action.CREATE, ("c1",), "beta", "mesh.acme")
    found = plan({"c1": cluster(), "c2": cluster()}, twice)
    assert ([one.code for one in found.findings], found.exit_code) == (["MG404"], 1)
    nested = SegmentIntent(Action.CREATE, ("c1",), "beta", "b.mesh.acme")
    found = plan({"c1": cluster(), "c2": cluster()}, nested)
    assert ([one.code for one in found.findings], found.exit_code) == (["MG405"], 0)
    fine = SegmentIntent(Action.CREATE, ("c1", "c2"), "beta", "mesh.beta")
    assert plan({"c1": cluster(), "c2": cluster()}, fine).findings == ()
