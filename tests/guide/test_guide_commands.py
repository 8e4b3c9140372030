"""The guide's own commands, typed into a shell with the real kubectl, against a sandbox in the background."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.real_program import DEADLINE, Program

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES: dict[str, list[dict[str, Any]]] = yaml.safe_load(Path(__file__).with_name("commands.yaml").read_text())
READY = (
    "kubectl get endpointslice -n bookinfo --context $REMOTE_CONTEXT1 -l kubernetes.io/service-name=productpage -o yaml"
)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = Program(tmp_path)
    program("sandbox", "up", "--detach")
    path = program("sandbox", "kubeconfig").stdout.removesuffix("\n")
    program.more = {"KUBECONFIG": path, "REMOTE_CONTEXT1": "cluster1", "REMOTE_CONTEXT2": "cluster2"}
    yield program
    program.clean()


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_guides_commands_print_what_the_guide_shows(program: Program, example: str) -> None:
    for step in EXAMPLES[example]:
        printed, told = shell(program, step["run"])
        assert fits(masked(printed), step["prints"]), f"{step['run']}: {printed}"
        assert fits(told, step.get("tells", "")), f"{step['run']}: {told}"
        if "afterwards" in step:
            until_ready(program, step["afterwards"])


def shell(program: Program, commands: str) -> tuple[str, str]:
    """What the commands print, and what they tell beside it."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        env=program.environment,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    assert done.returncode == 0, f"{commands}: {done.stderr}"
    return done.stdout, done.stderr


def masked(listing: str) -> str:
    """The text with the age at the end of each line that has one replaced."""
    return re.sub(r"(?m)(?<=\s)\d+[smh]\S*$", "AGE", listing)


def fits(text: str, expected: str) -> bool:
    """Whether a text is the expected one, where `...` stands for anything."""
    pattern = ".*".join(map(re.escape, expected.split("...")))
    return re.fullmatch(pattern, text.replace("\r", ""), re.DOTALL) is not None


def until_ready(program: Program, wanted: int) -> None:
    """Wait until so many endpoints stand behind productpage in the first cluster."""
    ends = time.monotonic() + DEADLINE
    while ready(program) != wanted:
        assert time.monotonic() < ends, f"never {wanted} endpoints"


def ready(program: Program) -> int:
    slices = yaml.safe_load(shell(program, READY)[0])["items"]
    return sum(bool(each["conditions"]["ready"]) for one in slices for each in one.get("endpoints") or ())
