"""Reading JSON as the typed kinds do: what is dropped, what is spelled anew, what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshglobal.sandbox.apiserver.conversion import Mismatch, typed, unknown_fields
from meshglobal.sandbox.apiserver.schema import schema_for

SERVICE = schema_for("v1", "Service")
DEPLOYMENT = schema_for("apps/v1", "Deployment")
POD = schema_for("v1", "Pod")
LEASE = schema_for("coordination.k8s.io/v1", "Lease")
SECRET = schema_for("v1", "Secret")


def test_zero_values_are_left_out_unless_they_mean_something() -> None:
    given = {"spec": {"type": "", "publishNotReadyAddresses": False, "ports": [{"port": 80, "nodePort": 0}]}}
    assert typed(SERVICE, given) == {"spec": {"ports": [{"port": 80}]}}
    assert typed(DEPLOYMENT, {"spec": {"replicas": 0}}) == {"spec": {"replicas": 0}}


def test_null_counts_as_left_out() -> None:
    assert typed(SERVICE, {"metadata": {"name": "a", "labels": None}, "spec": None}) == {"metadata": {"name": "a"}}


def test_unknown_fields_are_dropped_and_named_in_the_order_of_the_document() -> None:
    given = {"spec": {"ports": [{"prot": "x", "port": 1}], "nosuch": 1}, "extra": {}}
    assert typed(SERVICE, given) == {"spec": {"ports": [{"port": 1}]}}
    assert list(unknown_fields(SERVICE, given)) == ["spec.ports[0].prot", "spec.nosuch", "extra"]


def test_labels_may_have_any_key() -> None:
    assert list(unknown_fields(SERVICE, {"metadata": {"labels": {"spec": "x", "any/thing": "y"}}})) == []


def test_quantities_and_times_are_spelled_one_way() -> None:
    container = {"name": "a", "resources": {"limits": {"cpu": 0.5, "memory": "1024Mi"}}}
    limits = typed(POD, {"spec": {"containers": [container]}})["spec"]["containers"][0]["resources"]["limits"]
    assert limits == {"cpu": "500m", "memory": "1Gi"}
    meta = typed(POD, {"metadata": {"creationTimestamp": "2026-01-01T12:00:00+02:00"}})["metadata"]
    assert meta == {"creationTimestamp": "2026-01-01T10:00:00Z"}


@pytest.mark.parametrize(
    ("schema", "given", "text"),
    [
        (DEPLOYMENT, {"spec": {"replicas": "1"}}, "Go struct field DeploymentSpec.spec.replicas of type int32"),
        (DEPLOYMENT, {"spec": {"replicas": True}}, "cannot unmarshal bool"),
        (DEPLOYMENT, {"spec": {"replicas": 2**31}}, "cannot unmarshal number 2147483648"),
        (DEPLOYMENT, {"spec": []}, "cannot unmarshal array into Go struct field Deployment.spec"),
        (SERVICE, {"metadata": {"labels": {"a": 1}}}, "cannot unmarshal number"),
        (SERVICE, {"spec": {"ports": {"port": 80}}}, "cannot unmarshal object"),
        (POD, {"spec": {"containers": [{"resources": {"limits": {"cpu": "much"}}}]}}, "quantities must match"),
        (LEASE, {"spec": {"renewTime": "2026-01-01T00:00:00.5Z"}}, 'cannot parse ".5Z" as ".000000"'),
        (LEASE, {"spec": {"renewTime": "yesterday"}}, 'cannot parse "yesterday" as "2006"'),
        (SECRET, {"data": {"a": "not base64!"}}, "illegal base64 data at input byte 3"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(schema: Any, given: dict[str, Any], text: str) -> None:
    with pytest.raises(Mismatch) as refused:
        typed(schema, given)
    assert text in str(refused.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(sorted(SERVICE.fields)), inner),
)


@given(value=st.dictionaries(st.sampled_from(["metadata", "spec", "status", "kind", "other"]), JSON))
def test_reading_is_final(value: dict[str, Any]) -> None:
    try:
        once = typed(SERVICE, value)
    except Mismatch:
        return
    assert typed(SERVICE, once) == once
    assert list(unknown_fields(SERVICE, once)) == []
