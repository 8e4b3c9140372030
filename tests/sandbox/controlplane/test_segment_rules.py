"""Segments, domains, visibility and names: R6 to R10, R19."""

from __future__ import annotations

import pytest
from mesh_objects import GLOBAL, JSON, SEGMENT, TAKEOVER, cluster, entries, hosts, members, segment, service

BOTH = (segment("acme", "mesh.acme"), segment("beta", "mesh.beta"))
HOME, ACME, BETA = (f"reviews.bookinfo.mesh.{each}" for each in ("internal", "acme", "beta"))


def mesh(
    west: str | None,
    east: str | None,
    *,
    known: tuple[JSON, ...] = BOTH,
    scope: dict[str, str] = GLOBAL,
    east_scope: dict[str, str] | None = None,
) -> dict[str, list[JSON]]:
    """Two linked clusters, each in a segment (or none), that both publish reviews."""
    return {
        "west": cluster("west", "east", *known, service(labels=scope), segment=west),
        "east": cluster("east", "west", *known, service(labels=east_scope or scope), segment=east),
    }


def test_a_segments_domain_makes_the_host() -> None:
    """R6"""
    assert hosts(mesh(None, None), "west") == [HOME]
    assert hosts(mesh("acme", "acme"), "west") == [ACME]


def test_joining_a_segment_replaces_the_clusters_own_hosts() -> None:
    """R9"""
    assert hosts(mesh("acme", None), "west") == [ACME, HOME]
    assert entries(mesh("acme", None), "west")["autogen.bookinfo.reviews"]["spec"]["workloadSelector"] == {
        "labels": {
            "solo.io/parent-service": "reviews",
            "solo.io/parent-service-namespace": "bookinfo",
            "admin.solo.io/segment": "default",
        }
    }
    alone = {"west": cluster("west", "", *BOTH, service(labels=GLOBAL), segment="acme")}
    assert hosts(alone, "west") == [ACME]


def test_global_reaches_other_segments_under_the_owners_domain() -> None:
    """R10"""
    assert hosts(mesh("acme", "beta"), "west") == [ACME, BETA]
    assert hosts(mesh("acme", "beta"), "east") == [ACME, BETA]
    assert hosts(mesh("acme", "beta"), "west", "across-segments=hidden") == [ACME]


def test_segment_scope_stays_inside() -> None:
    """R10"""
    assert hosts(mesh("acme", "beta", scope=SEGMENT), "west") == [ACME]
    assert hosts(mesh("acme", "acme", scope=SEGMENT), "west") == [ACME]
    assert hosts(mesh(None, None, scope=SEGMENT), "west") == [HOME]
    assert hosts(mesh(None, "beta", scope=SEGMENT), "west") == [HOME]


def test_each_clusters_own_label_decides_how_far_its_part_goes() -> None:
    """R10"""
    mixed = mesh("acme", "beta", scope=SEGMENT, east_scope=GLOBAL)
    assert hosts(mixed, "west") == [ACME, BETA]
    assert hosts(mixed, "east") == [BETA]


@pytest.mark.parametrize("known", [(), (segment("beta", "mesh.beta"),)])
def test_a_segment_that_does_not_exist_publishes_nothing_by_default(known: tuple[JSON, ...]) -> None:
    """R7"""
    lost = mesh("acme", None, known=known)
    assert hosts(lost, "west") == [HOME]
    assert list(members(lost, "west")) == ["autogen.east.bookinfo.reviews"]
    assert members(lost, "east") == {}
    assert hosts(lost, "west", "unknown-segment=default") == [HOME]
    assert list(members(lost, "east", "unknown-segment=default")) == ["autogen.west.bookinfo.reviews"]


def test_a_peers_segment_must_be_known_here() -> None:
    """R10: every Segment belongs in every cluster"""
    partly = mesh("acme", "beta")
    partly["west"] = cluster("west", "east", segment("acme", "mesh.acme"), service(labels=GLOBAL), segment="acme")
    assert hosts(partly, "west") == [ACME]
    assert hosts(partly, "east") == [ACME, BETA]
    assert hosts(partly, "west", "peer-segment=borrowed") == [ACME, BETA]


def test_an_entry_outside_the_default_segment_has_the_segment_in_its_name() -> None:
    """R8"""
    assert list(entries(mesh(None, None), "west")) == ["autogen.bookinfo.reviews"]
    assert list(entries(mesh("acme", "beta"), "west")) == [
        "autogen.acme.bookinfo.reviews",
        "autogen.beta.bookinfo.reviews",
    ]


def test_the_short_form_belongs_to_the_clusters_own_segment() -> None:
    """R8"""
    assert list(entries(mesh("acme", "beta"), "west", "entry-names=short")) == [
        "autogen.beta.bookinfo.reviews",
        "autogen.bookinfo.reviews",
    ]
    short = entries(mesh("acme", None), "west", "entry-names=short")
    assert {name: entry["spec"]["hosts"] for name, entry in short.items()} == {
        "autogen.bookinfo.reviews": [ACME],
        "autogen.default.bookinfo.reviews": [HOME],
    }


def test_a_peers_workload_entry_is_named_by_its_cluster_in_any_segment() -> None:
    """R19"""
    assert list(members(mesh("acme", "acme"), "west")) == ["autogen.east.bookinfo.reviews"]
    assert list(members(mesh("acme", "beta"), "west", "peer-entry-names=segment")) == [
        "autogen.beta.east.bookinfo.reviews"
    ]
    assert list(members(mesh(None, None), "west", "peer-entry-names=segment")) == ["autogen.east.bookinfo.reviews"]


def test_members_of_two_segments_do_not_mix() -> None:
    """R10: each host is served by its own segment's clusters alone"""
    apart = mesh("acme", "beta")
    found = entries(apart, "west")
    own = found["autogen.acme.bookinfo.reviews"]["spec"]["workloadSelector"]["labels"]
    other = found["autogen.beta.bookinfo.reviews"]["spec"]["workloadSelector"]["labels"]
    joined = members(apart, "west")["autogen.east.bookinfo.reviews"]["spec"]["labels"]
    assert joined == other
    assert not own.items() <= joined.items()


def test_takeover_works_inside_the_local_segment_only() -> None:
    """R25"""
    apart = mesh("acme", "beta", scope=GLOBAL | TAKEOVER)
    apart["west"] = cluster("west", "east", *BOTH, segment="acme")
    assert hosts(apart, "west") == [BETA]
    together = mesh("beta", "beta", scope=GLOBAL | TAKEOVER)
    together["west"] = cluster("west", "east", *BOTH, segment="beta")
    assert hosts(together, "west") == [BETA, "reviews.bookinfo.svc.cluster.local"]
