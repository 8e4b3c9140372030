"""`make new-finding`: what it writes is clean as it stands, and does not pass for a finding before it is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
NEEDED = ("meshglobal", "tests/domain", "tests/cli/test_catalogue.py", "tests/cli/ran.py", "docs/findings", "tools")
SINGLE = ("pyproject.toml", "tests/conftest.py", "tests/memory_fleet.py", "tests/label_selector.py")
META = ("tests/cli/test_catalogue.py", "tests/domain/test_mesh_cases.py")
IS_WRONG = '    return namespace is not None and namespace.metadata.label("FILL-IN") is not None\n'


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what belongs to findings."""
    leave_out = shutil.ignore_patterns("__pycache__", "sandbox", "apiserver")
    for name in NEEDED:
        source, target = ROOT / name, tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=leave_out)
        else:
            shutil.copy(source, target)
    for name in SINGLE:
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(copy: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BIN / program, *arguments],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def new(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(copy, "python", "tools/new_finding.py", *arguments)


def written(copy: Path, *arguments: str) -> tuple[str, Path, Path]:
    """The code of a new finding, its check and its case file."""
    done = new(copy, *arguments)
    assert done.returncode == 0, done.stderr
    check, case = (copy / line for line in done.stdout.splitlines()[:2])
    return check.name[:5].upper(), check, case


def failed(copy: Path, code: str) -> set[str]:
    """The tests that fail, of those about a code or its case file."""
    ran = run(copy, "pytest", "-n", "0", "-q", "-p", "no:randomly", *META, "-k", f"{code} or {code.lower()}_some_slug")
    assert "passed" in ran.stdout or "failed" in ran.stdout, ran.stdout + ran.stderr
    lines = [line for line in ran.stdout.splitlines() if line.startswith("FAILED ")]
    return {line.partition("::")[2].partition("[")[0].partition(" ")[0] for line in lines}


@pytest.mark.slow
def test_it_is_clean_and_no_finding_before_it_is_written(copy: Path) -> None:
    code, check, case = written(copy, "exposure", "some-slug")
    for program in (("ruff", "format", "--check"), ("ruff", "check"), ("mypy", "--follow-imports=silent")):
        done = run(copy, *program, str(check.relative_to(copy)))
        assert done.returncode == 0, done.stdout + done.stderr
    assert failed(copy, code) == {
        "test_a_case_shows_it_and_another_of_the_same_file_does_not",
        "test_nothing_is_left_to_fill_in",
        "test_findings_are_exactly_these",
    }
    text = check.read_text(encoding="utf-8")
    text = text.replace(IS_WRONG, "    return namespace is not None and namespace.metadata.label('odd') is not None\n")
    check.write_text(text.replace("FILL-IN", "Odd"), encoding="utf-8")
    cases = case.read_text(encoding="utf-8").replace("FILL-IN: a piece of the message", "Odd").replace("FILL-IN", "odd")
    odd = "{kind: Namespace, metadata: {name: istio-system, labels: {topology.istio.io/network: n1, odd: x}}}"
    case.write_text(cases.replace("[*n1, *ns, *global, *entry]", f"[{odd}, *ns, *global, *entry]", 1), encoding="utf-8")
    assert failed(copy, code) == set()


def test_codes_are_the_next_free_ones_and_never_used_again(copy: Path) -> None:
    (copy / "docs/findings/MG132.md").write_text("# MG132 once-here\n", encoding="utf-8")
    with (copy / "docs/findings/retired.md").open("a", encoding="utf-8") as table:
        table.write("| MG133 | once-there | 0.1 | it was wrong |\n")
    numbers = [int(path.name[2:5]) for path in (copy / "meshglobal/checks/exposure").glob("mg*.py")]
    free = max([*numbers, 133]) + 1
    assert written(copy, "exposure", "first")[0] == f"MG{free}"
    assert written(copy, "exposure", "second")[0] == f"MG{free + 1}"
    assert written(copy, "exposure", "third", "mg199")[0] == "MG199"
    for wrong, says in (
        (("exposure", "fourth", "MG133"), "MG133 is taken, or was once"),
        (("exposure", "fourth", "MG132"), "MG132 is taken, or was once"),
        (("exposure", "fourth", "MG301"), "'MG301' is no code of exposure"),
        (("exposure", "once-there"), "the slug 'once-there' is taken, or was once"),
        (("exposure", "label-missing"), "the slug 'label-missing' is taken"),
        (("exposure", "Fourth"), "'Fourth' is no slug"),
        (("elsewhere", "fourth"), "there is no area 'elsewhere'"),
        (("exposure",), "usage: make new-finding"),
    ):
        done = new(copy, *wrong)
        assert (done.returncode, done.stdout) == (2, "")
        assert says in done.stderr
