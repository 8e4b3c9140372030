"""Patches drawn at random, from words that mean something to a Service: for the laws about whatever is sent."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = """
metadata spec status apiVersion kind name labels annotations finalizers ownerReferences managedFields ports port
protocol selector type loadBalancer a $patch $retainKeys $setElementOrder/ports $setElementOrder/finalizers
$deleteFromPrimitiveList/finalizers
"""
KEYS = st.sampled_from(WORDS.split())
SCALARS = st.none() | st.booleans() | st.integers(0, 90) | st.floats(allow_nan=False, allow_infinity=False)
LEAVES = SCALARS | st.sampled_from(["", "a", "x/y", "TCP", "delete", "replace", "merge"])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=4)
POINTERS = st.lists(
    st.sampled_from(["metadata", "spec", "ports", "labels", "0", "-", "-1", "a", "x~1y", ""]), max_size=4
)
OPERATIONS = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "remove", "replace", "test", "move", "copy", "jump"])},
    optional={"path": POINTERS.map("/".join), "from": POINTERS.map("/".join), "value": VALUES},
)
PORT = st.fixed_dictionaries({}, optional={"port": LEAVES, "name": LEAVES, "$patch": LEAVES, "protocol": VALUES})
PORTS = st.lists(PORT | VALUES, max_size=3)
SPEC = st.fixed_dictionaries(
    {}, optional={"ports": PORTS, "$setElementOrder/ports": PORTS, "selector": OBJECTS, "type": LEAVES}
)
METADATA = st.fixed_dictionaries(
    {},
    optional={
        "finalizers": st.lists(LEAVES, max_size=3),
        "$setElementOrder/finalizers": VALUES,
        "$deleteFromPrimitiveList/finalizers": VALUES,
        "labels": OBJECTS,
    },
)
SPECS = st.fixed_dictionaries({}, optional={"metadata": METADATA | VALUES, "spec": SPEC | VALUES, "status": VALUES})
