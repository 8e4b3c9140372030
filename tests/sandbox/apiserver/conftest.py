"""A served cluster for all tests of a worker, and a namespace and kubectl for each test."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.apiserver.real_kubectl import Kubectl
from tests.served_cluster import Served, served_cluster

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture
def namespace(served: Served) -> str:
    """A namespace of the test's own."""
    name = f"test-{next(_NUMBERS)}"
    served.call(lambda: served.cluster.client().create("namespaces", {"metadata": {"name": name}}))
    return name


@pytest.fixture(scope="session")
def kubectl_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where kubectl keeps what it has discovered."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def kubectl(served: Served, kubectl_home: Path, namespace: str) -> Kubectl:
    return Kubectl(served.kubeconfig, kubectl_home, namespace)
