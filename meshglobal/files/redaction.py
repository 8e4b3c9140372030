"""What of a bundle stays when it is redacted: everything that a check looks at, and no name of anybody's.

Every text is replaced (`Pseudonyms`) unless it stands in a field whose values the API defines, or under a key of the
mesh whose value is a setting. A field that is added to the records is therefore replaced until somebody says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from meshglobal.app.collecting import Collected
from meshglobal.app.ports import Member
from meshglobal.domain import kinds, labels
from meshglobal.domain.circumstances import Circumstances
from meshglobal.domain.failure import Failure, failure
from meshglobal.domain.kinds import Kind
from meshglobal.domain.misspelling import intended
from meshglobal.domain.objects import Gateway, Namespace, Object
from meshglobal.domain.snapshot import ClusterSnapshot, Gap, MeshSnapshot, Query
from meshglobal.files.pseudonyms import Pseudonyms

# Fields whose values the API defines.
# fmt: off
_DEFINED = frozenset(
    {
        "kind", "group", "type", "status", "reason", "phase", "protocol", "appProtocol", "resolution", "location",
        "gatewayClassName", "addressType", "trafficDistribution", "creationTimestamp", "deletionTimestamp",
        "resourceVersion", "targetPort", "sectionName", "apiVersion", "from", "operator", "method",
    }
)
# fmt: on
_MAPS = {
    "labels": labels.Section.LABEL,
    "matchLabels": labels.Section.LABEL,
    "selector": labels.Section.LABEL,
    "annotations": labels.Section.ANNOTATION,
}
_PUBLIC_PREFIXES = ("k8s.io", "kubernetes.io", "istio.io", "solo.io")
_PUBLIC_KEYS = frozenset({"app", "version", "k8s-app", "istio", "istio-injection", "release"})
_SETTINGS = frozenset(
    {
        labels.SERVICE_SCOPE,
        labels.SERVICE_TAKEOVER,
        labels.TRAFFIC_DISTRIBUTION,
        labels.DATAPLANE_MODE,
        labels.INJECTION,
        labels.SIDECAR_INJECT,
        labels.REVISION,
        labels.EXPOSE_ISTIOD,
        "gateway.networking.k8s.io/gateway-class-name",
        "peering.solo.io/data-plane-service-type",
    }
)
_KNOWN_IMAGES = frozenset({"pilot", "proxyv2", "ztunnel", "install-cni"})
_PLACEHOLDER = re.compile(r"(\{[^{}]*\})")
_PLACEHOLDERS = frozenset({"{service}", "{namespace}"})
_PLACEHOLDER_OF_KEY = re.compile(r"\{(labels|annotations)\[(['\"])(.+)\2\]\}")
_CERTIFICATE = "-----BEGIN CERTIFICATE-----"


def redacted(found: Collected, key: bytes) -> Redaction:
    """What was collected, to be redacted under a key of at least 32 random bytes."""
    clusters = {member.context for member in found.members}
    networks = set(_networks(found.snapshot))
    return Redaction(Pseudonyms(key, clusters | networks, {found.istio_namespace}))


@dataclass(frozen=True, slots=True)
class Redaction:
    """Replaces the names of one bundle."""

    names: Pseudonyms

    def frame(self, found: Collected) -> Collected:
        """Everything but the objects, which are left out."""
        clusters = tuple(self._cluster(one) for one in found.snapshot.clusters)
        members = tuple(
            Member(
                self.names.text(one.context),
                f"https://{self.names.secret(one.server)[:12]}",
                None if one.namespace is None else self.names.text(one.namespace),
            )
            for one in found.members
        )
        namespace = None if found.namespace is None else self.names.text(found.namespace)
        return replace(found, namespace=namespace, members=members, snapshot=MeshSnapshot(clusters))

    def object(self, kind: Kind, found: Object) -> Object:
        """One object."""
        body = self._value(msgspec.to_builtins(found), "", in_ports=False)
        redone: Object = msgspec.convert(body, kind.record)
        return redone

    def _cluster(self, cluster: ClusterSnapshot) -> ClusterSnapshot:
        context = self.names.text(cluster.context)
        return ClusterSnapshot(
            context=context,
            uid=self.names.secret(cluster.uid)[:32] if cluster.uid else "",
            aliases=tuple(map(self.names.text, cluster.aliases)),
            queries=tuple(map(self._query, cluster.queries)),
            gaps=tuple(self._gap(gap, context) for gap in cluster.gaps),
            circumstances=self._circumstances(cluster.circumstances),
        )

    def _query(self, query: Query) -> Query:
        place = None if query.namespace is None else self.names.text(query.namespace)
        name = None if query.name is None else self.names.text(query.name)
        return replace(query, namespace=place, name=name)

    def _gap(self, gap: Gap, context: str) -> Gap:
        told_apart = self.names.secret(gap.failure.message)[:6]
        message = f"it could not be read; what was said about it is left out ({told_apart})"
        found: Failure = failure(gap.failure.cause, message, context)
        return Gap(found, None if gap.query is None else self._query(gap.query))

    def _circumstances(self, noticed: Circumstances) -> Circumstances:
        return msgspec.structs.replace(
            noticed,
            names={self.names.text(name): is_known for name, is_known in noticed.names.items()},
            unsteady=tuple(
                msgspec.structs.replace(one, namespace=self.names.text(one.namespace), name=self.names.text(one.name))
                for one in noticed.unsteady
            ),
        )

    def _value(self, value: Any, field: str, *, in_ports: bool) -> Any:
        match value:
            case dict() if field in _MAPS and all(isinstance(one, str) for one in value.values()):
                return dict(self._labels(value, _MAPS[field]))
            case dict() if field == "data":
                return {self.names.text(key): self._certificates(text) for key, text in value.items()}
            case dict():
                return {key: self._value(one, key, in_ports=in_ports) for key, one in value.items()}
            case list() | tuple():
                return [self._value(one, field, in_ports=in_ports or field == "ports") for one in value]
            case str():
                return self._text(value, field, in_ports=in_ports)
        return value

    def _text(self, text: str, field: str, *, in_ports: bool) -> str:
        if field in _DEFINED or (in_ports and field == "name") or not text:
            return text
        if field == "message":
            return ""
        if field == "clusterIP" and text == "None":
            return text
        if field == "image":
            return self._image(text)
        if field == "pattern":
            return "".join(map(self._of_pattern, _PLACEHOLDER.split(text)))
        return self.names.text(text)

    def _of_pattern(self, part: str) -> str:
        """A piece of a pattern of aliases: what a placeholder stands for is defined, the key that it names is not."""
        if part in _PLACEHOLDERS:
            return part
        if (found := _PLACEHOLDER_OF_KEY.fullmatch(part)) is None:
            return self.names.text(part)
        return f"{{{found[1]}[{found[2]}{self._key(found[3], _MAPS[found[1]])}{found[2]}]}}"

    def _image(self, image: str) -> str:
        last = image.rpartition("/")[2]
        return last if last.partition(":")[0] in _KNOWN_IMAGES else self.names.text(image)

    def _labels(self, written: dict[str, str], section: labels.Section) -> Iterator[tuple[str, str]]:
        for key, value in written.items():
            is_kept = key in _SETTINGS or intended(key, section) is not None
            yield self._key(key, section), value if is_kept else self.names.text(value)

    def _key(self, key: str, section: labels.Section) -> str:
        is_public = key in _PUBLIC_KEYS or key.rpartition("/")[0].endswith(_PUBLIC_PREFIXES)
        return key if is_public or intended(key, section) is not None else self.names.text(key)

    def _certificates(self, text: str) -> str:
        """Certificates as other texts that are the same where they were."""
        blocks = [block.partition("-----END")[0] for block in text.split(_CERTIFICATE)[1:]]
        shown = (self.names.secret("".join(block.split())) for block in blocks)
        return "".join(f"{_CERTIFICATE}\n{block}\n-----END CERTIFICATE-----\n" for block in shown)


def _networks(snapshot: MeshSnapshot) -> Iterator[str]:
    for cluster in snapshot.clusters:
        for kind, record in ((kinds.NAMESPACE, Namespace), (kinds.GATEWAY, Gateway)):
            for found in cluster.of(kind, record):
                if (network := found.metadata.label(labels.NETWORK)) is not None:
                    yield network
