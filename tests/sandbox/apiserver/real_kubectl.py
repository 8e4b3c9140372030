"""Runs the real kubectl against a served cluster."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

PROGRAM = Path(sys.executable).parent / "kubectl"
DEADLINE = 30.0


@dataclass
class Kubectl:
    """kubectl with a kubeconfig, a home of its own, and a namespace that it works in."""

    kubeconfig: Path
    home: Path
    namespace: str

    def __call__(self, *arguments: str, stdin: str = "", fails: int = 0, env: Mapping[str, str] | None = None) -> str:
        """Run kubectl and return what it prints; `fails` is the exit code that is expected."""
        done = subprocess.run(
            self._command(arguments),
            input=stdin,
            env=self._environment() | dict(env or {}),
            text=True,
            capture_output=True,
            timeout=DEADLINE,
            check=False,
        )
        assert done.returncode == fails, f"kubectl {arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + (done.stderr if fails else "")

    def json(self, *arguments: str) -> Any:
        """Run kubectl with `-o json` and return the document."""
        return json.loads(self(*arguments, "-o", "json"))

    def stderr(self, *arguments: str, stdin: str = "") -> str:
        """Run kubectl and return what it says beside its output: warnings."""
        done = subprocess.run(
            self._command(arguments),
            input=stdin,
            env=self._environment(),
            text=True,
            capture_output=True,
            timeout=DEADLINE,
            check=True,
        )
        return done.stderr

    def start(self, *arguments: str) -> Running:
        """Start kubectl and let it run."""
        output = self.home / f"output-{time.monotonic_ns()}"
        with output.open("w") as file:
            process = subprocess.Popen(self._command(arguments), env=self._environment(), stdout=file, stderr=file)
        return Running(process, output)

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [str(PROGRAM), "-n", self.namespace, *arguments]

    def _environment(self) -> dict[str, str]:
        return {"KUBECONFIG": str(self.kubeconfig), "HOME": str(self.home), "PATH": os.environ["PATH"]}


@dataclass
class Running:
    """A kubectl that goes on, and the file that it writes to."""

    process: subprocess.Popen[bytes]
    output: Path

    def until(self, text: str) -> str:
        """Wait until kubectl has printed a text; return everything so far."""
        ends = time.monotonic() + DEADLINE
        while text not in (printed := self.output.read_text()):
            assert time.monotonic() < ends, f"{text!r} is not in {printed!r}"
            try:
                self.process.wait(0.02)
            except subprocess.TimeoutExpired:
                continue
            assert text in self.output.read_text(), f"ended with {self.output.read_text()!r}"
        return printed

    def stop(self) -> None:
        """End kubectl."""
        self.process.terminate()
        self.process.wait(DEADLINE)
