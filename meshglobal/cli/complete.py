"""Live completion: contexts from the kubeconfig, namespaces and services from the clusters.

Completion must be quick and silent: whatever goes wrong, nothing is offered. Imports stay inside the functions.
"""

from __future__ import annotations

from typing import Any


def complete_contexts(ctx: Any, incomplete: str) -> list[str]:
    """Names of contexts that begin like what was typed."""
    from meshglobal.bootstrap import context_names
    from meshglobal.domain.errors import MeshglobalError

    head, comma, last = incomplete.rpartition(",")
    try:
        names = context_names(ctx.params.get("kubeconfig"))
    except MeshglobalError:
        return []
    return [f"{head}{comma}{name}" for name in names if name.startswith(last)]


def complete_namespaces(ctx: Any, incomplete: str) -> list[str]:
    """Names of namespaces in the selected clusters."""
    from meshglobal.bootstrap import namespace_names

    return [name for name in namespace_names(ctx.params) if name.startswith(incomplete)]


def complete_targets(ctx: Any, incomplete: str) -> list[str]:
    """Kinds, then names of services or namespaces, for commands that take ``svc|ns NAME``."""
    from meshglobal.bootstrap import namespace_names, service_names

    typed = ctx.params.get("targets") or []
    if not typed:
        return [word for word in ("svc", "ns") if word.startswith(incomplete)]
    names = namespace_names(ctx.params) if typed[0].startswith(("ns", "namespace")) else service_names(ctx.params)
    return [name for name in names if name.startswith(incomplete) and name not in typed]
