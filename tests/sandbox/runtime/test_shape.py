from __future__ import annotations

from pathlib import Path

import pytest

from meshglobal.sandbox.runtime.errors import AskedWrongError
from meshglobal.sandbox.runtime.shape import asked_shape


def test_clusters_are_numbered_from_one() -> None:
    assert asked_shape(3, "empty").names == ("cluster1", "cluster2", "cluster3")


@pytest.mark.parametrize(("scenario", "usual"), [("bookinfo", 2), ("httpbin-segments", 4)])
def test_without_a_number_there_are_as_many_clusters_as_the_scenario_is_made_for(scenario: str, usual: int) -> None:
    assert asked_shape(None, scenario).clusters == usual
    assert asked_shape(3, scenario).clusters == 3


@pytest.mark.parametrize("clusters", [0, -1, 201])
def test_a_number_of_clusters_that_cannot_be_is_refused(clusters: int) -> None:
    with pytest.raises(AskedWrongError, match="1 to 200"):
        asked_shape(clusters, "empty")


def test_an_unknown_switch_is_refused_with_those_there_are() -> None:
    with pytest.raises(AskedWrongError, match="takeover-host"):
        asked_shape(2, "empty", ["nonsense=1"])


def test_the_order_of_switches_makes_no_other_shape() -> None:
    one = asked_shape(2, "empty", ["peering=all", "headless=ignored"])
    assert one == asked_shape(2, "empty", ["headless=ignored", "peering=all"])


def test_a_file_is_the_same_from_any_folder_and_another_one_once_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mesh.yaml"
    file.write_text("a: 1")
    monkeypatch.chdir(tmp_path)
    first = asked_shape(1, "mesh.yaml")
    assert first == asked_shape(1, str(file))
    file.write_text("a: 2")
    assert asked_shape(1, "mesh.yaml") != first


def test_a_shape_reads_as_a_phrase() -> None:
    assert str(asked_shape(1, "bookinfo")) == "1 cluster with bookinfo"
    assert str(asked_shape(2, "bulk:5", ["peering=all"])) == "2 clusters with bulk:5 (peering=all)"
