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

Steps = list[dict[str, Any]]
FILES = {"commands.yaml": "bookinfo", "segments.yaml": "httpbin-segments"}
EXAMPLES: dict[str, tuple[str, Steps]] = {
    name: (scenario, steps)
    for file, scenario in FILES.items()
    for name, steps in yaml.safe_load(Path(__file__).with_name(file).read_text()).items()
}
"""Name of the example -> the scenario that it runs on, and what is done."""
READY = (
    "kubectl get endpointslice -n bookinfo --context $REMOTE_CONTEXT1 -l kubernetes.io/service-name=productpage -o yaml"
)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = Program(tmp_path)
    yield program
    program.clean()


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_guides_commands_print_what_the_guide_shows(program: Program, example: str) -> None:
    scenario, steps = EXAMPLES[example]
    start(program, scenario, next((step["switches"] for step in steps if "switches" in step), []))
    for step in (each for each in steps if "run" in each):
        printed, told = shell(program, step["run"])
        assert fits(masked(printed), step["prints"]), f"{step['run']}: {printed}"
        assert fits(told, step.get("tells", "")), f"{step['run']}: {told}"
        if "afterwards" in step:
            until_ready(program, step["afterwards"])


def start(program: Program, scenario: str, switches: list[str]) -> None:
    """Start a sandbox, and export what the guide wants to be exported."""
    answers = [word for each in switches for word in ("--switch", each)]
    exports = program("sandbox", "up", "--detach", "--scenario", scenario, *answers).stdout
    program.more = dict(re.findall(r"(?m)^export (\w+)=(.*)$", exports))
    assert {"KUBECONFIG", "REMOTE_CONTEXT1", "REMOTE_CONTEXT2"} <= program.more.keys()


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
