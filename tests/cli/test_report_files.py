"""`--report` on real API servers: the files are there with the result, whatever the run came to, or nothing is read."""

from __future__ import annotations

import json
import os
import stat
import threading
from pathlib import Path

import jsonschema
import junitparser
import pytest
import yaml
from ran import Meshglobal
from served_mesh import ServedMesh

from meshglobal.render.catalogue import NAMES

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schema/report.schema.json").read_text())
HERE = ("-n", "bookinfo", "--context", "cluster1,cluster2")


def test_all_formats_are_written_beside_the_result(mesh: ServedMesh, meshglobal: Meshglobal, tmp_path: Path) -> None:
    del mesh
    wishes = [word for name in NAMES for word in ("--report", f"{name}={tmp_path / name}")]
    ran = meshglobal("verify", "svc/productpage", *HERE, "-o", "json", *wishes)
    assert ran.code == 1
    assert (
        ran.document == json.loads((tmp_path / "json").read_text()) == yaml.safe_load((tmp_path / "yaml").read_text())
    )
    for name in NAMES:
        assert "productpage" in (tmp_path / name).read_text(), name
    junit = junitparser.JUnitXml.fromfile(str(tmp_path / "junit"))
    assert {(case.classname, case.name): bool(case.result) for suite in junit for case in suite} == {
        ("cluster1", "reading"): False,
        ("cluster1.bookinfo", "productpage"): True,
        ("cluster2", "reading"): False,
        ("cluster2.bookinfo", "productpage"): True,
    }
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_a_run_that_could_not_go_on_leaves_reports_that_say_so(meshglobal: Meshglobal, tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in NAMES}
    wishes = [word for name, file in files.items() for word in ("--report", f"{name}={file}")]
    ran = meshglobal("verify", *HERE, "--kubeconfig", str(tmp_path / "nowhere"), *wishes)
    assert ran.code != 0
    document = json.loads(files["json"].read_text())
    jsonschema.validate(document, SCHEMA)
    assert document["exitCode"] == ran.code
    (suite,) = junitparser.JUnitXml.fromfile(str(files["junit"]))
    assert (suite.tests, suite.errors) == (1, 1)
    assert document["error"]["message"] in files["html"].read_text()


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ("xml=a", "formats: json, yaml, junit, sarif, prometheus, markdown, github, html"),
        ("junit", "names no file"),
        ("junit=-", "names no file"),
        ("junit=", "names no file"),
        ("junit=nowhere/a.xml", "No such file or directory"),
        ("junit=.", "it is a directory"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is_read(
    meshglobal: Meshglobal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wish: str, words: str
) -> None:
    """There is no kubeconfig here: reading would end with another error."""
    monkeypatch.chdir(tmp_path)
    ran = meshglobal("verify", *HERE, "--report", "html=page.html", "--report", wish)
    assert ran.code == 2
    assert words in ran.err
    assert list(tmp_path.glob("**/*")) == []


def test_two_reports_need_two_files(meshglobal: Meshglobal, tmp_path: Path) -> None:
    (tmp_path / "here").symlink_to(tmp_path / "there")
    ran = meshglobal("verify", "--report", f"json={tmp_path}/here", "--report", f"yaml={tmp_path}/there")
    assert ran.code == 2
    assert "is already the file of json" in ran.err


def test_a_file_is_replaced_a_link_and_a_pipe_are_written_through(
    mesh: ServedMesh, meshglobal: Meshglobal, tmp_path: Path
) -> None:
    del mesh
    old, real, link, pipe = (tmp_path / name for name in ("old", "real", "link", "pipe"))
    old.write_text("what stood here\n" * 10_000)
    link.symlink_to(real)
    os.mkfifo(pipe)
    seen: list[str] = []
    reader = threading.Thread(target=lambda: seen.append(pipe.read_text()), daemon=True)
    reader.start()
    umask = os.umask(0o022)
    try:
        wishes = ("--report", f"json={old}", "--report", f"yaml={link}", "--report", f"prometheus={pipe}")
        assert meshglobal("verify", *HERE, *wishes).code == 0
    finally:
        os.umask(umask)
    reader.join(30)
    assert json.loads(old.read_text())["kind"] == "Report"
    assert stat.S_IMODE(old.stat().st_mode) == 0o644
    assert link.is_symlink()
    assert yaml.safe_load(real.read_text())["kind"] == "Report"
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert seen[0].startswith("# HELP meshglobal_exit_code")


def test_a_file_that_can_no_longer_be_written_ends_the_run_with_one_document(
    mesh: ServedMesh, meshglobal: Meshglobal
) -> None:
    del mesh
    if not Path("/dev/full").exists():
        pytest.skip("only Linux has a device that is always full")
    ran = meshglobal("verify", *HERE, "-o", "json", "--report", "junit=/dev/full")
    assert ran.code == 3
    assert ran.document["error"]["message"] == "/dev/full cannot be written: No space left on device"
