"""What findings about drills share: the service, and what was seen of its copy."""

from __future__ import annotations

from meshglobal.domain.drill_seen import DrillSeen
from meshglobal.domain.finding import Evidence
from meshglobal.domain.names import ServiceKey


def key_of(seen: DrillSeen) -> ServiceKey:
    """The service whose copy was taken away."""
    return ServiceKey(seen.namespace, seen.service)


def seen_of(seen: DrillSeen, field: str, value: str, expected: str | None = None) -> tuple[Evidence, ...]:
    """What was seen, at the Service."""
    return (
        Evidence(
            context=seen.context,
            kind="Service",
            namespace=seen.namespace,
            name=seen.service,
            field=field,
            value=value,
            expected=expected,
        ),
    )
