"""Which global hosts exist in a cluster, as far as that can be told, and which one was meant by one that does not.

Only hosts `<name>.<namespace>.<domain>` in a domain of the mesh are spoken of: the default domain and those of the
Segments that some cluster has. Any other host is somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from meshglobal.checks.mesh import Mesh
from meshglobal.checks.network.members import segments_of
from meshglobal.domain import kinds
from meshglobal.domain.labels import SERVICE_ALIASES
from meshglobal.domain.names import DEFAULT_DOMAIN, ServiceKey, SplitHost, is_dns_label
from meshglobal.domain.objects import Segment, ServiceEntry
from meshglobal.domain.view import ClusterView

_PLACEHOLDER = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts of one cluster.

    Attributes:
        entries: the ServiceEntries of all namespaces, by host in small letters.
        wildcards: the ends that entries with a wildcard stand for, such as ``.mesh.internal``.
        aliases: what further hosts of its Segments look like (reference 2.2); entries need not list them.
        is_read: whether a host that is not here does not exist here.
    """

    entries: dict[str, list[ServiceEntry]]
    wildcards: tuple[str, ...]
    aliases: tuple[re.Pattern[str], ...]
    is_read: bool

    def has(self, host: str) -> bool:
        """Whether the host exists here, or may exist as an alias."""
        small = host.casefold()
        return (
            small in self.entries
            or small.endswith(self.wildcards)
            or any(alias.fullmatch(small) for alias in self.aliases)
        )


@lru_cache(maxsize=1)
def hosts_of(mesh: Mesh) -> Mapping[str, Hosts]:
    """The hosts of each cluster, by context; worked out once for all checks of a run, where something names a host."""
    return _HostsByContext(mesh)


class _HostsByContext(dict[str, Hosts]):
    def __init__(self, mesh: Mesh) -> None:
        super().__init__()
        self._mesh = mesh

    def __missing__(self, context: str) -> Hosts:
        view = next(view for view in self._mesh.views if view.context == context)
        found = self[context] = _hosts(view, self._mesh)
        return found


def _hosts(view: ClusterView, mesh: Mesh) -> Hosts:
    found: dict[str, list[ServiceEntry]] = {}
    aliases = list(_patterns(view))
    for entry in view.cluster.of(kinds.SERVICE_ENTRY, ServiceEntry):
        for host in dict.fromkeys(map(str.casefold, entry.hosts)):
            found.setdefault(host, []).append(entry)
        if (listed := entry.metadata.annotation(SERVICE_ALIASES)) is not None:
            aliases += map(re.compile, map(re.escape, re.findall(r"[-a-z0-9.]+", listed.casefold())))
    cluster = view.cluster
    return Hosts(
        entries=found,
        wildcards=tuple(host.removeprefix("*") for host in found if host.startswith("*.")),
        aliases=tuple(aliases),
        is_read=cluster.has_read(kinds.SERVICE_ENTRY) and cluster.has_read(kinds.SEGMENT, mesh.istio_namespace),
    )


def _patterns(view: ClusterView) -> Iterator[re.Pattern[str]]:
    for segment in view.cluster.of(kinds.SEGMENT, Segment):
        for alias in segment.spec.aliases or ():
            yield re.compile(".+".join(map(re.escape, _PLACEHOLDER.split(alias.pattern.casefold()))))


@lru_cache(maxsize=1)
def domains_of(mesh: Mesh) -> tuple[str, ...]:
    """The domains of the mesh, longest first: one may end in another."""
    named = {domain for view in mesh.views for domain in segments_of(view, mesh).values() if domain}
    joined = {view.home.domain for view in mesh.views if view.home.domain is not None}
    return tuple(sorted({DEFAULT_DOMAIN, *named, *joined}, key=lambda domain: (-len(domain), domain)))


def global_host_in(mesh: Mesh, host: str) -> SplitHost | None:
    """A host of the form of R6 in a domain of the mesh, taken apart; None for any other, and for wildcards."""
    small = host.casefold()
    domain = next((one for one in domains_of(mesh) if small.endswith(f".{one}")), None)
    if domain is None:
        return None
    parts = small.removesuffix(f".{domain}").split(".")
    if len(parts) != 2 or not all(map(is_dns_label, parts)):  # noqa: PLR2004 - name and namespace
        return None
    return SplitHost(ServiceKey(parts[1], parts[0]), domain)


def lost_host(mesh: Mesh, view: ClusterView, host: str) -> SplitHost | None:
    """A global host that certainly does not exist in a cluster, and need not; None: it does, or it cannot be told.

    Of a host that must exist, other findings say that its entry is missing.
    """
    found = global_host_in(mesh, host)
    known = hosts_of(mesh)[view.context]
    if found is None or not known.is_read or view.home.problem or known.has(host):
        return None
    return None if host.casefold() in mesh.expectation.entries.get(view.context, {}) else found


def is_asked(mesh: Mesh, key: ServiceKey) -> bool:
    """Whether a service is asked for; all are where the clusters themselves are."""
    return not mesh.keys or key in _asked(mesh)


@lru_cache(maxsize=1)
def _asked(mesh: Mesh) -> frozenset[ServiceKey]:
    return frozenset(mesh.keys)


def text_of(host: SplitHost) -> str:
    """A host put together."""
    return f"{host.key.name}.{host.key.namespace}.{host.domain}"
