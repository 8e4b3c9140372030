"""The documents that only the dashboard has; what commands print as well goes out as they print it."""

from __future__ import annotations

import msgspec

from meshglobal.domain.changes import FindingChange, HostChange
from meshglobal.domain.diagnosis import Diagnosis
from meshglobal.domain.finding import Finding
from meshglobal.domain.fleet import FleetCheck
from meshglobal.domain.inventory import GlobalService
from meshglobal.domain.report import API_VERSION, ClusterReport, Summary
from meshglobal.domain.waivers import Waived


class ContextName(msgspec.Struct, frozen=True):
    """A selected context: its name alone, not where its server is."""

    context: str


class About(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What the page must know of the program behind it.

    Attributes:
        version: of meshglobal.
        source: ``clusters`` or ``bundle`` (everything that ``--from`` reads).
        taken_at: when a bundle was collected, RFC 3339; null for clusters, and where that is not known.
        writes: whether the page may change something.
        protected_contexts: those of the contexts that the settings protect.
        contexts: all that were selected, in that order.
        namespace: the only one that is shown; null: all.
        segment_visibility: which reading of R10 applies.
        started_at: when the program began to listen, RFC 3339.
    """

    api_version: str = API_VERSION
    kind: str = "About"
    version: str
    source: str
    taken_at: str | None
    writes: bool
    protected_contexts: tuple[str, ...]
    contexts: tuple[ContextName, ...]
    namespace: str | None
    segment_visibility: str
    started_at: str


class EntryDocument(msgspec.Struct, frozen=True):
    """A generated entry in one cluster; ``yaml`` has the fields that meshglobal reads."""

    context: str
    kind: str
    name: str
    yaml: str


class ObjectDocument(msgspec.Struct, frozen=True):
    """A Service, or the Namespace that it is in, in one cluster; ``yaml`` as for an entry."""

    context: str
    kind: str
    name: str
    labels: dict[str, str]
    annotations: dict[str, str]
    yaml: str


class Reference(msgspec.Struct, frozen=True):
    """A field of a route, rule or policy that names a host of the service; ``text`` is what stands there."""

    context: str
    kind: str
    namespace: str | None
    name: str
    field: str
    text: str


class ServiceDetail(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Everything about one service.

    Attributes:
        service: its row in the inventory; without hosts where no cluster publishes it.
        diagnosis: what `diagnose` says; of what is still being read it says that it was not looked at.
        entries: what was generated for it, by cluster.
        objects: the Services and Namespaces, by cluster.
        references: what names its hosts.
        history: what changed while the program runs, newest first.
        is_complete: whether all that it rests on has been read, or is known not to be readable.
    """

    api_version: str = API_VERSION
    kind: str = "ServiceDetail"
    service: GlobalService
    diagnosis: Diagnosis | None
    entries: tuple[EntryDocument, ...]
    objects: tuple[ObjectDocument, ...]
    references: tuple[Reference, ...]
    history: tuple[HostChange, ...]
    is_complete: bool


class Findings(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """All that the checks find about services and clusters, and what of it does not count."""

    api_version: str = API_VERSION
    kind: str = "Findings"
    findings: tuple[Finding, ...] = ()
    waived: tuple[Waived, ...] = ()


class Explanation(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `explain` says of one code.

    ``remedy`` has names in capitals where those of a cluster or service belong; ``reads``: the kinds that it rests on;
    ``text`` is in Markdown.
    """

    api_version: str = API_VERSION
    kind: str = "Explanation"
    code: str
    slug: str
    title: str
    level: str
    summary: str
    text: str
    remedy: str
    reads: tuple[str, ...]
    rule: str


class Hello(msgspec.Struct, frozen=True):
    """`event: hello`: the first of a stream. What comes after it is newer than this version."""

    version: int


class ServicesNews(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """`event: services`: the rows that are new or changed, and the names (``namespace/name``) of those that are gone.

    ``clusters`` is null where nothing changed in them; ``summary`` and ``exit_code`` are those of the whole inventory.
    """

    version: int
    services: tuple[GlobalService, ...]
    removed: tuple[str, ...]
    summary: Summary
    clusters: tuple[ClusterReport, ...] | None
    exit_code: int


class CheckNews(msgspec.Struct, frozen=True):
    """`event: check`: the clusters, without findings, which come by themselves."""

    version: int
    check: FleetCheck


class FindingsNews(msgspec.Struct, frozen=True):
    """`event: findings`: all of them."""

    version: int
    findings: tuple[Finding, ...]
    waived: tuple[Waived, ...]


class ChangeNews(msgspec.Struct, frozen=True):
    """`event: change`: something that changed; who comes late gets only the newest for each host and finding."""

    version: int
    change: HostChange | FindingChange


class Ended(msgspec.Struct, frozen=True):
    """`event: ended`: the program ends, and why."""

    message: str
