"""The component for GitLab: filled in as GitLab does, held to the published schema, and its script run by a shell."""

from __future__ import annotations

import importlib.resources
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from gitlab_inputs import RefusedError, filled_in, header_and_body
from offline import ROOT, offline
from parsed_reports import as_html, as_junit, as_markdown
from served_mesh import ServedMesh, served_mesh

TEMPLATE = ROOT / "templates" / "verify.yml"
HOSTILE = "$(touch owned) `touch owned` \"; touch owned; * '\n- $HOME\\"
LENIENT = {"from": ["clusters"], "fail-on": "warning", "min-coverage": "0%"}
GLOBAL = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {solo.io/service-scope: global}}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
"""

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("gitlab")]


def schema() -> Any:
    folder = importlib.resources.files("check_jsonschema.builtin_schemas").joinpath("vendor")
    return json.loads(folder.joinpath("gitlab-ci.json").read_text(encoding="utf-8"))


def job(**inputs: Any) -> dict[str, Any]:
    (only,) = filled_in(TEMPLATE, {name.replace("_", "-"): value for name, value in inputs.items()}).values()
    found: dict[str, Any] = only
    return found


@dataclass
class Runner:
    """GitLab's runner: variables into the environment, then the lines of both scripts in one shell."""

    home: Path
    environment: dict[str, str]
    done: str = ""
    """The shell's lines that stand for a ``before_script`` that was run already."""

    def __call__(self, job: dict[str, Any], shell: str = "bash") -> subprocess.CompletedProcess[str]:
        variables = {
            name: value if isinstance(value, str) else value["value"] for name, value in job["variables"].items()
        }
        before = [self.done] if self.done else job["before_script"]
        return subprocess.run(
            [shell, "-e"],
            input="\n".join([*before, *job["script"]]),
            env=self.environment | variables,
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where ``before_script`` has installed the package."""
    home = tmp_path_factory.mktemp("home")
    installing = job(package=str(ROOT)) | {"script": ['printf "%s" "$MESHGLOBAL_CI_PYTHON"']}
    done = Runner(home, offline(home) | {"TMPDIR": str(home)})(installing)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture
def run(python: str, tmp_path: Path) -> Runner:
    """A runner in a project of its own."""
    return Runner(tmp_path, offline(tmp_path), f'export PATH="{python}/bin:$PATH"')


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedMesh]:
    with served_mesh(tmp_path_factory.mktemp("mesh"), 2) as running:
        yield running


def report(job: dict[str, Any], home: Path, name: str = "") -> str:
    """A report where the job's artifacts are looked for."""
    (folder,) = job["artifacts"]["paths"]
    return (home / (folder + name if name else job["artifacts"]["reports"]["junit"])).read_text()


def test_both_documents_fit_the_published_schema() -> None:
    header, _ = header_and_body(TEMPLATE)
    jsonschema.validate(header, schema())
    jsonschema.validate(filled_in(TEMPLATE, {}), schema())
    assert job()["rules"] == header["spec"]["inputs"]["rules"]["default"]
    assert job()["artifacts"]["when"] == "always"


def test_every_input_is_used_and_none_is_pasted_into_a_script() -> None:
    header, body = header_and_body(TEMPLATE)
    assert all(f"inputs.{name} " in body for name in header["spec"]["inputs"])
    assert "$[[" not in body.partition("before_script:")[2].partition("artifacts:")[0]
    expanding = {name for name, value in job()["variables"].items() if isinstance(value, str)}
    checked = {name for name, one in header["spec"]["inputs"].items() if {"regex", "options"} & one.keys()}
    assert {name.removeprefix("MESHGLOBAL_CI_").lower().replace("_", "-") for name in expanding} <= checked


@pytest.mark.parametrize("name", ["contexts", "from", "args"])
def test_the_items_of_lists_come_through_as_they_are(name: str) -> None:
    items = [HOSTILE, "", "a b", "Grüße", "]]", '"']
    found = job(**{name: items})
    assert json.loads(found["variables"][f"MESHGLOBAL_CI_{name.upper()}"]["value"]) == items
    assert found["script"] == job()["script"]


@pytest.mark.parametrize(
    "name", ["package", "command", "namespace", "fail-on", "min-coverage", "job", "stage", "image", "reports"]
)
def test_texts_that_could_leave_their_place_are_refused(name: str) -> None:
    for text in (HOSTILE, '"', 'a": b', "a\nb", "a\n"):
        with pytest.raises(RefusedError):
            filled_in(TEMPLATE, {name: text})


@pytest.mark.parametrize(
    "package", ["meshglobal", "meshglobal==1.2.3", "git+https://git.example/a.git@v1", "./dist/meshglobal-1.whl"]
)
def test_what_pip_installs_is_taken_as_it_is(package: str) -> None:
    assert job(package=package)["variables"]["MESHGLOBAL_CI_PACKAGE"] == {"expand": False, "value": package}


def test_a_mesh_is_verified(run: Runner, mesh: ServedMesh) -> None:
    run.environment["KUBECONFIG"] = str(mesh.kubeconfig)
    wanted = job(contexts=["cluster*", "!cluster2"], namespace="bookinfo", args=["svc/ratings", "--quiet"])
    done = run(wanted)
    assert done.returncode == 1, done.stderr
    assert "ratings" in done.stdout
    assert [suite.name for suite in as_junit(report(wanted, run.home))] == ["cluster1"]
    assert json.loads(report(wanted, run.home, "report.json"))["exitCode"] == 1
    assert "meshglobal verify: failed" in as_markdown(report(wanted, run.home, "summary.md"))
    as_html(report(wanted, run.home, "report.html"))


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_the_clusters_themselves_are_checked(run: Runner, mesh: ServedMesh, shell: str) -> None:
    run.environment["KUBECONFIG"] = str(mesh.kubeconfig)
    wanted = job(command="check", reports="build/mesh")
    done = run(wanted, shell)
    assert done.returncode == 0, done.stderr
    assert [suite.name for suite in as_junit(report(wanted, run.home))] == ["cluster1", "cluster2"]


@pytest.mark.parametrize(("label", "code"), [("service-scope", 0), ("service-scop", 1)])
def test_manifests_are_verified_without_clusters(run: Runner, label: str, code: int) -> None:
    for name, text in (("east", GLOBAL), ("west", GLOBAL.replace("service-scope", label))):
        (run.home / "clusters" / name).mkdir(parents=True)
        (run.home / "clusters" / name / "web.yaml").write_text(text)
    wanted = job(**LENIENT)
    assert run(wanted).returncode == code
    assert len(as_junit(report(wanted, run.home))) == 2


def test_lists_are_words_and_never_read_by_the_shell(run: Runner) -> None:
    done = run(job(contexts=[HOSTILE], args=[HOSTILE, "--from=nowhere"]))
    assert done.returncode == 2, done.stderr
    assert [path.name for path in run.home.iterdir()] == ["meshglobal-reports"]


def test_a_namespace_for_check_is_refused(run: Runner) -> None:
    done = run(job(command="check", namespace="shop"))
    assert done.returncode == 2
    assert "the input namespace is for verify" in done.stderr
