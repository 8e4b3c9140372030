"""The real `meshglobal dashboard` in a process of its own, and the address that it printed."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PROGRAM = Path(sys.executable).parent / "meshglobal"
PATIENCE = 15.0
"""Seconds for what takes well under one on a quiet machine."""

_UNREAD = "it has not been read yet"


@dataclass(frozen=True)
class Dashboard:
    """A dashboard that serves.

    Attributes:
        process: the program; Ctrl-C ends it.
        url: as printed, with the token in its fragment.
    """

    process: subprocess.Popen[str]
    url: str

    @property
    def origin(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return self.url.partition("/#")[0]

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0

    @property
    def token(self) -> str:
        return self.url.partition("#token=")[2]

    def at(self, path: str) -> str:
        """The address of a page, without the token: for who has opened `url` before."""
        return f"{self.origin}{path}"

    def ask(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
        """Status and document of a path below `/api/v1/`, asked without a browser, with the token."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", f"/api/v1/{path}", headers=headers or {"Authorization": f"Bearer {self.token}"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def until_read(self) -> None:
        """Wait until each cluster has answered, or is known not to."""
        ends = time.monotonic() + PATIENCE
        while any(_UNREAD in json.dumps(self.ask(path)[1]) for path in ("services", "clusters")):
            assert time.monotonic() < ends, f"some cluster has not been read after {PATIENCE} s"
            time.sleep(0.05)  # between two looks; what counts is the condition

    def interrupt(self) -> int:
        """Press Ctrl-C; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@contextmanager
def dashboard_process(environment: Mapping[str, str], folder: Path, *options: str) -> Iterator[Dashboard]:
    """Start a dashboard; it serves when this is entered, and has ended when it is left.

    What it says on stderr is in `dashboard.log` of the folder.
    """
    words = [PROGRAM, "dashboard", "--no-open", *options]
    with (folder / "dashboard.log").open("w") as log:
        process = subprocess.Popen(
            words, env=dict(environment), cwd=folder, stdout=subprocess.PIPE, stderr=log, text=True
        )
        assert process.stdout is not None
        try:
            url = process.stdout.readline().strip()
            assert url.startswith("http://127.0.0.1:"), (folder / "dashboard.log").read_text()
            running = Dashboard(process, url)
            yield running
            assert running.interrupt() == 128 + signal.SIGINT, (folder / "dashboard.log").read_text()
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            process.stdout.close()
