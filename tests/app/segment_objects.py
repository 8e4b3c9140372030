"""Clusters in segments, in YAML, with whatever may name hosts and entries."""

from __future__ import annotations

from typing import Any

import yaml

SEGMENT = """
kind: Segment
metadata: {name: acme, namespace: istio-system}
spec:
  domain: mesh.acme
  aliases:
  - {pattern: "{service}.acme"}
  - {pattern: "{labels['team']}.{service}.{namespace}.acme", selector: {matchLabels: {tier: web}}}
  - {pattern: "{annotations['nick']}.acme"}
  - {pattern: "{nonsense}.acme"}
"""
SERVICE = """
kind: Service
metadata:
  name: reviews
  namespace: bookinfo
  labels: {solo.io/service-scope: global, team: blue, tier: web}
  annotations: {nick: Not_A_Name}
spec: {ports: [{port: 9080, name: http}]}
"""
REFERENCES = """
- kind: HTTPRoute
  metadata: {name: front, namespace: bookinfo}
  spec:
    parentRefs: [{name: ingress}]
    rules:
    - backendRefs:
      - {group: networking.istio.io, kind: Hostname, name: reviews.bookinfo.mesh.internal, port: 9080}
      - {name: reviews, port: 9080}
      filters:
      - type: RequestMirror
        requestMirror: {backendRef: {group: networking.istio.io, kind: Hostname, name: reviews.bookinfo.mesh.internal}}
- kind: HTTPRoute
  metadata: {name: inside, namespace: bookinfo}
  spec: {parentRefs: [{group: networking.istio.io, kind: ServiceEntry, name: autogen.bookinfo.reviews}]}
- kind: DestinationRule
  metadata: {name: balance, namespace: bookinfo}
  spec: {host: Reviews.bookinfo.mesh.internal}
- kind: AuthorizationPolicy
  metadata: {name: allow, namespace: bookinfo}
  spec:
    targetRefs: [{group: networking.istio.io, kind: ServiceEntry, name: autogen.bookinfo.reviews}]
    rules: [{to: [{operation: {hosts: ["*", reviews.bookinfo.mesh.internal], methods: [GET]}}]}]
- kind: VirtualService
  metadata: {name: split, namespace: bookinfo}
  spec:
    hosts: [reviews.bookinfo.mesh.internal, other.example.com]
    http:
    - route: [{destination: {host: reviews.bookinfo.mesh.internal}}]
      mirror: {host: ratings.bookinfo.mesh.internal}
- kind: ServiceEntry
  metadata: {name: by-hand, namespace: bookinfo}
  spec: {hosts: [reviews.bookinfo.mesh.internal]}
"""


def system(segment: str | None = None) -> dict[str, Any]:
    """The control plane's namespace, labelled with a segment."""
    labels = {"admin.solo.io/segment": segment} if segment else {}
    return {"kind": "Namespace", "metadata": {"name": "istio-system", "labels": labels}}


def cluster(segment: str | None = None, *, references: bool = False) -> list[dict[str, Any]]:
    """A cluster with reviews published, the Segment acme, and perhaps all that may name a host."""
    found = [system(segment), {"kind": "Namespace", "metadata": {"name": "bookinfo"}}]
    found += [yaml.safe_load(SEGMENT), yaml.safe_load(SERVICE)]
    return found + (yaml.safe_load(REFERENCES) if references else [])
