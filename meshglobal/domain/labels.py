"""Every label and annotation key that meshglobal reads or writes, with its legal values, in one table.

Source: sections 1.1 to 1.4 of the reference.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

SERVICE_SCOPE = "solo.io/service-scope"
SERVICE_TAKEOVER = "solo.io/service-takeover"
TRAFFIC_DISTRIBUTION = "networking.istio.io/traffic-distribution"
SEGMENT = "admin.solo.io/segment"
SERVICE_ALIASES = "solo.io/service-aliases"
PARENT_SERVICE = "solo.io/parent-service"
PARENT_SERVICE_NAMESPACE = "solo.io/parent-service-namespace"
NETWORK = "topology.istio.io/network"
CLUSTER = "topology.istio.io/cluster"
DATAPLANE_MODE = "istio.io/dataplane-mode"
INJECTION = "istio-injection"
SIDECAR_INJECT = "sidecar.istio.io/inject"
REVISION = "istio.io/rev"
USE_WAYPOINT = "istio.io/use-waypoint"
USE_WAYPOINT_NAMESPACE = "istio.io/use-waypoint-namespace"
EXPOSE_ISTIOD = "istio.io/expose-istiod"
TRUST_DOMAIN = "gateway.istio.io/trust-domain"
GATEWAY_SERVICE_ACCOUNT = "gateway.istio.io/service-account"
REGION = "topology.kubernetes.io/region"
ZONE = "topology.kubernetes.io/zone"
MANAGED_BY = "app.kubernetes.io/managed-by"
ROUTED_SERVICE = "meshglobal.dev/routed-service"
LISTENS_AT = "meshglobal.dev/listens-at"
NAMESPACE_NAME = "kubernetes.io/metadata.name"
SERVICE_NAME = "kubernetes.io/service-name"

TAKEOVER_ON = "true"
MANAGED_BY_US = "meshglobal"

_UPSTREAM_ONLY = "known from upstream Istio; whether the Solo distribution takes it is not documented (R28)"


class Section(Enum):
    """Where in an object's metadata a key stands."""

    LABEL = "labels"
    ANNOTATION = "annotations"


class Key(NamedTuple):
    """One key that means something to the mesh.

    ``values`` are the values to write, in canonical spelling; empty: any value. ``accepted`` are further values that
    are read and understood (older or uncertain spellings), each with why it deserves a warning.
    """

    name: str
    section: Section
    kinds: frozenset[str]
    values: tuple[str, ...]
    accepted: dict[str, str]
    rule: str


KEYS: tuple[Key, ...] = (
    Key(
        SERVICE_SCOPE,
        Section.LABEL,
        frozenset({"Service", "Namespace"}),
        ("global", "segment", "cluster"),
        {"global-only": "an older spelling: it equals global together with takeover (R5)"},
        "R1-R5",
    ),
    Key(SERVICE_TAKEOVER, Section.LABEL, frozenset({"Service", "Namespace"}), (TAKEOVER_ON,), {}, "R24-R27"),
    Key(
        TRAFFIC_DISTRIBUTION,
        Section.ANNOTATION,
        frozenset({"Service"}),
        ("PreferNetwork", "PreferClose", "PreferRegion", "Any"),
        {
            "PreferSameZone": _UPSTREAM_ONLY,
            "PreferSameNode": _UPSTREAM_ONLY,
        },
        "R28-R30",
    ),
    Key(SEGMENT, Section.LABEL, frozenset({"Namespace"}), (), {}, "R6, R7"),
    Key(NETWORK, Section.LABEL, frozenset({"Namespace", "Gateway"}), (), {}, "R36"),
    Key(DATAPLANE_MODE, Section.LABEL, frozenset({"Namespace", "Pod"}), ("ambient", "none"), {}, "R37"),
    Key(INJECTION, Section.LABEL, frozenset({"Namespace", "Pod"}), ("enabled", "disabled"), {}, "R37"),
    Key(SIDECAR_INJECT, Section.LABEL, frozenset({"Pod"}), ("true", "false"), {}, "R37"),
    Key(USE_WAYPOINT, Section.LABEL, frozenset({"Service", "Namespace"}), (), {}, "R23"),
)

BY_NAME: dict[str, Key] = {key.name: key for key in KEYS}
