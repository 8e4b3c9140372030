"""What `diagnose` says: for each cluster a chain from the context to the peers, and one cause with one command."""

from __future__ import annotations

import shlex
from enum import StrEnum

import msgspec

from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.report import API_VERSION, ClusterReport, Problem, Summary
from meshglobal.domain.waivers import Waived


class Outcome(StrEnum):
    """What became of one link."""

    OK = "ok"
    BROKEN = "broken"
    UNCHECKED = "not checked"


class ChainLink(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One link of a chain.

    Attributes:
        name: which.
        message: what was seen; for a link that was not checked, why not.
        level: how bad, if it is broken; ``unknown`` where something could not be read; null where all is well.
        cause: what broke it, where that is known better than the message says.
        code: the finding that says so; null where there is none.
        remedy: one command; empty where none mends it.
        waived: why a broken link does not count; empty: it does.
    """

    name: str
    outcome: Outcome
    message: str = ""
    level: Level | None = None
    cause: str = ""
    code: str | None = None
    remedy: str = ""
    waived: str = ""


class Chain(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The links of one cluster, in order; after the first broken one nothing is checked."""

    context: str
    links: tuple[ChainLink, ...]

    @property
    def broken(self) -> ChainLink | None:
        """The first broken link, after which nothing was checked."""
        return next((link for link in self.links if link.outcome is Outcome.BROKEN), None)


class RootCause(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The one thing to mend first: in which clusters, which link, what, and how.

    ``link`` is empty where no link is broken. ``explains``: the codes of other findings that this one brings about.
    """

    contexts: tuple[str, ...]
    link: str
    level: Level
    message: str
    code: str | None = None
    remedy: str = ""
    explains: tuple[str, ...] = ()


class Diagnosis(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `diagnose` prints. ``cause`` is null where no chain is broken, or all that is broken is waived.

    ``doubt`` is then the finding to look at first, null where there is none either.
    """

    api_version: str = API_VERSION
    kind: str = "Diagnosis"
    command: str = "diagnose"
    exit_code: int = 0
    fail_on: str = "error"
    error: Problem | None = None
    namespace: str = ""
    service: str = ""
    hosts: tuple[str, ...] = ()
    clusters: tuple[ClusterReport, ...] = ()
    chains: tuple[Chain, ...] = ()
    cause: RootCause | None = None
    doubt: RootCause | None = None
    findings: tuple[Finding, ...] = ()
    waived: tuple[Waived, ...] = ()
    summary: Summary = Summary()


LEVELS = {Level.ERROR: 0, Level.WARNING: 1, Level.UNKNOWN: 2}


def root_cause(chains: tuple[Chain, ...]) -> RootCause | None:
    """The worst of the broken links, and of these the one that comes first in the chain; alike in some clusters."""
    broken = [
        (LEVELS[link.level or Level.ERROR], position, chain.context, link)
        for chain in chains
        for position, link in enumerate(chain.links)
        if link.outcome is Outcome.BROKEN and not link.waived
    ]
    if not broken:
        return None
    level, position, context, first = min(broken, key=lambda one: one[:3])
    alike = [
        other
        for severity, place, other, link in broken
        if first.code is link.code is None and (severity, place, link.message) == (level, position, first.message)
    ]
    contexts = tuple(alike) or (context,)
    return RootCause(
        contexts=contexts,
        link=first.name,
        level=first.level or Level.ERROR,
        message=first.cause or first.message,
        code=first.code,
        remedy=for_all(first.remedy, context, contexts),
    )


def for_all(remedy: str, context: str, contexts: tuple[str, ...]) -> str:
    """Our own commands take several contexts at once."""
    if not remedy.startswith("meshglobal "):
        return remedy
    one, all_of_them = shlex.quote(context), shlex.quote(",".join(contexts))
    words = f"{remedy} ".replace(f"--context {one} ", f"--context {all_of_them} ")
    return words.removesuffix(" ")
