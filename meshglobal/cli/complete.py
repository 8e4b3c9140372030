"""Live completion: contexts from the kubeconfig, namespaces and services from the clusters; or all from files.

Completion must be quick and silent: where something cannot be known, nothing is offered.
"""

from __future__ import annotations

from typing import Any


def complete_contexts(ctx: Any, incomplete: str) -> list[str]:
    """Names of contexts that begin like what was typed, also after a comma."""
    from meshglobal.bootstrap import context_names
    from meshglobal.domain.errors import MeshglobalError

    head, comma, last = incomplete.rpartition(",")
    try:
        names = context_names(ctx.params)
    except MeshglobalError:
        return []
    return [f"{head}{comma}{name}" for name in names if name.startswith(last)]


def complete_formats(incomplete: str) -> list[str]:
    """Formats of reports; the shell completes no file after the sign."""
    from meshglobal.render.catalogue import NAMES

    return [f"{name}=" for name in NAMES if name.startswith(incomplete)]


def complete_namespaces(ctx: Any, incomplete: str) -> list[str]:
    """Names of namespaces in the selected clusters."""
    return _live(ctx.params, incomplete, is_namespace=True)


def complete_targets(ctx: Any, incomplete: str) -> list[str]:
    """Kinds, then names of services or namespaces, for commands that take ``svc|ns NAME``."""
    typed = ctx.params.get("targets") or []
    kind, slash, rest = incomplete.partition("/")
    if slash:
        is_namespace = kind.startswith("n")
        return [f"{kind}/{name}" for name in _live(ctx.params, rest, is_namespace=is_namespace)]
    if not typed:
        return [word for word in ("svc", "ns") if word.startswith(incomplete)]
    names = _live(ctx.params, incomplete, is_namespace=typed[0].startswith("n"))
    return [name for name in names if name not in typed]


def complete_segments(ctx: Any, incomplete: str) -> list[str]:
    """Names of Segments in the selected clusters."""
    from meshglobal.bootstrap import completion_names
    from meshglobal.domain import kinds
    from meshglobal.domain.errors import MeshglobalError
    from meshglobal.domain.names import ISTIO_NAMESPACE

    place = ctx.params.get("istio_namespace") or ISTIO_NAMESPACE
    try:
        names = completion_names({**ctx.params, "namespace": place}, kinds.SEGMENT)
    except MeshglobalError:
        return []
    return [name for name in names if name.startswith(incomplete)]


def _live(params: dict[str, Any], incomplete: str, *, is_namespace: bool) -> list[str]:
    from meshglobal.bootstrap import completion_names
    from meshglobal.domain import kinds
    from meshglobal.domain.errors import MeshglobalError

    try:
        names = completion_names(params, kinds.NAMESPACE if is_namespace else kinds.SERVICE)
    except MeshglobalError:
        return []
    return [name for name in names if name.startswith(incomplete)]
