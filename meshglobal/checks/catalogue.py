"""All checks, found by walking this package: there is no list to keep."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import meshglobal.checks
from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.kinds import Kind

_ORDER = {Level.ERROR: 0, Level.WARNING: 1, Level.UNKNOWN: 2}


@dataclass(frozen=True, slots=True)
class Listed:
    """A check with its documentation and its area (the package that it stands in)."""

    check: Check
    area: str
    documentation: str


@cache
def catalogue() -> tuple[Listed, ...]:
    """Every check, by code."""
    found = []
    for module in pkgutil.walk_packages(meshglobal.checks.__path__, "meshglobal.checks."):
        area, _, name = module.name.removeprefix("meshglobal.checks.").rpartition(".")
        if name.startswith("mg"):
            loaded = importlib.import_module(module.name)
            found.append(Listed(loaded.CHECK, area, inspect.cleandoc(loaded.__doc__ or "")))
    return tuple(sorted(found, key=lambda listed: listed.check.code))


def check_named(name: str) -> Listed | None:
    """The check of a code or slug, whatever the letter case."""
    wanted = name.casefold()
    return next((one for one in catalogue() if wanted in (one.check.code.casefold(), one.check.slug)), None)


def needs_of(checks: Iterable[Check]) -> tuple[Kind, ...]:
    """The kinds that some checks need, each once."""
    return tuple(dict.fromkeys(kind for check in checks for kind in check.needs))


def checks_within(kinds: Container[Kind]) -> tuple[Check, ...]:
    """The checks that need nothing but these kinds."""
    return tuple(listed.check for listed in catalogue() if all(kind in kinds for kind in listed.check.needs))


def findings_of(mesh: Mesh, checks: Sequence[Check] | None = None) -> list[Finding]:
    """What the checks (all of them by default) find: errors first, then by code and subject."""
    chosen = checks if checks is not None else [listed.check for listed in catalogue()]
    return in_order(finding for check in chosen for finding in check.find(mesh))


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings, each once: errors first, then by code and subject."""
    found = {finding.fingerprint: finding for finding in findings}
    return sorted(found.values(), key=lambda one: (_ORDER[one.level], one.code, one.subject, one.message))
