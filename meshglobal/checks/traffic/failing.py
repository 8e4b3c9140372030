"""Calls that failed in one way, and why: the caller itself, else the first broken link of the service's chain there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from meshglobal.checks.chain import chains_of
from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.remedy import mended_by
from meshglobal.domain import kinds
from meshglobal.domain.call import CallSeen
from meshglobal.domain.diagnosis import Chain
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.names import ServiceKey

LOOKED_AT = (
    kinds.ENDPOINT_SLICE,
    kinds.POD,
    kinds.GATEWAY,
    kinds.HTTP_ROUTE,
    kinds.DESTINATION_RULE,
    kinds.VIRTUAL_SERVICE,
    kinds.AUTHORIZATION_POLICY,
)
"""What the links of a chain look at beside what verdicts rest on, where it was read."""
_BEFORE_ROUTES = frozenset({"reachable", "service", "scope", "segment", "entry", "ports", "peers joined", "endpoints"})


@dataclass(frozen=True, slots=True)
class Failing:
    """Calls of one cluster that failed alike: ``often`` in words, ``said`` by curl the first time."""

    seen: CallSeen
    count: int
    said: str

    @property
    def key(self) -> ServiceKey:
        """What was called."""
        return ServiceKey(self.seen.namespace, self.seen.service)

    @property
    def often(self) -> str:
        """How many of the calls."""
        return "1 call" if self.seen.count == 1 else f"{self.count} of {self.seen.count} calls"

    @property
    def place(self) -> str:
        """Which host and port."""
        return f"{self.seen.host}:{self.seen.port}"

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What was seen, at the caller."""
        namespace, pod = self.seen.caller
        field = f"call http://{self.place}"
        return (
            Evidence(
                context=self.seen.context, kind="Pod", namespace=namespace, name=pod, field=field, value=self.said
            ),
        )


def failing(mesh: Mesh, *kinds: str) -> Iterator[Failing]:
    """The calls that failed in one of some ways (`Answer.kind`)."""
    for seen in mesh.calls:
        for kind, count, said in seen.failed:
            if kind in kinds:
                yield Failing(seen, count, said)


def explained(check: Check, mesh: Mesh, one: Failing, otherwise: str) -> Finding:
    """The finding with its cause: a broken link of the chain, else what is left when the chain holds.

    Args:
        check: whose summary has the placeholders often, place, said and cause.
        mesh: in which it was seen.
        one: the calls.
        otherwise: the cause where no link is broken.
    """
    chain = next((found for found in chains_of(mesh, one.key, ()) if found.context == one.seen.context), None)
    link = chain.broken if chain is not None else None
    cause = f"{link.name}: {link.cause or link.message}" if link is not None else _unknown(chain) or otherwise
    found = check.finding(
        context=one.seen.context,
        key=one.key,
        often=one.often,
        place=one.place,
        said=one.said,
        cause=cause,
        evidence=one.evidence,
    )
    words = link.remedy.split() if link is not None and link.remedy.startswith("meshglobal ") else ()
    return mended_by(found, *words) if words else found


def _unknown(chain: Chain | None) -> str:
    """What of a chain could not be looked at, so that nothing may be said to be well; empty: nothing."""
    links = chain.links if chain is not None else ()
    unread = next((one for one in links if one.level is Level.UNKNOWN and one.name in _BEFORE_ROUTES), None)
    return f"not known: {unread.name}: {unread.message}" if unread is not None else ""
