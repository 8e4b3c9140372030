"""What is said of one global host in one cluster: a state, its severity, and the reason."""

from __future__ import annotations

import hashlib
from enum import IntEnum, StrEnum

import msgspec


class State(StrEnum):
    """The six states of a global host in a cluster."""

    READY = "Ready"
    PARTIAL = "Partial"
    MISSING = "Missing"
    DRIFT = "Drift"
    STALE = "Stale"
    UNKNOWN = "Unknown"


class Deviation(StrEnum):
    """What a reason speaks of, for machines. Where there is one, a finding says what mends it."""

    ENTRY_MISSING = "entry-missing"
    OTHER_HOST = "other-host"
    OTHER_PORTS = "other-ports"
    OTHER_RESOLUTION = "other-resolution"
    SEVERAL_ENTRIES = "several-entries"
    STALE_ENTRY = "stale-entry"
    PEER_MISSING = "peer-missing"


class Severity(IntEnum):
    """How bad; ordered, so that a threshold can be compared with."""

    OK = 0
    UNKNOWN = 1
    WARNING = 2
    ERROR = 3


SEVERITIES: dict[State, Severity] = {
    State.READY: Severity.OK,
    State.UNKNOWN: Severity.UNKNOWN,
    State.PARTIAL: Severity.WARNING,
    State.MISSING: Severity.ERROR,
    State.DRIFT: Severity.ERROR,
    State.STALE: Severity.ERROR,
}


class Verdict(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One global host in one cluster.

    Attributes:
        namespace, service: which service.
        context: the cluster.
        state: one of the six.
        reason: why, in a sentence; for a Ready host a remark, or empty.
        host: the host expected; None when none is, or when none can be computed.
        found_hosts: the hosts on the generated entries that were found for the service there.
        entry: the name of the ServiceEntry that was judged.
        entry_created: its creation time, RFC 3339.
        publishers: the contexts whose endpoints stand behind the host.
        missing_peers: the publishers whose endpoints have not joined here (R19).
        deviations: what is wrong with the generated entries, as the reason says it.
    """

    namespace: str
    service: str
    context: str
    state: State
    reason: str = ""
    host: str | None = None
    found_hosts: tuple[str, ...] = ()
    entry: str | None = None
    entry_created: str | None = None
    publishers: tuple[str, ...] = ()
    missing_peers: tuple[str, ...] = ()
    deviations: tuple[Deviation, ...] = ()

    @property
    def severity(self) -> Severity:
        """How bad the state is."""
        return SEVERITIES[self.state]

    @property
    def code(self) -> str:
        """The state as reports and waivers name it: ``host-missing``."""
        return f"host-{self.state.value.lower()}"

    @property
    def fingerprint(self) -> str:
        """Of what is wrong where; the same in every run, whatever the reason's words."""
        parts = (self.state.value, self.context, self.namespace, self.service, self.host or "")
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
