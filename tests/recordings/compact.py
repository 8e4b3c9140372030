#!/usr/bin/env python3
"""Make an embedded API server forget its old versions: `compact.py KUBECONFIG`, the --hook compact of replay.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import replay  # it stands beside this file


def main(kubeconfig: str) -> None:
    """Ask the server of the kubeconfig's current context to compact."""
    client = replay.Client(replay.Target.from_kubeconfig(kubeconfig))
    answer = client.request("POST", "/sandbox/compact")
    if answer.status != 200:
        raise SystemExit(f"compaction refused: {answer.status}")


if __name__ == "__main__":
    main(sys.argv[1])
