"""`sandbox detach`: remove what an attached control plane wrote."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from meshglobal.cli.commands.sandbox.choices import Contexts, Kubeconfig, Name, split
from meshglobal.domain.errors import ExitCode


def detach(
    *,
    context: Contexts = None,
    kubeconfig: Kubeconfig = None,
    name: Name = "default",
    mark: Annotated[
        str | None, typer.Option("--mark", metavar="ID", help="Value of the label; else the remembered one.")
    ] = None,
) -> int:
    """Remove everything that `sandbox attach` marked, in the clusters that it was attached to."""
    from meshglobal.sandbox.runtime.attachment import attachment_place, remove_attached
    from meshglobal.sandbox.runtime.place import place_of

    place = attachment_place(place_of(name, os.environ).name, os.environ)
    removed = remove_attached(place, mark, split(context), kubeconfig)
    sys.stdout.write(f"{removed} generated objects removed\n")
    return ExitCode.OK
