"""Worlds as fixtures; embedded clusters are started once a module."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from served_cluster import Served
from worlds import LiveWorld, MemoryWorld, World, embedded_clusters, merged_kubeconfig, real_kubeconfig


@pytest.fixture(scope="module")
def clusters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Served]]:
    with embedded_clusters(tmp_path_factory.mktemp("clusters"), "one", "two") as served:
        yield served


@pytest.fixture
def embedded(clusters: dict[str, Served], tmp_path: Path) -> Iterator[LiveWorld]:
    world = LiveWorld(merged_kubeconfig(tmp_path / "kubeconfig", clusters))
    yield world
    world.close()


@pytest.fixture(params=["memory", "sandbox", pytest.param("real", marks=pytest.mark.enable_socket)])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    if request.param == "memory":
        yield MemoryWorld()
    elif request.param == "sandbox":
        yield request.getfixturevalue("embedded")
    elif "MESHGLOBAL_TEST_KUBECONFIG" not in os.environ:
        pytest.skip("MESHGLOBAL_TEST_KUBECONFIG names no clusters")
    elif (path := real_kubeconfig(tmp_path / "kubeconfig")) is None:
        pytest.skip("MESHGLOBAL_TEST_KUBECONFIG needs contexts of two clusters")
    else:
        live = LiveWorld(path)
        yield live
        live.close()
