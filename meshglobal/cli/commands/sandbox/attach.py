"""`sandbox attach`: the emulated control plane on the user's own clusters."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from meshglobal.cli.commands.sandbox.choices import Contexts, Kubeconfig, Name, SwitchAnswers, split
from meshglobal.domain.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from meshglobal.sandbox.runtime.attachment import Attached

_ALL_SEE_EACH_OTHER = "peering=all"


def attach(
    *,
    context: Contexts = None,
    kubeconfig: Kubeconfig = None,
    name: Name = "default",
    switch: SwitchAnswers = None,
    clean: Annotated[bool, typer.Option("--clean", help="At the end, remove all that was written.")] = False,
) -> int:
    """Generate entries in your own clusters, which have no mesh control plane, until Ctrl-C.

    Clusters with a real one are refused. Every object that is written carries the label meshglobal.dev/sandbox.
    Unless --switch peering=linked is given, every cluster sees all the others.
    """
    import signal

    from meshglobal.sandbox.runtime.attachment import attachment_place, run_attached
    from meshglobal.sandbox.runtime.place import place_of

    contexts = split(context)
    if not contexts:
        raise UsageError("no cluster was named", "meshglobal sandbox attach --context NAME --context NAME")
    place = attachment_place(place_of(name, os.environ).name, os.environ)
    switches = [_ALL_SEE_EACH_OTHER, *(switch or ())]
    left = run_attached(place, contexts, kubeconfig, switches, clean=clean, on_ready=_say)
    sys.stderr.write("\n")
    if left.stay is None:
        sys.stderr.write("ended while it started; remove what may have been written: meshglobal sandbox detach\n")
    elif left.stay:
        sys.stderr.write(f"{left.stay} generated objects stay; remove them: meshglobal sandbox detach\n")
    else:
        sys.stderr.write(f"{left.removed} generated objects removed; nothing stays\n")
    return ExitCode.INTERRUPTED if left.by is signal.SIGINT else ExitCode.OK


def _say(attached: Attached) -> None:
    where = ", ".join(attached.contexts)
    sys.stderr.write(f"attached to {where}; objects are marked meshglobal.dev/sandbox={attached.mark}; Ctrl-C ends\n")
