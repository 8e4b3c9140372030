"""Enrolment, by the labels of a pod and of its Namespace (R37)."""

from __future__ import annotations

import pytest

from meshglobal.sandbox.dataplane import observed
from meshglobal.sandbox.dataplane.enrolment import is_enrolled

MODE, INJECT, INJECTION, REVISION = (
    "istio.io/dataplane-mode",
    "sidecar.istio.io/inject",
    "istio-injection",
    "istio.io/rev",
)


@pytest.mark.parametrize(
    ("own", "namespace", "is_in"),
    [
        ({}, {}, False),
        ({}, {MODE: "ambient"}, True),
        ({MODE: "ambient"}, {}, True),
        ({MODE: "none"}, {MODE: "ambient"}, False),
        ({MODE: "ambient"}, {MODE: "none"}, True),
        ({MODE: "Ambient"}, {}, False),
        ({}, {INJECTION: "enabled"}, True),
        ({}, {INJECTION: "disabled"}, False),
        ({INJECT: "true"}, {INJECTION: "disabled"}, True),
        ({INJECT: "false"}, {INJECTION: "enabled"}, False),
        ({INJECT: "false"}, {INJECTION: "enabled", MODE: "ambient"}, True),
        ({}, {REVISION: "main"}, True),
        ({REVISION: "main"}, {}, True),
        ({REVISION: "main"}, {INJECTION: "disabled"}, False),
    ],
)
def test_a_pods_own_labels_come_before_those_of_its_namespace(
    own: dict[str, str],
    namespace: dict[str, str],
    is_in: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert is_enrolled(observed.pod({"metadata": {"name": "a", "labels": own}}), namespace) is is_in


def test_a_pod_on_the_nodes_network_is_never_in_the_mesh() -> None:
    pod = observed.pod({"metadata": {"name": "a"}, "spec": {"hostNetwork": True}})
    assert not is_enrolled(pod, {MODE: "ambient", INJECTION: "enabled"})
