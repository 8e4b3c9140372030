"""A command that goes on and tells what changes, as a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import jsonschema
from served_mesh import ServedMesh, environment

SCHEMAS = Path(__file__).parents[2] / "docs/schema"
KINDS = {
    "Report": "report",
    "Inventory": "inventory",
    "HostChange": "host-change",
    "CellChange": "cell-change",
    "FindingChange": "finding-change",
}


def schema_of(kind: str) -> Any:
    return json.loads((SCHEMAS / f"{KINDS[kind]}.schema.json").read_text())


@dataclass
class Watching:
    """A watch that runs."""

    process: subprocess.Popen[str]

    @property
    def out(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    def document(self) -> Any:
        """The next line, which must be valid by its schema."""
        found = json.loads(self.out.readline())
        jsonschema.validate(found, schema_of(found["kind"]))
        return found

    def until(self, is_it: Callable[[Any], bool]) -> Any:
        """Documents up to one that is so."""
        while not is_it(found := self.document()):
            pass
        return found

    def end(self, number: signal.Signals) -> tuple[int, str, str]:
        """Send a signal: exit code, and what was still said. It takes a second at most, more on a busy machine."""
        began = time.monotonic()
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=30)
        assert time.monotonic() - began < 5
        return self.process.returncode, out, err

    def ended(self) -> tuple[int, str, str]:
        """Wait until it ends by itself: exit code, and what was said."""
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err


@contextmanager
def watches(mesh: ServedMesh) -> Iterator[Callable[..., Watching]]:
    """Starts command lines; whatever still runs in the end is killed."""
    running: list[subprocess.Popen[str]] = []

    def start(*words: str) -> Watching:
        process = subprocess.Popen(
            [sys.executable, "-c", "from meshglobal.cli.main import main; main()", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(mesh.kubeconfig) | {"MESHGLOBAL_TIMEOUT": "0"},  # made for runs that end: not for a watch
        )
        running.append(process)
        return Watching(process)

    yield start
    for process in running:
        process.kill()
        process.communicate()
