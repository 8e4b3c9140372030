"""Whether calls have shown that the path to other clusters works: yes, no, or it cannot be told."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from meshglobal.domain import kinds
from meshglobal.domain.call_statistics import Figures
from meshglobal.domain.expectation import ExpectedEntry
from meshglobal.domain.inventory import endpoints_of
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.view import ClusterView


class Shown(StrEnum):
    """The answer."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Remote(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Whether a request reached another cluster, and what that rests on."""

    shown: Shown
    reason: str


def remote_of(context: str, figures: Figures, why_local_cannot: str) -> Remote:
    """What a series shows of the path across clusters.

    Args:
        context: where the caller is.
        figures: what came of its calls.
        why_local_cannot: why this cluster itself cannot have answered; empty: it may have.
    """
    elsewhere = [one for one in figures.served_by if one.context not in (None, context)]
    if elsewhere:
        said = ", ".join(f"{one.context} {one.count}" for one in elsewhere)
        return Remote(shown=Shown.YES, reason=f"answered by other clusters: {said} of {figures.ended}")
    if why_local_cannot:
        if figures.good:
            return Remote(shown=Shown.YES, reason=f"{figures.good} of {figures.ended} answered, and {why_local_cannot}")
        return Remote(shown=Shown.NO, reason=f"no good answer came, and {why_local_cannot}")
    if not figures.good:
        return Remote(shown=Shown.UNKNOWN, reason="no good answer came, of whatever cluster")
    here = sum(one.count for one in figures.served_by if one.context == context)
    if here == figures.ended:
        return Remote(shown=Shown.UNKNOWN, reason=f"all {here} were answered by {context} itself")
    return Remote(
        shown=Shown.UNKNOWN, reason="the answers do not say which cluster gave them: --identify tells how to see it"
    )


def why_local_cannot(view: ClusterView, key: ServiceKey, expected: Sequence[ExpectedEntry]) -> str:
    """Why a cluster's own endpoints cannot be behind the host (R18, R22); empty: they may be, or it is not known."""
    if any(view.context in one.publishers for one in expected):
        own = endpoints_of(view, key)
        return f"{view.context} has no ready endpoint" if own is not None and not own.ready else ""
    if not expected or not view.cluster.has_read(kinds.SERVICE, key.namespace, key.name) or view.why_unclear(key):
        return ""
    return f"{view.context} does not publish it"
