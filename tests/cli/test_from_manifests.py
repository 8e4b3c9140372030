"""`--from` with manifests, as somebody would use it in a pipeline: no kubeconfig anywhere."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from ran import Meshglobal

GLOBAL = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {solo.io/service-scope: global}}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
"""
MISSPELT = GLOBAL.replace("service-scope", "service-scop")
LENIENT = ("--min-coverage", "0%", "--fail-on", "warning")


@pytest.fixture
def clusters(tmp_path: Path) -> Path:
    for name, text in (("east", GLOBAL), ("west", GLOBAL)):
        (tmp_path / "clusters" / name).mkdir(parents=True)
        (tmp_path / "clusters" / name / "web.yaml").write_text(text)
    return tmp_path / "clusters"


def test_good_manifests_pass_where_entries_need_not_be_known(clusters: Path, meshglobal: Meshglobal) -> None:
    ran = meshglobal("verify", "-A", "--from", str(clusters), *LENIENT, "-q")
    assert ran.code == 0, ran.err
    assert meshglobal("verify", "-A", "--from", str(clusters)).code == 3


def test_a_mistake_in_a_manifest_fails(clusters: Path, meshglobal: Meshglobal) -> None:
    (clusters / "west" / "web.yaml").write_text(MISSPELT)
    ran = meshglobal("verify", "-A", "--from", str(clusters), *LENIENT, "-o", "json")
    assert ran.code == 1
    assert {"MG101", "MG130"} <= {finding["code"] for finding in ran.document["findings"]}
    assert {host["state"] for host in ran.document["hosts"]} == {"Unknown"}


def test_standard_input_is_a_cluster(meshglobal: Meshglobal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(MISSPELT.encode())))
    ran = meshglobal("verify", "-A", "--from", "-", "-o", "json")
    assert [cluster["context"] for cluster in ran.document["clusters"]] == ["stdin"]
    assert "MG130" in {finding["code"] for finding in ran.document["findings"]}


def test_contexts_select_among_the_files(clusters: Path, meshglobal: Meshglobal) -> None:
    ran = meshglobal("verify", "-A", "--from", str(clusters), "--context", "!e*", "-o", "json")
    assert [cluster["context"] for cluster in ran.document["clusters"]] == ["west"]
    ran = meshglobal("verify", "-A", "--from", str(clusters), "--context", "wset")
    assert ran.code == 2
    assert 'context "wset" (from --context) is not in --from' in ran.err
    assert "did you mean west" in ran.err


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--kubeconfig", "x"), "--from and --kubeconfig exclude each other"),
        (("--as", "me"), "--from and --as exclude each other"),
        (("--as-group", "us"), "--from and --as-group exclude each other"),
        (("--wait",), "--wait follows clusters, and --from reads none"),
        (("--watch",), "--watch follows clusters, and --from reads none"),
    ],
)
def test_what_needs_clusters_is_refused(
    clusters: Path, meshglobal: Meshglobal, more: tuple[str, ...], says: str
) -> None:
    ran = meshglobal("verify", "-A", "--from", str(clusters), *more)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


def test_a_label_selector_that_means_nothing_is_refused(clusters: Path, meshglobal: Meshglobal) -> None:
    assert meshglobal("verify", "-n", "shop", "-l", "app!=x", "--from", str(clusters), *LENIENT, "-o", "name").out
    ran = meshglobal("verify", "-n", "shop", "-l", "a=b=c", "--from", str(clusters))
    assert ran.code == 2
    assert "label selector 'a=b=c': cannot be understood at 'a=b=c'" in ran.err


def test_following_links_needs_clusters(clusters: Path, meshglobal: Meshglobal) -> None:
    ran = meshglobal("check", "--from", str(clusters), "--samples", "2", "--interval", "1s")
    assert ran.code == 2
    assert "--from names files, which do not change" in ran.err


def test_what_writes_does_not_take_files(clusters: Path, meshglobal: Meshglobal) -> None:
    ran = meshglobal("expose", "svc", "web", "-n", "shop", "--from", str(clusters))
    assert ran.code == 2
    assert "--from" in ran.err


def test_a_mistake_is_one_sentence_in_every_format(clusters: Path, meshglobal: Meshglobal) -> None:
    (clusters / "west" / "web.yaml").write_text(GLOBAL.replace("port: 80", "port: eighty"))
    ran = meshglobal("verify", "-A", "--from", str(clusters), "-o", "json")
    assert ran.code == 3
    where = f"{clusters}/west/web.yaml:1"
    message = f"{where}: service shop/web: spec.ports[0].port: expected int, got str"
    assert ran.document["error"]["message"] == message
    assert ran.err.splitlines()[0] == f"error: {message}"


def test_verbosity_counts_what_is_passed_over(clusters: Path, meshglobal: Meshglobal) -> None:
    (clusters / "east" / "more.yaml").write_text("apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n")
    ran = meshglobal("verify", "-A", "--from", str(clusters), "-v")
    assert f"east: 1 objects in {clusters}/east; 1 documents of other kinds ignored" in ran.err
