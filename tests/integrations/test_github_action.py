"""The GitHub Action's steps, run by bash as the runner does: installed from the checkout, on real API servers."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from github_runner import Ran, Runner
from offline import BIN, ROOT, offline
from parsed_reports import as_html, as_junit, as_markdown, as_sarif
from served_mesh import ServedMesh, environment, served_mesh

RUN, INSTALL = "Run meshglobal", "Install meshglobal"
LENIENT = {"from": "clusters", "fail_on": "warning", "min_coverage": "0%"}
HOSTILE = "$(touch owned) `touch owned` \"; touch owned; * '"
GLOBAL = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {solo.io/service-scope: global}}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
"""
MISSPELT = GLOBAL.replace("service-scope", "service-scop")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("github")]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A runner that has done the step of installing."""
    runner = Runner(ROOT, tmp_path_factory.mktemp("runner"), offline(tmp_path_factory.mktemp("home")))
    ran = runner(INSTALL)
    assert (ran.code, ran.log) == (0, "")
    return runner


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedMesh]:
    """Three clusters; productpage is global in two of them."""
    with served_mesh(tmp_path_factory.mktemp("mesh"), 3) as running:
        expose = (
            BIN / "meshglobal",
            "expose",
            "svc",
            "productpage",
            "-n",
            "bookinfo",
            "--context",
            "cluster1,cluster2",
        )
        subprocess.run(expose, env=environment(running.kubeconfig), capture_output=True, check=True, timeout=60)
        yield running


@pytest.fixture
def action(installed: Runner, tmp_path: Path) -> Runner:
    """The action in a workspace of its own."""
    return Runner(ROOT, installed.temporary, installed.environment | {"HOME": str(tmp_path)})


def in_clusters(action: Runner, kubeconfig: Path, **inputs: str) -> Ran:
    action.environment["KUBECONFIG"] = str(kubeconfig)
    return action(RUN, **inputs)


def write_manifests(home: Path, **clusters: str) -> None:
    for name, text in clusters.items():
        (home / "clusters" / name).mkdir(parents=True)
        (home / "clusters" / name / "web.yaml").write_text(text)


def test_what_was_installed_is_the_checkout_itself(installed: Runner) -> None:
    asked = "import meshglobal, sys; print(meshglobal.__file__); print(sys.prefix)"
    python = installed.temporary / "meshglobal" / "bin" / "python"
    done = subprocess.run(
        [python, "-c", asked], env=installed.environment, cwd="/", capture_output=True, text=True, check=True
    )
    file, prefix = done.stdout.split()
    assert Path(file).is_relative_to(prefix)


def test_a_mesh_is_verified(action: Runner, mesh: ServedMesh) -> None:
    ran = in_clusters(action, mesh.kubeconfig, contexts="cluster1\n  cluster2, !cluster3\n", namespace="bookinfo")
    assert ran.code == 0, ran.log
    assert ran.annotations == []
    assert "<h2>meshglobal verify: passed</h2>" in as_markdown(ran.summary)
    assert ran.outputs["exit-code"] == "0"
    assert json.loads(Path(ran.outputs["json"]).read_text())["exitCode"] == 0
    assert [suite.name for suite in as_junit(Path(ran.outputs["junit"]).read_text())] == ["cluster1", "cluster2"]
    assert as_sarif(Path(ran.outputs["sarif"]).read_text())["runs"][0]["results"] == []
    as_html(Path(ran.outputs["html"]).read_text())


def test_every_cluster_is_looked_at_and_a_warning_fails_where_it_shall(action: Runner, mesh: ServedMesh) -> None:
    ran = in_clusters(action, mesh.kubeconfig, fail_on="warning", args="--quiet\n--output\nwide")
    assert (ran.code, ran.outputs["exit-code"]) == (1, "1"), ran.log
    (annotation,) = ran.annotations
    assert annotation.command == "warning"
    assert annotation.properties == {"title": "MG101 label-missing"}
    assert "meshglobal verify: failed" in ran.summary
    assert "cluster3" in ran.log


def test_what_could_not_be_read_is_not_passed(action: Runner, mesh: ServedMesh) -> None:
    users = mesh.users_kubeconfig("nobody")
    ran = action(RUN, contexts="cluster1,cluster3-nobody", kubeconfig=str(users))
    assert (ran.code, ran.outputs["exit-code"]) == (3, "3"), ran.log
    assert any("cluster3-nobody not read" in one.properties["title"] for one in ran.annotations)


def test_the_clusters_themselves_are_checked(action: Runner, mesh: ServedMesh) -> None:
    ran = in_clusters(action, mesh.kubeconfig, command="check", fail_on="warning")
    assert ran.code == 0, ran.log
    cases = {case.classname for suite in as_junit(Path(ran.outputs["junit"]).read_text()) for case in suite}
    assert cases == {"cluster1", "cluster2", "cluster3"}


@pytest.mark.parametrize(("west", "code"), [(GLOBAL, 0), (MISSPELT, 1), (GLOBAL.replace("80", "http"), 3)])
def test_manifests_are_verified_without_clusters(action: Runner, tmp_path: Path, west: str, code: int) -> None:
    write_manifests(tmp_path, east=GLOBAL, west=west)
    ran = action(RUN, **LENIENT)
    assert (ran.code, ran.outputs["exit-code"]) == (code, str(code)), ran.log
    assert ("MG130 misspelt-key" in {one.properties["title"] for one in ran.annotations}) == (code == 1)
    assert ran.summary


def test_names_in_manifests_are_no_commands_to_the_runner(action: Runner, tmp_path: Path) -> None:
    write_manifests(tmp_path, **{"::error title=owned::no": GLOBAL, "west": MISSPELT})
    ran = action(RUN, **LENIENT)
    assert "\n::error title=owned::no" in ran.log
    assert ran.annotations
    assert "owned" not in {one.properties["title"] for one in ran.annotations}


@pytest.mark.parametrize("names", [["command"], ["contexts", "namespace", "kubeconfig", "from", "fail_on", "args"]])
def test_inputs_are_words_and_never_read_by_the_shell(action: Runner, tmp_path: Path, names: list[str]) -> None:
    ran = action(RUN, **dict.fromkeys(names, HOSTILE))
    assert ran.code == 2, ran.log
    assert list(tmp_path.iterdir()) == []
    assert ran.annotations[0].command == "error"


@pytest.mark.parametrize(
    ("step", "inputs", "says"),
    [
        (INSTALL, {"version": "1.0; touch owned"}, "the input version is no version"),
        (INSTALL, {"version": "--pre"}, "the input version is no version"),
        (INSTALL, {"python": "no-such-python"}, "Python 3.11 or newer is needed"),
        (RUN, {"command": "expose"}, "neither verify nor check"),
        (RUN, {"command": "check", "namespace": "shop"}, "the input namespace is for verify"),
        (RUN, {"args": "--no-such-option"}, "it ended with exit code 2"),
    ],
)
def test_mistaken_inputs_are_told(action: Runner, step: str, inputs: dict[str, str], says: str) -> None:
    ran = action(step, **inputs)
    assert ran.code == 2
    assert says in ran.annotations[-1].message


def test_a_version_is_asked_of_the_package_index(action: Runner) -> None:
    ran = action(INSTALL, version="987.6.5")
    assert ran.code == 1
    assert "meshglobal==987.6.5" in ran.log  # and there is no index here
