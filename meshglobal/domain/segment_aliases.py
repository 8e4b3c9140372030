"""Aliases: further hosts that a Segment gives to the services of its clusters (reference 2.2, since 1.30).

A pattern is filled in from the Service; one that names a label or an annotation which the Service lacks gives it no
alias, and neither does one whose outcome is no DNS name. How entries list their aliases is not documented, so what
entries say is never needed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from meshglobal.domain import kinds
from meshglobal.domain.expectation import Expectation
from meshglobal.domain.listeners import selects
from meshglobal.domain.names import ServiceKey, is_dns_name
from meshglobal.domain.objects import Segment, SegmentAlias, Service
from meshglobal.domain.publication import Publication
from meshglobal.domain.view import ClusterView

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_VALUE = re.compile(r"(labels|annotations)\[(['\"])(.+)\2\]")


class Alias(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A further host of a published service.

    Attributes:
        host: the alias itself.
        namespace, service: whose it is.
        contexts: the clusters whose Segment and Service give it.
    """

    host: str
    namespace: str
    service: str
    contexts: tuple[str, ...]

    @property
    def key(self) -> ServiceKey:
        """The service."""
        return ServiceKey(self.namespace, self.service)


def alias_of(alias: SegmentAlias, service: Service) -> str | None:
    """The host that a pattern gives to a Service; None: none."""
    if alias.selector is not None and not selects(alias.selector, service.metadata.labels or {}):
        return None
    values = {text: _value(text.strip(), service) for text in _PLACEHOLDER.findall(alias.pattern)}
    if None in values.values():
        return None
    host = _PLACEHOLDER.sub(lambda found: values[found[1]] or "", alias.pattern)
    return host if is_dns_name(host) else None


def _value(placeholder: str, service: Service) -> str | None:
    if placeholder == "service":
        return service.name
    if placeholder == "namespace":
        return service.namespace
    if (found := _VALUE.fullmatch(placeholder)) is None:
        return None
    metadata = service.metadata
    return (metadata.label(found[3]) if found[1] == "labels" else metadata.annotation(found[3])) or None


def aliases_of(segment: Segment, service: Service) -> tuple[str, ...]:
    """The hosts that a Segment's patterns give to a Service, each once."""
    hosts = (alias_of(alias, service) for alias in segment.spec.aliases or ())
    return tuple(dict.fromkeys(host for host in hosts if host is not None))


def segment_of(view: ClusterView, istio_namespace: str) -> Segment | None:
    """The Segment that a cluster is in, as the cluster has it; None: the default one, or it is not known."""
    for found in view.cluster.of(kinds.SEGMENT, Segment):
        if found.name == view.home.segment and found.namespace == istio_namespace:
            return found
    return None


def given_aliases(
    views: Sequence[ClusterView], expectation: Expectation, istio_namespace: str
) -> Iterator[tuple[Publication, str]]:
    """The aliases of all that is published, each by the publishing cluster's own copy of its Segment."""
    segments = {view.context: segment_of(view, istio_namespace) for view in views}
    giving = {context: one for context, one in segments.items() if one is not None and one.spec.aliases}
    services = {view.context: view.services for view in views if view.context in giving}
    for publication in expectation.publications if giving else ():
        segment = giving.get(publication.context)
        if segment is not None:
            for host in aliases_of(segment, services[publication.context][publication.key]):
                yield publication, host


def expected_aliases(views: Sequence[ClusterView], expectation: Expectation, istio_namespace: str) -> tuple[Alias, ...]:
    """All aliases of a mesh, by host and service."""
    found: dict[tuple[str, ServiceKey], list[str]] = {}
    for publication, host in given_aliases(views, expectation, istio_namespace):
        found.setdefault((host, publication.key), []).append(publication.context)
    return tuple(
        Alias(host=host, namespace=key.namespace, service=key.name, contexts=tuple(contexts))
        for (host, key), contexts in sorted(found.items())
    )
