"""`sandbox kubeconfig`: where the kubeconfig stands."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from meshglobal.cli.commands.sandbox.choices import Name
from meshglobal.domain.errors import ExitCode


def kubeconfig(
    *,
    name: Name = "default",
    users: Annotated[
        bool, typer.Option("--users", help="That of the limited users: CLUSTER-reader, -nsreader, -nobody.")
    ] = False,
) -> int:
    """Print the path of a running sandbox's kubeconfig: export KUBECONFIG=$(meshglobal sandbox kubeconfig)."""
    from meshglobal.sandbox.runtime.place import place_of
    from meshglobal.sandbox.runtime.running import get

    place = place_of(name, os.environ)
    get(place, os.environ)
    sys.stdout.write(f"{place.users_kubeconfig if users else place.kubeconfig}\n")
    return ExitCode.OK
