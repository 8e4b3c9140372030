"""Check what a user wants to write, before anything is sent (R3, R28)."""

from __future__ import annotations

from meshglobal.domain import scope
from meshglobal.domain.distribution import MODES, UPSTREAM_MODES, canonical_mode
from meshglobal.domain.errors import UsageError

WRITABLE_SCOPES = (scope.GLOBAL, scope.SEGMENT)


def checked_scope(text: str) -> str:
    """A scope that `expose` may write.

    Raises:
        UsageError: any other, with the legal values.
    """
    if text in WRITABLE_SCOPES:
        return text
    if text == scope.GLOBAL_ONLY:
        raise UsageError("--scope global-only is an older spelling (R5)", "use --scope global --takeover")
    if text == scope.CLUSTER:
        raise UsageError("--scope cluster publishes nothing", "use: meshglobal unexpose --opt-out")
    raise UsageError(f"--scope {text!r} is unknown: use {' or '.join(WRITABLE_SCOPES)}")


def checked_mode(text: str | None, *, is_namespace: bool) -> str | None:
    """A distribution mode in its canonical spelling.

    Raises:
        UsageError: an unknown mode, or a mode for a Namespace, where it cannot be relied upon (R30).
    """
    if text is None:
        return None
    if is_namespace:
        raise UsageError(
            "--traffic-distribution works on services only: on a namespace it does not reach the global host (R30)"
        )
    mode = canonical_mode(text)
    if mode is None:
        known = ", ".join(MODES)
        raise UsageError(
            f"--traffic-distribution {text!r} is unknown: use {known} "
            f"(upstream Istio also has {' and '.join(UPSTREAM_MODES)})"
        )
    return mode
