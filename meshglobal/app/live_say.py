"""What is said of a mesh that is followed, look by look; what is the same as before stays the same object."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from meshglobal.app.checking import checked
from meshglobal.app.live_rows import Renewed, Rows
from meshglobal.app.picture import Picture
from meshglobal.app.ports import Clock
from meshglobal.app.selecting import Request, Wanted
from meshglobal.app.touched import Keys
from meshglobal.checks.catalogue import checks_within, in_order
from meshglobal.domain.changes import Change, HostChange, changes
from meshglobal.domain.errors import ExitCode
from meshglobal.domain.finding import Finding
from meshglobal.domain.fleet import FleetCheck
from meshglobal.domain.inventory import Inventory
from meshglobal.domain.report import ClusterReport, Report, cluster_report, summary_of
from meshglobal.domain.snapshot import ClusterSnapshot, Query
from meshglobal.domain.strictness import Strictness
from meshglobal.domain.verdict import State
from meshglobal.domain.waivers import Waived, counted

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LiveOrder:
    """What is followed: which services, what is let pass, and whether the clusters themselves are looked at as well.

    ``thin``: what no table tells is not kept (see `thinned`); no service can be diagnosed then.
    """

    request: Request
    strict: Strictness = field(default_factory=Strictness)
    is_fleet: bool = True
    thin: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the whole mesh.

    Attributes:
        version: grows by one.
        picture: the clusters, joined.
        inventory: what `list` says.
        check: what `check` says; None where it was not asked for, or has not been read yet.
        findings, waived: all that was found of services and clusters.
        changes: what changed since the look before; that clusters have been read at last is no change.
        unread: contexts of which nothing has been heard yet.
    """

    version: int
    picture: Picture
    inventory: Inventory
    check: FleetCheck | None = None
    findings: tuple[Finding, ...] = ()
    waived: tuple[Waived, ...] = ()
    changes: tuple[Change, ...] = ()
    unread: tuple[str, ...] = ()


class Sayings:
    """The last look, and what the next one says differently.

    ``queries``: those that `list` rests on: what else could not be read is for `check` to say.
    """

    def __init__(self, order: LiveOrder, wanted: Wanted, queries: Iterable[Query], clock: Clock) -> None:
        self._order = order
        self._wanted = wanted
        self._queries = frozenset(queries)
        codes = (check.code for check in checks_within({query.kind for query in self._queries}))
        self._listed_codes = frozenset(codes)
        self._clock = clock
        self._rows = Rows(wanted)
        self._last: Look | None = None

    def rows(self, picture: Picture, touched: Keys | None, unread: tuple[str, ...]) -> Look | None:
        """A look after services were touched (None: all of them); None where no row says anything else."""
        last = self._last
        renewed = self._rows.renew(picture, touched)
        clusters = self._clusters(picture)
        if last is not None and not renewed.is_changed and (clusters, unread) == (last.inventory.clusters, last.unread):
            return None
        is_complete = all(cluster.reached and not cluster.unread for cluster in clusters)
        inventory = Inventory(
            exit_code=int(ExitCode.OK if is_complete else ExitCode.CANNOT_CHECK),
            clusters=clusters if last is None else _same(last.inventory.clusters, clusters),
            services=self._rows.services,
            findings=last.inventory.findings if last is not None else (),
            waived=last.inventory.waived if last is not None else (),
            summary=summary_of(self._rows.counts, clusters),
        )
        if last is None:
            self._last = Look(1, picture, inventory, unread=unread)
            return self._last
        told = () if last.unread else self._changes(renewed, inventory.exit_code)
        if not is_complete and clusters != last.inventory.clusters:
            told = tuple(map(_not_gone, told))
        version = last.version + 1
        self._last = replace(last, version=version, picture=picture, inventory=inventory, changes=told, unread=unread)
        return self._last

    def findings(self, picture: Picture, *, is_settled: bool) -> Look | None:
        """A look after what may bring findings about; None where nothing at all changed. There must be rows already.

        Where only the picture differs there is a look as well: it has the objects and references of `service_detail`.
        """
        last = self._last
        if last is None:
            return None
        verdicts, strict = self._rows.verdicts, self._strict
        # What is listed for its entries alone may have inherited a scope that publishes nothing.
        keys = sorted(self._rows.keys.union(key for key in picture.concerned_keys() if key in self._wanted))
        left = counted(picture.findings(verdicts, keys, strict.allowances.expired), verdicts, strict.allowances)
        check = checked(picture, strict) if self._order.is_fleet and is_settled else None
        findings = _same(last.findings, tuple(in_order((*left.findings, *(check.findings if check else ())))))
        waived = _same(last.waived, tuple(dict.fromkeys((*left.waived, *(check.waived if check else ())))))
        inventory = msgspec.structs.replace(
            last.inventory,
            findings=_same(last.inventory.findings, self._listed(left.findings)),
            waived=_same(last.inventory.waived, left.waived),
        )
        check = check if last.check is None or check is None else _same(last.check, check)
        if picture is last.picture and (findings, waived, check) == (last.findings, last.waived, last.check):
            return None
        before = Report(findings=last.findings)
        found = changes(before, Report(findings=findings, exit_code=inventory.exit_code), self._time)
        told = tuple(found) if last.check is not None or not self._order.is_fleet else ()
        self._last = Look(last.version + 1, picture, inventory, check, findings, waived, told, last.unread)
        return self._last

    def _changes(self, renewed: Renewed, code: int) -> tuple[Change, ...]:
        before, after = Report(hosts=tuple(renewed.before)), Report(hosts=tuple(renewed.after), exit_code=code)
        return tuple(changes(before, after, self._time))

    def _listed(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """Those that `list` would tell: it looks at the services that have a row, and reads less."""
        rows = {(service.namespace, service.name) for service in self._rows.services}
        return tuple(
            one
            for one in findings
            if one.code in self._listed_codes and (one.service is None or (one.namespace, one.service) in rows)
        )

    def _clusters(self, picture: Picture) -> tuple[ClusterReport, ...]:
        return tuple(cluster_report(self._as_listed(cluster)) for cluster in picture.snapshot.clusters)

    def _as_listed(self, cluster: ClusterSnapshot) -> ClusterSnapshot:
        gaps = tuple(gap for gap in cluster.gaps if gap.query is None or gap.query in self._queries)
        return cluster if len(gaps) == len(cluster.gaps) else replace(cluster, gaps=gaps)

    @property
    def _strict(self) -> Strictness:
        """As of today: waivers may expire while it runs."""
        today = datetime.fromtimestamp(self._clock.now(), UTC).date().isoformat()
        strict = self._order.strict
        return msgspec.structs.replace(strict, allowances=msgspec.structs.replace(strict.allowances, today=today))

    @property
    def _time(self) -> str:
        return datetime.fromtimestamp(self._clock.now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _not_gone(change: Change) -> Change:
    """When some reading has just been lost, what is not seen any more may be there still."""
    if not isinstance(change, HostChange) or change.after is not None:
        return change
    return msgspec.structs.replace(change, after=State.UNKNOWN, reason="not every cluster could be read")


def _same(before: T, after: T) -> T:
    return before if before == after else after
