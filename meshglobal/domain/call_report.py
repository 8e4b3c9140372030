"""What `call` prints: for each cluster who called whom how, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from meshglobal.domain.call import Header, Method
from meshglobal.domain.call_remote import Remote, Shown
from meshglobal.domain.call_source import Source
from meshglobal.domain.call_statistics import Figures
from meshglobal.domain.errors import ExitCode
from meshglobal.domain.failure import Failure
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.report import API_VERSION, ClusterReport, Problem


class OneAnswer(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The answer to a single call; its body is not kept."""

    status: int
    headers: tuple[Header, ...] = ()
    body_size: int = 0


class Calls(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The calls from one cluster.

    Attributes:
        context: where the caller is.
        url: what was called; null where that could not be told.
        source: who called; null where nobody could.
        method: how curl got there; null where it did not.
        count: how many calls were to be made.
        figures: what came of those that ended.
        remote: whether they show the path to other clusters; null where that was not asked.
        answer: of a single call; null where none came.
        failure: why they could not be made, or not all of them.
        remains: what stays behind in the cluster; empty: nothing.
    """

    context: str
    host: str | None = None
    port: int | None = None
    url: str | None = None
    source: Source | None = None
    method: Method | None = None
    count: int = 1
    figures: Figures = Figures()
    remote: Remote | None = None
    answer: OneAnswer | None = None
    failure: Failure | None = None
    remains: str = ""


class CallReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The whole result of a run of `call`. ``findings``: those on traffic alone."""

    api_version: str = API_VERSION
    kind: str = "CallReport"
    command: str = "call"
    exit_code: int = 0
    error: Problem | None = None
    namespace: str = ""
    service: str = ""
    clusters: tuple[ClusterReport, ...] = ()
    calls: tuple[Calls, ...] = ()
    findings: tuple[Finding, ...] = ()


def call_exit_code(calls: Sequence[Calls], findings: Sequence[Finding]) -> ExitCode:
    """What the run ends with: findings before what could not be called, both before success."""
    shown = {one.remote.shown for one in calls if one.remote is not None}
    if any(one.level is Level.ERROR for one in findings) or Shown.NO in shown:
        return ExitCode.FINDINGS
    if any(one.failure is not None for one in calls) or Shown.UNKNOWN in shown or not calls:
        return ExitCode.CANNOT_CHECK
    return ExitCode.OK
