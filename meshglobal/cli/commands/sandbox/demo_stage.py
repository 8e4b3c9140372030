"""What every demo is told with: headings, commands as they are typed, and what they print."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshglobal.sandbox.runtime.place import Place
    from meshglobal.sandbox.runtime.running import Running

SERVICE_ENTRIES = "/apis/networking.istio.io/v1/namespaces/istio-system/serviceentries"


@dataclass(frozen=True, slots=True)
class Stage:
    """A mesh, and the output."""

    place: Place
    running: Running

    def run(self, command: tuple[str, ...]) -> int:
        """Run one of our own commands; returns its exit code."""
        from meshglobal.cli.main import build
        from meshglobal.cli.run import run

        code = run(build(), command, "meshglobal", os.environ)
        sys.stdout.write("\n")
        return code

    def show(self, heading: str, asked: str, path: str, clusters: Sequence[str] = ()) -> None:
        """Show a list of clusters, all unless named, as kubectl prints it; kubectl itself need not be installed."""
        from meshglobal.sandbox.runtime.client import TABLE, clients
        from meshglobal.sandbox.runtime.columns import listing

        head(heading)
        for client, cluster in zip(clients(self.place.kubeconfig), self.running.clusters, strict=True):
            table = listing(client.get(path, TABLE)) if not clusters or cluster.name in clusters else ""
            client.close()
            if table:
                sys.stdout.write(f"$ kubectl get {asked} --context {cluster.name}\n{table}\n")


def head(text: str, *commands: str) -> None:
    """Print a heading, and under it commands as they would be typed."""
    sys.stdout.write((f"== {text}\n" if text else "") + "".join(f"$ {each}\n" for each in commands))
    sys.stdout.flush()


def typed(command: tuple[str, ...]) -> str:
    """One of our own commands as it would be typed."""
    return "meshglobal " + " ".join(command)
