"""`--waivers` and `--baseline` on real API servers: what they let pass is named, and only that passes."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import junitparser
import pytest
from ran import Meshglobal
from served_mesh import ServedMesh

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schema/report.schema.json").read_text())
HERE = ("-n", "bookinfo", "--context", "cluster1,cluster2", "-o", "json")


def broken(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    """The entry of cluster2 is gone and nobody makes it anew."""
    meshglobal("expose", "svc", "productpage", *HERE)
    mesh.stop_control_plane()
    client = mesh.clusters["cluster2"].client
    mesh.call(
        lambda: client().delete("serviceentries.networking.istio.io", "istio-system", "autogen.bookinfo.productpage")
    )


def test_a_waiver_lets_exactly_one_thing_pass(mesh: ServedMesh, meshglobal: Meshglobal, tmp_path: Path) -> None:
    broken(mesh, meshglobal)
    assert meshglobal("verify", *HERE).code == 1
    file = tmp_path / "waivers.yaml"
    entry = "finding: generated-entry-missing, subject: '{} bookinfo/*', reason: moving"
    file.write_text(f"waivers:\n- {{{entry.format('cluster2')}, expires: 2999-12-31}}\n")
    ran = meshglobal("verify", *HERE, "--waivers", str(file), "--report", f"junit={tmp_path}/mesh.xml")
    assert ran.code == 0, ran.out
    jsonschema.validate(ran.document, SCHEMA)
    assert ran.states() == {"cluster1": "Ready", "cluster2": "Missing"}
    assert [(one["code"], one["reason"], one["expires"]) for one in ran.document["waived"]] == [
        ("MG201", "moving", "2999-12-31"),
        ("host-missing", "moving", "2999-12-31"),
    ]
    junit = junitparser.JUnitXml.fromfile(str(tmp_path / "mesh.xml"))
    assert (junit.failures, junit.errors, junit.skipped) == (0, 0, 1)
    file.write_text(f"waivers:\n- {{{entry.format('cluster1')}}}\n")
    assert meshglobal("verify", *HERE, "--waivers", str(file)).code == 1
    file.write_text(f"waivers:\n- {{{entry.format('cluster2')}, expires: 2020-12-31}}\n")
    ran = meshglobal("verify", *HERE, "--waivers", str(file))
    assert ran.code == 1
    assert "MG690" in [one["code"] for one in ran.document["findings"]]


def test_of_a_baseline_only_what_is_new_counts(mesh: ServedMesh, meshglobal: Meshglobal, tmp_path: Path) -> None:
    broken(mesh, meshglobal)
    base = tmp_path / "base.json"
    assert meshglobal("verify", *HERE, "--report", f"json={base}").code == 1
    ran = meshglobal("verify", *HERE, "--baseline", str(base))
    assert ran.code == 0, ran.out
    assert {one["reason"] for one in ran.document["waived"]} == {"known from the baseline"}
    base.write_text(ran.out)
    assert meshglobal("verify", *HERE, "--baseline", str(base)).code == 0
    assert meshglobal("verify", "svc/ratings", *HERE, "--baseline", str(base)).code == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- a", "must hold a list under 'waivers'"),
        ("waivers: [MG101]", "entry 1: knows finding, reason, subject, expires, level"),
        ("waivers: [{finding: MG101}]", "reason"),
        ("waivers: [{finding: MG101, reason: ''}]", "a reason is required"),
        ("waivers: [{finding: MG999, reason: x}]", "there is no finding 'MG999'"),
        ("waivers: [{finding: MG101, reason: x, until: 2026-01-01}]", "knows finding"),
        ("waivers: [{finding: MG101, reason: x, expires: soon}]", "soon"),
        ("waivers: [{finding: MG101, reason: x, level: fatal}]", "fatal"),
        ("waivers: [{finding: host-missing, reason: x, level: warning}]", "follows from its state"),
        ("waivers: {", "is no YAML"),
    ],
)
def test_a_wrong_entry_is_refused_before_anything_is_read(
    meshglobal: Meshglobal, tmp_path: Path, text: str, words: str
) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_text(text)
    ran = meshglobal("verify", "--waivers", str(file))
    assert (ran.code, words in ran.err) == (2, True), ran.err


@pytest.mark.parametrize("text", ["", "[]", '{"kind": "Contexts"}', '{"error": {"message": "no"}}'])
def test_a_baseline_is_a_result(meshglobal: Meshglobal, tmp_path: Path, text: str) -> None:
    file = tmp_path / "base.json"
    file.write_text(text)
    ran = meshglobal("verify", "--baseline", str(file))
    assert (ran.code, "--baseline" in ran.err) == (2, True), ran.err
    assert meshglobal("verify", "--baseline", str(tmp_path / "nowhere")).code == 2
