"""One mesh with traffic a module; each test finds it as the scenario made it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from calling import DEPLOYMENTS, SERVICES, Calling
from served_mesh import served_mesh

ALL = ("cluster1", "cluster2")


@pytest.fixture(scope="module")
def _bookinfo_mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calling]:
    with served_mesh(tmp_path_factory.mktemp("mesh"), has_traffic=True) as mesh:
        yield Calling(mesh, "bookinfo")


@pytest.fixture(scope="module")
def _httpbin_mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calling]:
    with served_mesh(tmp_path_factory.mktemp("mesh"), scenario="httpbin", has_traffic=True) as mesh:
        yield Calling(mesh, "httpbin")


@pytest.fixture
def bookinfo(_bookinfo_mesh: Calling) -> Iterator[Calling]:
    yield _bookinfo_mesh
    _restore(_bookinfo_mesh)


@pytest.fixture
def httpbin(_httpbin_mesh: Calling) -> Iterator[Calling]:
    yield _httpbin_mesh
    _restore(_httpbin_mesh)


def _restore(calling: Calling) -> None:
    """Take back what tests do to Services and Deployments; the rest is theirs to take back."""
    for cluster in calling.mesh.clusters:
        client = calling.client(cluster)
        services = [each["metadata"]["name"] for each in client.list(SERVICES, calling.namespace)]
        scaled = [
            each["metadata"]["name"]
            for each in client.list(DEPLOYMENTS, calling.namespace)
            if each["spec"]["replicas"] != 1
        ]
        for each in services:
            calling.withdraw(each, cluster)
        for each in scaled:
            calling.scale(cluster, each, 1)
