"""What a shell must export to work with a sandbox as with any other clusters."""

from __future__ import annotations

import shlex

from meshglobal.sandbox.runtime.place import Place
from meshglobal.sandbox.runtime.running import Running


def settings(place: Place, running: Running) -> dict[str, str]:
    """Environment variables: the kubeconfig, and the contexts under the names that the vendor's guides use."""
    contexts = {f"REMOTE_CONTEXT{number}": each.name for number, each in enumerate(running.clusters, start=1)}
    return {"KUBECONFIG": str(place.kubeconfig), **contexts}


def exports(place: Place, running: Running) -> str:
    """The settings as lines for a POSIX shell."""
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in settings(place, running).items())
