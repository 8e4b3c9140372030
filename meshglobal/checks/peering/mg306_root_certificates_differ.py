"""Two clusters share no root certificate (ConfigMap `istio-ca-root-cert`).

Their workloads and gateways then refuse each other's certificates, and peering fails. While a root is being replaced
clusters have two; as long as two clusters have one in common, nothing is wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import combinations

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.objects import ConfigMap
from meshglobal.domain.view import ClusterView

_NAME, _KEY = "istio-ca-root-cert", "root-cert.pem"

CHECK = Check(
    code="MG306",
    slug="root-certificates-differ",
    title="Clusters do not trust a common root certificate",
    level=Level.ERROR,
    summary="{context} and {peer} have no root certificate in common",
    remedy="",
    needs=(kinds.CONFIG_MAP,),
    rule="R34",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Pairs of clusters in which the ConfigMap was found; each pair once."""
    roots = {view.context: found for view in mesh.views if (found := _roots(view, mesh.istio_namespace))}
    for one, other in combinations(sorted(roots), 2):
        if not roots[one] & roots[other]:
            evidence = tuple(_seen(context, mesh.istio_namespace, roots[context]) for context in (one, other))
            yield CHECK.finding(context=one, peer=other, evidence=evidence)


def _roots(view: ClusterView, namespace: str) -> frozenset[str]:
    """Hashes of the certificates, which do not depend on how the text is wrapped."""
    texts = (
        (found.data or {}).get(_KEY, "")
        for found in view.cluster.of(kinds.CONFIG_MAP, ConfigMap)
        if (found.namespace, found.name) == (namespace, _NAME)
    )
    blocks = (
        block.partition("-----END")[0] for text in texts for block in text.split("-----BEGIN CERTIFICATE-----")[1:]
    )
    return frozenset(hashlib.sha256("".join(block.split()).encode()).hexdigest()[:16] for block in blocks)


def _seen(context: str, namespace: str, roots: frozenset[str]) -> Evidence:
    return Evidence(
        context=context,
        kind="ConfigMap",
        namespace=namespace,
        name=_NAME,
        field=f"data[{_KEY}]",
        value=", ".join(f"sha256:{root}" for root in sorted(roots)),
    )
