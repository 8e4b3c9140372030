"""`--report`, waivers and baselines of `check`, `diagnose`, `list` and `describe` on real API servers."""

from __future__ import annotations

import json
from pathlib import Path

import junitparser
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from ran import Meshglobal
from served_mesh import ServedMesh

from meshglobal.render.catalogue import NAMES
from meshglobal.sandbox.apiserver.faults import Fault

GATEWAYS = "gateways.gateway.networking.k8s.io"
HERE = ("-n", "bookinfo", "--all-contexts")
COMMANDS = {
    "check": ("check", "--all-contexts"),
    "diagnose": ("diagnose", "svc", "productpage", *HERE),
    "list": ("list", *HERE),
    "describe": ("describe", "svc", "productpage", *HERE),
}


@pytest.fixture
def unlinked(mesh: ServedMesh, meshglobal: Meshglobal) -> ServedMesh:
    """productpage is global everywhere; then cluster1 is no longer linked with cluster2, and nobody mends it."""
    assert meshglobal("expose", "svc", "productpage", *HERE, "-q").code == 0
    mesh.stop_control_plane()
    client = mesh.clusters["cluster1"].client()
    mesh.call(lambda: client.delete(GATEWAYS, "istio-eastwest", "istio-remote-peer-cluster2"))
    name = mesh.call(
        lambda: next(
            one["metadata"]["name"]
            for one in client.list("workloadentries.networking.istio.io", "istio-system")
            if "cluster2" in json.dumps(one)
        )
    )
    mesh.call(lambda: client.delete("workloadentries.networking.istio.io", "istio-system", name))
    return mesh


def test_every_format_of_every_command_and_one_exit_code(
    unlinked: ServedMesh, meshglobal: Meshglobal, tmp_path: Path
) -> None:
    del unlinked
    codes = {}
    for name, words in COMMANDS.items():
        files = {form: tmp_path / f"{name}.{form}" for form in NAMES}
        wishes = [word for form, file in files.items() for word in ("--report", f"{form}={file}")]
        ran = meshglobal(*words, "-o", "json", *wishes)
        assert ran.document == json.loads(files["json"].read_text()) == yaml.safe_load(files["yaml"].read_text())
        assert {meshglobal(*words, "-o", form, *wishes[:2]).code for form in ("table", "yaml", "name")} == {ran.code}
        codes[name] = ran.code
        junit = junitparser.JUnitXml.fromfile(str(files["junit"]))
        assert [suite.name for suite in junit][:3] == ["cluster1", "cluster2", "cluster3"]
        assert bool(junit.failures) == bool(ran.code), files["junit"].read_text()
        metrics = {one.name for one in text_string_to_metric_families(files["prometheus"].read_text())}
        assert "meshglobal_cluster_read" in metrics
        assert json.loads(files["sarif"].read_text())["runs"][0]["invocations"][0]["exitCode"] == ran.code
    assert codes == {"check": 1, "diagnose": 1, "list": 0, "describe": 0}


def test_a_link_that_is_waived_breaks_neither_check_nor_diagnose(
    unlinked: ServedMesh, meshglobal: Meshglobal, tmp_path: Path
) -> None:
    del unlinked
    file = tmp_path / "waivers.yaml"
    entry = "- {finding: MG303, subject: cluster1, reason: being built, expires: %s}\n"
    file.write_text(f"waivers:\n{entry % '2999-12-31'}")
    sarif = tmp_path / "mesh.sarif"
    ran = meshglobal(*COMMANDS["check"], "-o", "json", "--waivers", str(file), "--report", f"sarif={sarif}")
    assert (ran.code, [one["code"] for one in ran.document["waived"]]) == (0, ["MG303"]), ran.out
    (result,) = json.loads(sarif.read_text())["runs"][0]["results"]
    assert result["suppressions"][0]["justification"] == "being built (until 2999-12-31)"
    file.write_text(f"waivers:\n{entry % '2999-12-31'}- {{finding: MG207, reason: being built}}\n")
    ran = meshglobal(*COMMANDS["diagnose"], "-o", "json", "--waivers", str(file))
    assert (ran.code, ran.document["cause"]) == (0, None), ran.out
    links = [link for chain in ran.document["chains"] for link in chain["links"] if link["outcome"] == "broken"]
    assert {link["waived"] for link in links} == {"being built"}
    text = meshglobal(*COMMANDS["diagnose"], "--waivers", str(file))
    assert "(waived: being built)" in text.out
    assert "what is broken is waived" in text.out
    file.write_text(f"waivers:\n{entry % '2020-12-31'}")
    for name, words in COMMANDS.items():
        ran = meshglobal(*words, "-o", "json", "--waivers", str(file))
        assert "MG690" in [one["code"] for one in ran.document["findings"]], name
    assert meshglobal(*COMMANDS["check"], "--waivers", str(file)).code == 1


@pytest.mark.parametrize("name", ["check", "diagnose", "list"])
def test_of_a_baseline_of_any_command_only_what_is_new_counts(
    unlinked: ServedMesh, meshglobal: Meshglobal, tmp_path: Path, name: str
) -> None:
    base = tmp_path / "base.json"
    before = meshglobal(*COMMANDS[name], "--report", f"json={base}")
    ran = meshglobal(*COMMANDS[name], "-o", "json", "--baseline", str(base))
    assert (before.code, ran.code) == (0 if name == "list" else 1, 0), ran.out
    assert ran.document["findings"] == []
    assert {one["reason"] for one in ran.document["waived"]} == {"known from the baseline"}
    if name == "check":
        client = unlinked.clusters["cluster3"].client()
        unlinked.call(lambda: client.delete(GATEWAYS, "istio-eastwest", "istio-eastwest"))
        ran = meshglobal(*COMMANDS[name], "-o", "json", "--baseline", str(base))
        assert (ran.code, [one["code"] for one in ran.document["findings"]]) == (1, ["MG301"])


def test_a_broken_link_can_be_waived_by_its_name(mesh: ServedMesh, meshglobal: Meshglobal, tmp_path: Path) -> None:
    del mesh
    file = tmp_path / "waivers.yaml"
    assert meshglobal(*COMMANDS["diagnose"]).code == 1
    file.write_text("waivers:\n- {finding: link-scope, reason: not global on purpose}\n")
    ran = meshglobal(*COMMANDS["diagnose"], "-o", "json", "--waivers", str(file))
    assert (ran.code, {one["code"] for one in ran.document["waived"]}) == (0, {"link-scope"}), ran.out


def test_what_could_not_be_written_is_in_the_reports(mesh: ServedMesh, meshglobal: Meshglobal, tmp_path: Path) -> None:
    mesh.fault("cluster2", Fault(status=403, methods=frozenset({"PATCH"})))
    file = tmp_path / "mesh.xml"
    ran = meshglobal("expose", "svc", "productpage", *HERE, "--report", f"junit={file}")
    assert ran.code == 3, ran.err
    junit = junitparser.JUnitXml.fromfile(str(file))
    cases = {f"{case.classname}/{case.name}": bool(case.result) for suite in junit for case in suite}
    assert cases["cluster2.bookinfo/service/productpage"]
    assert junit.errors == 1


def test_an_error_leaves_reports_of_these_commands_too(meshglobal: Meshglobal, tmp_path: Path) -> None:
    for name, words in COMMANDS.items():
        file = tmp_path / f"{name}.json"
        ran = meshglobal(*words, "--kubeconfig", str(tmp_path / "nowhere"), "--report", f"json={file}")
        document = json.loads(file.read_text())
        assert (document["kind"], document["command"], document["exitCode"]) == ("Report", name, ran.code)
