"""A finding: something that is wrong or doubtful in the mesh, with what was seen and one way to mend it."""

from __future__ import annotations

import hashlib
from enum import StrEnum

import msgspec


class Level(StrEnum):
    """How bad a finding is. ``unknown``: something could not be looked at."""

    UNKNOWN = "unknown"
    WARNING = "warning"
    ERROR = "error"


class Evidence(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What was seen, where: a field of an object in a cluster, its value, and the value that would be right.

    ``name`` may be empty where the absence of an object is what was seen; ``value`` null where the field is not set.
    """

    context: str
    kind: str
    namespace: str | None = None
    name: str = ""
    field: str = ""
    value: str | None = None
    expected: str | None = None


class Finding(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One thing that is wrong.

    Attributes:
        code, slug: of the check that found it; codes are never used again for something else.
        level: how bad.
        message: one sentence: what, where.
        remedy: what to do: a command wherever one does it; empty where only a person can decide.
        context: the cluster concerned; null where it concerns the mesh.
        namespace, service: the service concerned; null where it concerns clusters.
        evidence: what was seen.
        rule: the rule of the reference that it rests on.
    """

    code: str
    slug: str
    level: Level
    message: str
    remedy: str = ""
    context: str | None = None
    namespace: str | None = None
    service: str | None = None
    evidence: tuple[Evidence, ...] = ()
    rule: str = ""

    @property
    def subject(self) -> str:
        """What it is about, for people and patterns: ``cluster1 bookinfo/productpage``."""
        service = f"{self.namespace}/{self.service}" if self.service else (self.namespace or "")
        return " ".join(part for part in (self.context or "", service) if part)

    @property
    def fingerprint(self) -> str:
        """The same for the same finding in every run, whatever its words and the order of the clusters."""
        seen = (f"{one.context}|{one.kind}|{one.namespace or ''}|{one.name}|{one.field}" for one in self.evidence)
        parts = (self.code, self.context or "", self.namespace or "", self.service or "", *sorted(seen))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
