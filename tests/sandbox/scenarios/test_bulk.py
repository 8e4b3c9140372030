from __future__ import annotations

from collections import Counter

import pytest

from meshglobal.sandbox.scenarios import ScenarioError, load_scenario
from meshglobal.sandbox.scenarios.bulk import NAMESPACE

CLUSTERS = ["a", "b", "c", "d"]


def test_every_cluster_has_every_service_and_two_publish_each() -> None:
    publishers: Counter[str] = Counter()
    for objects in load_scenario("bulk:10", CLUSTERS).values():
        services = [
            each for each in objects if each["metadata"].get("namespace") == NAMESPACE and each["kind"] == "Service"
        ]
        assert len(services) == 10
        publishers.update(
            each["metadata"]["name"] for each in services if "solo.io/service-scope" in each["metadata"]["labels"]
        )
    assert set(publishers.values()) == {2}
    assert len(publishers) == 10


def test_a_single_cluster_publishes_all() -> None:
    (objects,) = load_scenario("bulk:3", ["a"]).values()
    labels = [
        each["metadata"]["labels"]
        for each in objects
        if each["kind"] == "Service" and each["metadata"]["namespace"] == NAMESPACE
    ]
    assert [each["solo.io/service-scope"] for each in labels] == ["global"] * 3


@pytest.mark.parametrize("name", ["bulk:", "bulk:0", "bulk:-1", "bulk:many", "bulk:10001"])
def test_a_number_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(ScenarioError, match="bulk:N"):
        load_scenario(name, CLUSTERS)
