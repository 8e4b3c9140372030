"""Traffic distribution: which endpoints a caller prefers (R27-R30)."""

from __future__ import annotations

from meshglobal.domain.labels import BY_NAME, TRAFFIC_DISTRIBUTION
from meshglobal.domain.objects import Service

DEFAULT_MODE = "PreferNetwork"
_KEY = BY_NAME[TRAFFIC_DISTRIBUTION]
MODES: tuple[str, ...] = _KEY.values
UPSTREAM_MODES: tuple[str, ...] = tuple(_KEY.accepted)


def canonical_mode(text: str) -> str | None:
    """The mode in its canonical spelling, whatever the letter case; None when there is no such mode (R28)."""
    wanted = text.casefold()
    return next((mode for mode in (*MODES, *UPSTREAM_MODES) if mode.casefold() == wanted), None)


def mode_of(service: Service) -> str | None:
    """What the Service's own annotation says; None when it has none (a namespace's is not relied upon, R30)."""
    return service.metadata.annotation(TRAFFIC_DISTRIBUTION)
