"""GitHub's runner as far as a composite action of scripts needs it: inputs, steps, outputs, and workflow commands."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from parsed_reports import Annotation, as_github

_EXPRESSION = re.compile(r"\$\{\{ *([^}]*?) *\}\}")
_STOP = re.compile(r"::stop-commands::(.+)")


@dataclass
class Ran:
    """What a run of the action came to."""

    code: int = 0
    log: str = ""
    summary: str = ""
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def annotations(self) -> list[Annotation]:
        """The workflow commands that count: none between ``::stop-commands::TOKEN`` and ``::TOKEN::``."""
        counting, token = [], None
        for line in self.log.splitlines():
            if token is not None:
                token = None if line == f"::{token}::" else token
            elif found := _STOP.fullmatch(line):
                token = found[1]
            elif line.startswith("::"):
                counting.append(line)
        assert token is None, "commands were stopped and never let on again"
        return as_github("\n".join(counting))


@dataclass
class Runner:
    """Runs an action's steps one after another, each as the runner does."""

    action: Path
    temporary: Path
    environment: dict[str, str]
    """Of the job."""

    @property
    def metadata(self) -> dict[str, Any]:
        read: dict[str, Any] = yaml.safe_load((self.action / "action.yml").read_text(encoding="utf-8"))
        return read

    def __call__(self, only: str | None = None, **given: str) -> Ran:
        """Run the steps (or the one of this name) with these inputs, ``_`` for ``-``, until one fails."""
        inputs = {name: one["default"] for name, one in self.metadata["inputs"].items()}
        named = {name.replace("_", "-"): value for name, value in given.items()}
        assert named.keys() <= inputs.keys()
        ran = Ran()
        known = {f"inputs.{name}": value for name, value in (inputs | named).items()}
        for step in self.metadata["runs"]["steps"]:
            if ran.code == 0 and only in (None, step["name"]):
                self._step(step, known, ran)
        ran.outputs = {name: filled(one["value"], known, absent="") for name, one in self.metadata["outputs"].items()}
        return ran

    def _step(self, step: dict[str, Any], known: dict[str, str], ran: Ran) -> None:
        assert step["shell"] == "bash"
        files = {name: self.temporary / f"{name.lower()}-file" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_text("")
        script = self.temporary / "step.sh"
        script.write_text(step["run"])
        told = {name: filled(value, known) for name, value in step["env"].items()}
        own = {"RUNNER_TEMP": str(self.temporary), "GITHUB_ACTION_PATH": str(self.action), "GITHUB_ACTIONS": "true"}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script],
            env=self.environment | own | told | {name: str(file) for name, file in files.items()},
            cwd=self.environment["HOME"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=100,
            check=False,
        )
        ran.code = done.returncode
        ran.log += done.stdout
        ran.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        for line in files["GITHUB_OUTPUT"].read_text().splitlines():
            name, separator, value = line.partition("=")
            assert separator, line
            known[f"steps.{step.get('id')}.outputs.{name}"] = value


def filled(text: str, known: dict[str, str], absent: str | None = None) -> str:
    """The text with the value of each expression; one that is not known must not be there, unless absent is told."""
    return _EXPRESSION.sub(lambda found: known[found[1]] if absent is None else known.get(found[1], absent), text)
