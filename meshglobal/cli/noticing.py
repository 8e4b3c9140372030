"""From options to where `check` looks, and to what it and `diagnose` notice beside the objects."""

from __future__ import annotations

from dataclasses import replace

from meshglobal.app.noticing import Following, Senses
from meshglobal.app.picture import MeshSettings, Places
from meshglobal.cli.options import FollowOptions, PlaceOptions
from meshglobal.cli.session import Session
from meshglobal.domain.errors import UsageError


def senses(run: Session, options: FollowOptions) -> Senses:
    """How this run notices things.

    Raises:
        UsageError: the samples take longer than the whole run may.
    """
    from meshglobal.settings import DEFAULT_TIMEOUT, seconds

    if options.samples == 1:
        return Senses(run.resolver)
    took = (options.samples - 1) * seconds(options.interval, "--interval")
    limit = run.timeout or DEFAULT_TIMEOUT
    if took >= limit:
        raise UsageError(
            f"{options.samples} samples every {options.interval} take {took:g} s, and the run may take {limit:g} s",
            f"allow more: --timeout {2 * took:g}s",
        )
    return Senses(run.resolver, Following(took, run.clock))


def settled(mesh: MeshSettings, options: PlaceOptions) -> MeshSettings:
    """How the mesh is set up, with the places that the options name."""
    places = Places(
        istiod=options.istiod_namespace,
        cni=options.cni_namespace,
        ztunnel=options.ztunnel_namespace,
        gateways=options.gateway_namespace,
    )
    return replace(mesh, places=places)
