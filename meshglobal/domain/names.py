"""Names and hosts as strings: global hosts, generated entries' names, DNS labels (R6, R8, R19, R21).

Only string rules stand here: what a name looks like, not which names must exist.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

DEFAULT_DOMAIN = "mesh.internal"
LOCAL_DOMAIN = "svc.cluster.local"
ISTIO_NAMESPACE = "istio-system"
GENERATED_PREFIX = "autogen."
FLAT_PREFIX = "autogenflat."

_DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")


class ServiceKey(NamedTuple):
    """What joins one service across clusters: namespace and name (namespace sameness)."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


@lru_cache(maxsize=1 << 16)
def shared_key(namespace: str, name: str) -> ServiceKey:
    """The key of a service, held once: the same services stand in every cluster, and are looked up in all of them."""
    return ServiceKey(namespace, name)


class SplitHost(NamedTuple):
    """A global host taken apart: ``<name>.<namespace>.<domain>``."""

    key: ServiceKey
    domain: str


def is_dns_label(text: str) -> bool:
    """Whether the text can name a Service or a Namespace (RFC 1123 label)."""
    return _DNS_LABEL.fullmatch(text) is not None


def is_dns_name(text: str) -> bool:
    """Whether the text is a DNS name of one or more labels, at most 253 characters."""
    return 0 < len(text) <= 253 and all(is_dns_label(label) for label in text.split("."))  # noqa: PLR2004 - RFC 1123


def global_host(key: ServiceKey, domain: str = DEFAULT_DOMAIN) -> str:
    """The hostname under which a published service is reachable (R6)."""
    return f"{key.name}.{key.namespace}.{domain}"


def split_host(host: str) -> SplitHost | None:
    """The parts of a host of the form ``<name>.<namespace>.<domain>``; None for any other text."""
    parts = host.split(".", 2)
    if len(parts) < 3 or not all(parts):  # noqa: PLR2004 - name, namespace, domain
        return None
    name, namespace, domain = parts
    return SplitHost(ServiceKey(namespace, name), domain)


def entry_name(key: ServiceKey, segment: str | None = None) -> str:
    """The name of a generated ServiceEntry: with the segment's name in it outside the default segment (R8)."""
    middle = f"{segment}." if segment else ""
    return f"{GENERATED_PREFIX}{middle}{key.namespace}.{key.name}"


def entry_names(key: ServiceKey, segment: str | None) -> tuple[str, ...]:
    """Every documented name of the entry: the segment form and the short form are both seen (R8)."""
    return (entry_name(key),) if segment is None else (entry_name(key, segment), entry_name(key))


def peer_entry_name(peer: str, key: ServiceKey) -> str:
    """The name of the WorkloadEntry that stands for a peer cluster's endpoints (R19)."""
    return f"{GENERATED_PREFIX}{peer}.{key.namespace}.{key.name}"


def is_generated(name: str) -> bool:
    """Whether a ServiceEntry or WorkloadEntry of this name was written by the control plane."""
    return name.startswith((GENERATED_PREFIX, FLAT_PREFIX))


@lru_cache(maxsize=1 << 16)  # the same names stand in every cluster
def generated_for(name: str) -> ServiceKey | None:
    """The service that a generated entry's name ends in: ``autogen.[…].<namespace>.<service>`` (R8, R19).

    None for names of another form, such as those of a flat network's pods (R21).
    """
    if not name.startswith(GENERATED_PREFIX):
        return None
    parts = name.split(".")
    if len(parts) < 3 or not all(parts):  # noqa: PLR2004 - prefix, namespace, service
        return None
    return shared_key(parts[-2], parts[-1])


def peer_in(name: str) -> str | None:
    """The peer cluster in a generated WorkloadEntry's name ``autogen.<cluster>.<namespace>.<service>`` (R19)."""
    key = generated_for(name)
    if key is None:
        return None
    return name.removeprefix(GENERATED_PREFIX).removesuffix(f"{key.namespace}.{key.name}").rstrip(".") or None
