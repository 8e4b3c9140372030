"""Segments on real API servers: what a plan foretells comes true, and its patches mend what it breaks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from ran import Meshglobal, Ran
from served_mesh import ServedMesh, environment

from meshglobal.cli.main import build
from meshglobal.cli.table import GROUPS

KUBECTL = str(Path(sys.executable).parent / "kubectl")
OLD, NEW = "productpage.bookinfo.mesh.internal", "productpage.bookinfo.mesh.acme"
ALL = ("--all-contexts",)
MANIFESTS = f"""
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: front, namespace: bookinfo}}
spec:
  parentRefs: [{{name: ingress}}]
  rules:
  - backendRefs: [{{group: networking.istio.io, kind: Hostname, name: {OLD}, port: 9080}}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: balance, namespace: bookinfo}}
spec: {{host: {OLD}}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: allow, namespace: bookinfo}}
spec:
  targetRefs: [{{group: networking.istio.io, kind: ServiceEntry, name: autogen.bookinfo.productpage}}]
"""


def kubectl(mesh: ServedMesh, *words: str, given: str = "") -> str:
    done = subprocess.run(
        [KUBECTL, *words], env=environment(mesh.kubeconfig), input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def hosts(mesh: ServedMesh, context: str) -> set[str]:
    entries = json.loads(kubectl(mesh, "--context", context, "get", "serviceentries", "-A", "-o", "json"))["items"]
    return {host for entry in entries for host in entry["spec"]["hosts"]}


def foretold(ran: Ran, what: str) -> set[tuple[str, str]]:
    return {(one["context"], one["host"]) for one in ran.document[what]}


@pytest.fixture
def exposed(mesh: ServedMesh, meshglobal: Meshglobal) -> ServedMesh:
    """productpage is global everywhere, and cluster1 names its host and its entry."""
    assert meshglobal("expose", "svc", "productpage", "-n", "bookinfo", *ALL).code == 0
    kubectl(mesh, "--context", "cluster1", "apply", "-f", "-", given=MANIFESTS)
    return mesh


def test_a_plan_comes_true_and_its_patches_mend_what_it_breaks(
    exposed: ServedMesh, meshglobal: Meshglobal, tmp_path: Path
) -> None:
    made = meshglobal("segment", "create", "acme", "--domain", "mesh.acme", *ALL)
    assert (made.code, made.out.count("segment.admin.solo.io/acme created")) == (0, 3), made.err
    folder = tmp_path / "fixes"
    plan = meshglobal("segment", "plan", "assign", "acme", *ALL, "--write-fixes", str(folder), "-o", "json")
    assert plan.code == 1
    assert foretold(plan, "vanishes") == {(context, OLD) for context in exposed.clusters}
    assert foretold(plan, "appears") == {(context, NEW) for context in exposed.clusters}

    refused = meshglobal("segment", "assign", "acme", *ALL)
    assert (refused.code, refused.out) == (2, "")
    assert "references that break: 3" in refused.err

    joined = meshglobal("segment", "assign", "acme", *ALL, "-y")
    assert (joined.code, joined.out.count("namespace/istio-system labeled")) == (0, 3), joined.err
    assert {context: hosts(exposed, context) for context in exposed.clusters} == {
        context: {NEW} for context in exposed.clusters
    }

    broken = {one["code"] for one in meshglobal("check", *ALL, "-o", "json").document["findings"]}
    assert {"MG411", "MG430", "MG432"} <= broken
    for path in sorted(folder.rglob("*.yaml")):
        kind, namespace, name, _ = path.name.split(".")
        where = ("--context", path.parent.name, "-n", namespace)
        kubectl(exposed, *where, "patch", kind, name, "--type=json", "--patch-file", str(path))
    after = meshglobal("check", *ALL, "-o", "json")
    assert (after.code, after.document["findings"]) == (0, [])


def test_a_segment_is_deleted_when_nobody_is_in_it(exposed: ServedMesh, meshglobal: Meshglobal) -> None:
    assert meshglobal("segment", "create", "acme", "--domain", "mesh.acme", *ALL).code == 0
    two = ("--context", "cluster1,cluster2", "--peers", "cluster3")
    assert meshglobal("segment", "assign", "acme", *two, "-y").code == 0
    assert hosts(exposed, "cluster3") == {OLD, NEW}
    listed = meshglobal("segment", "list", *ALL)
    assert [line.split() for line in listed.out.splitlines()[1:]] == [
        ["(default)", "mesh.internal", "cluster3", "1", "-"],
        ["acme", "mesh.acme", "cluster1,", "cluster2", "1", "-"],
    ]
    refused = meshglobal("segment", "delete", "acme", *ALL)
    assert (refused.code, refused.err.splitlines()[0]) == (
        2,
        "error: Segment acme is in use: cluster1, cluster2 are in it",
    )
    # A cluster that is only looked at counts as well.
    assert meshglobal("segment", "delete", "acme", "--context", "cluster3", "--peers", "cluster*").code == 2
    assert meshglobal("segment", "unassign", *two, "-y").code == 0
    assert hosts(exposed, "cluster3") == {OLD}
    deleted = meshglobal("segment", "delete", "acme", *ALL)
    assert (deleted.code, deleted.out.count("segment.admin.solo.io/acme deleted")) == (0, 3)
    assert meshglobal("segment", "list", *ALL, "-o", "name").out == ""


def test_a_dry_run_writes_nothing(exposed: ServedMesh, meshglobal: Meshglobal) -> None:
    create = ("segment", "create", "acme", "--domain", "mesh.acme", *ALL)
    for kind in ("client", "server"):
        assert meshglobal(*create, "--dry-run", kind).out.count("created (") == 3
    assert kubectl(exposed, "--context", "cluster1", "get", "segments", "-A").strip() == ""
    assert meshglobal(*create).code == 0
    for kind in ("client", "server"):
        assert meshglobal("segment", "assign", "acme", *ALL, "--dry-run", kind).out.count("labeled (") == 3
    assert hosts(exposed, "cluster1") == {OLD}


def test_what_others_wrote_is_replaced_only_when_told(exposed: ServedMesh, meshglobal: Meshglobal) -> None:
    for name in ("acme", "beta"):
        assert meshglobal("segment", "create", name, "--domain", f"mesh.{name}", *ALL).code == 0
    other = meshglobal("segment", "create", "acme", "--domain", "mesh.other", *ALL)
    assert (other.code, "has another domain" in other.err) == (4, True)
    assert meshglobal("segment", "create", "acme", "--domain", "mesh.other", *ALL, "--overwrite").code == 0
    assert meshglobal("segment", "assign", "acme", *ALL, "-y").code == 0
    moved = meshglobal("segment", "assign", "beta", *ALL, "-y")
    assert (moved.code, "already has a value (acme)" in moved.err) == (4, True)
    assert meshglobal("segment", "assign", "beta", *ALL, "-y", "--overwrite").code == 0
    assert hosts(exposed, "cluster2") == {"productpage.bookinfo.mesh.beta"}


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("plan", "assign", "acme"),
        ("create", "beta", "--domain", "mesh.beta"),
        ("assign", "acme", "-y"),
        ("unassign", "-y"),
        ("delete", "acme"),
    ],
    ids=lambda words: words[0],
)
def test_the_rights_that_rbac_prints_are_enough(
    mesh: ServedMesh, meshglobal: Meshglobal, words: tuple[str, ...]
) -> None:
    here = ("--context", "cluster1")
    assert meshglobal("expose", "svc", "productpage", "-n", "bookinfo", *here).code == 0
    assert meshglobal("segment", "create", "acme", "--domain", "mesh.acme", *here).code == 0
    user = ("--kubeconfig", str(mesh.users_kubeconfig("nobody")), "--context", "cluster1-nobody", "-o", "json")
    assert meshglobal("segment", *words, *user).code == 3
    printed = meshglobal("rbac", f"segment-{words[0]}", "--subject", "user:nobody").out
    kubectl(mesh, *here, "apply", "-f", "-", given=printed)
    ran = meshglobal("segment", *words, *user)
    assert ran.code == (1 if ran.document["kind"] == "SegmentPlan" and ran.document["references"] else 0), ran.err


@pytest.mark.usefixtures("exposed")
def test_the_reading_of_how_far_global_reaches_is_said_and_can_be_set(meshglobal: Meshglobal, tmp_path: Path) -> None:
    assert meshglobal("segment", "create", "acme", "--domain", "mesh.acme", *ALL).code == 0
    one = ("segment", "plan", "assign", "acme", "--context", "cluster1", "--peers", "cluster*", "-o", "json")
    assert foretold(meshglobal(*one), "vanishes") == set()
    other = meshglobal(*one, "--segment-visibility", "segment")
    assert foretold(other, "vanishes") == {("cluster1", OLD)}
    assert "documented in two ways; here they are taken not to be" in other.err
    config = tmp_path / "config" / "meshglobal" / "config.yaml"
    config.parent.mkdir(parents=True)
    config.write_text(yaml.safe_dump({"segment-visibility": "segment"}), encoding="utf-8")
    assert foretold(meshglobal(*one), "vanishes") == {("cluster1", OLD)}


def test_the_config_file_reaches_every_sub_command_of_segment() -> None:
    root: Any = typer.main.get_command(build())
    group = root.get_command(typer.Context(root), "segment")
    assert set(group.commands) == set(GROUPS["segment"])
    assert set(group.commands["plan"].commands) == set(GROUPS["segment plan"])


def test_aliases_are_shown_with_the_service_and_with_the_segment(exposed: ServedMesh, meshglobal: Meshglobal) -> None:
    spec = {"domain": "mesh.acme", "aliases": [{"pattern": "{service}.acme"}, {"pattern": "{labels['team']}.acme"}]}
    meta = {"name": "acme", "namespace": "istio-system"}
    segment = {"apiVersion": "admin.solo.io/v1alpha1", "kind": "Segment", "metadata": meta, "spec": spec}
    for context in exposed.clusters:
        kubectl(exposed, "--context", context, "apply", "-f", "-", given=json.dumps(segment))
    plan = meshglobal("segment", "plan", "assign", "acme", *ALL)
    assert "productpage.acme (alias)" in plan.out
    assert meshglobal("segment", "assign", "acme", *ALL, "-y").code == 0
    described = meshglobal("describe", "svc", "productpage", "-n", "bookinfo", *ALL)
    assert f"Hosts:      {NEW}\nAliases:    productpage.acme\n" in described.out
    (service,) = meshglobal("list", "-n", "bookinfo", *ALL, "-o", "json").document["services"]
    assert service["aliases"] == ["productpage.acme"]
    listed = meshglobal("segment", "list", "-o", "wide", *ALL).out.splitlines()
    assert listed[-1].split() == [
        "acme",
        "productpage.acme",
        "bookinfo/productpage",
        "cluster1,",
        "cluster2,",
        "cluster3",
    ]


def test_a_plan_can_be_made_from_files(meshglobal: Meshglobal, tmp_path: Path) -> None:
    segment = {"metadata": {"name": "acme", "namespace": "istio-system"}, "spec": {"domain": "mesh.acme"}}
    labels = {"solo.io/service-scope": "global"}
    service = {"metadata": {"name": "web", "namespace": "shop", "labels": labels}, "spec": {"ports": [{"port": 80}]}}
    documents = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "istio-system"}},
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}},
        {"apiVersion": "admin.solo.io/v1alpha1", "kind": "Segment", **segment},
        {"apiVersion": "v1", "kind": "Service", **service},
    ]
    for context in ("east", "west"):
        (tmp_path / "all" / context).mkdir(parents=True)
        (tmp_path / "all" / context / "all.yaml").write_text(yaml.safe_dump_all(documents), encoding="utf-8")
    # Those that --context does not name are looked at all the same.
    files = ("--from", str(tmp_path / "all"), "-o", "json")
    one = meshglobal("segment", "plan", "assign", "acme", *files, "--context", "east")
    assert foretold(one, "appears") == {("east", "web.shop.mesh.acme"), ("west", "web.shop.mesh.acme")}
    both = meshglobal("segment", "plan", "assign", "acme", *files)
    assert foretold(both, "vanishes") == {("east", "web.shop.mesh.internal"), ("west", "web.shop.mesh.internal")}
    nowhere = meshglobal("segment", "plan", "assign", "acme", *files, "--context", "north")
    assert (nowhere.code, nowhere.document["error"]["message"]) == (
        2,
        'context "north" (from --context) is not in --from',
    )
