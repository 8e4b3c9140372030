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
        assert masked(shell(program, step["run"])) == step["prints"], step["run"]
        if "afterwards" in step:
            until_ready(program, step["afterwards"])


def shell(program: Program, commands: str) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        env=program.environment,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    assert done.returncode == 0, f"{commands}: {done.stderr}"
    assert not done.stderr, commands
    return done.stdout


def masked(listing: str) -> str:
    """The text with the age at the end of each line that has one replaced."""
    return re.sub(r"(?m)(?<=\s)\d+[smh]\S*$", "AGE", listing)


def until_ready(program: Program, wanted: int) -> None:
    """Wait until so many endpoints stand behind productpage in the first cluster."""
    ends = time.monotonic() + DEADLINE
    while ready(program) != wanted:
        assert time.monotonic() < ends, f"never {wanted} endpoints"


def ready(program: Program) -> int:
    slices = yaml.safe_load(shell(program, READY))["items"]
    return sum(bool(each["conditions"]["ready"]) for one in slices for each in one.get("endpoints") or ())
