"""Lets pip install this checkout without a network: it finds what is installed here, and gets nothing else."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def offline(home: Path) -> dict[str, str]:
    """The environment of somebody with our tools, nothing set, and no package index."""
    return {
        "HOME": str(home),
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "PYTHONPATH": sysconfig.get_path("purelib"),  # dependencies, and what builds the package
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # off means off: pip takes it for the option without its "no"
        "PIP_IGNORE_INSTALLED": "1",
        "VIRTUALENV_NO_PERIODIC_UPDATE": "1",
    }
