"""Which versions `check` tells of a cluster: those of its control planes, each once."""

from __future__ import annotations

from mesh_cases import record_of

from meshglobal.domain import kinds
from meshglobal.domain.fleet import member_of
from meshglobal.domain.names import ISTIO_NAMESPACE
from meshglobal.domain.snapshot import ClusterSnapshot, Query
from meshglobal.domain.view import view_of


def versions(*images: str) -> tuple[str, ...]:
    found = []
    for number, image in enumerate(images):
        template = {"spec": {"containers": [{"name": "discovery", "image": image}]}}
        meta = {"name": f"istiod-{number}", "namespace": ISTIO_NAMESPACE, "labels": {"app": "istiod"}}
        found.append(record_of({"kind": "Deployment", "metadata": meta, "spec": {"template": template}}))
    query = Query(kinds.DEPLOYMENT, ISTIO_NAMESPACE)
    cluster = ClusterSnapshot("one", objects={kinds.DEPLOYMENT: tuple(found)}, queries=(query,))
    return member_of(view_of(cluster, ISTIO_NAMESPACE), ()).versions


def test_each_version_is_told_once() -> None:
    assert versions("r/pilot:1.30.2-solo", "r/pilot:1.29.2-patch0", "r/pilot:1.30.2") == ("1.30.2", "1.29.2-patch0")


def test_a_tag_that_is_no_version_is_not_told_as_one() -> None:
    assert versions("r/pilot:latest", "r/pilot@sha256:0123") == ()


def test_without_a_control_plane_there_is_none() -> None:
    assert versions() == ()
