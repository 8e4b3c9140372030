"""One service in one cluster, as the links of a chain look at it, and how a link says what it saw."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.diagnosis import ChainLink, Outcome
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Service
from meshglobal.domain.verdict import Verdict
from meshglobal.domain.view import ClusterView

_MANY = 8
_FEW = 3


def listed(contexts: Sequence[str]) -> str:
    """Clusters in a sentence; of many the first few."""
    if len(contexts) <= _MANY:
        return ", ".join(contexts)
    return f"{', '.join(contexts[:_FEW])} and {len(contexts) - _FEW} more"


@dataclass(frozen=True, slots=True)
class Place:
    """One service in one cluster. ``findings``: all of the mesh."""

    view: ClusterView
    key: ServiceKey
    mesh: Mesh
    findings: tuple[Finding, ...]

    @property
    def service(self) -> Service | None:
        """The cluster's own Service."""
        return self.view.services.get(self.key)

    def no_service(self, such: str = "") -> ChainLink:
        """What is said where no Service is in hand: it may not have been read. ``such``: what it would have to be."""
        why = self.view.cluster.why_unread(kinds.SERVICE, self.key.namespace, self.key.name)
        return unchecked(why, Level.UNKNOWN) if why else unchecked(f"there is no Service here{such}")

    @property
    def publishers(self) -> list[str]:
        """The clusters that publish it, by name."""
        return sorted({one.context for one in self.mesh.expectation.publications if one.key == self.key})

    @property
    def serving(self) -> list[str]:
        """Those of them whose endpoints are to be reached from here, by name (R10)."""
        return sorted({context for one in self.verdicts for context in one.publishers})

    @property
    def unread(self) -> str:
        """The other clusters that may publish it without our knowing, for a sentence; empty: none."""
        return listed(sorted(context for context in self.mesh.expectation.unread if context != self.view.context))

    @property
    def verdicts(self) -> list[Verdict]:
        """What is said of its hosts here."""
        about = (self.view.context, self.key.namespace, self.key.name)
        return [one for one in self.mesh.verdicts if (one.context, one.namespace, one.service) == about]

    def found(self, *codes: str, about: str | None = None) -> Finding | None:
        """The first finding here whose code begins so; ``about``: with another cluster in its evidence."""
        for code in codes:
            for one in self.findings:
                if one.code.startswith(code) and self._concerns(one) and _is_about(one, about):
                    return one
        return None

    def command(self, name: str) -> str:
        """A command of ours for this service in this cluster."""
        return (
            f"meshglobal {name} svc {self.key.name} -n {self.key.namespace} --context {shlex.quote(self.view.context)}"
        )

    def _concerns(self, finding: Finding) -> bool:
        is_ours = finding.service is None or (finding.namespace, finding.service) == self.key
        if finding.context is not None:
            return is_ours and finding.context == self.view.context
        return is_ours and any(seen.context == self.view.context for seen in finding.evidence)


def _is_about(finding: Finding, other: str | None) -> bool:
    return other is None or any(seen.context == other for seen in finding.evidence)


def ok(message: str = "") -> ChainLink:
    """A link that holds."""
    return ChainLink(name="", outcome=Outcome.OK, message=message)


def unchecked(why: str, level: Level | None = None) -> ChainLink:
    """A link that was not looked at; with a level where it should have been."""
    return ChainLink(name="", outcome=Outcome.UNCHECKED, message=why, level=level)


def broken(message: str, level: Level = Level.ERROR, found: Finding | None = None, *, remedy: str = "") -> ChainLink:
    """A link that does not hold; ``found`` says why, and its remedy goes before ``remedy``."""
    if found is None:
        return ChainLink(name="", outcome=Outcome.BROKEN, message=message, level=level, remedy=remedy)
    return ChainLink(
        name="",
        outcome=Outcome.BROKEN,
        message=message,
        level=level,
        cause=found.message if found.message != message else "",
        code=found.code,
        remedy=found.remedy or remedy,
    )
