"""Versions of the control plane, read from tags and revisions."""

from __future__ import annotations

import pytest

from meshglobal.domain.builds import Build, build_of, drops_named_ports
from meshglobal.domain.labels import REVISION
from meshglobal.domain.objects import Container, Deployment, DeploymentSpec, Meta, PodSpec, PodTemplate


def istiod(image: str, revision: str = "") -> Deployment:
    containers = [
        Container(name="istio-proxy", image="example.com/proxy:1.20.0"),
        Container(name="discovery", image=image),
    ]
    spec = DeploymentSpec(template=PodTemplate(spec=PodSpec(containers=containers)))
    return Deployment(metadata=Meta(labels={REVISION: revision}), spec=spec)


@pytest.mark.parametrize(
    ("image", "revision", "build"),
    [
        ("us-docker.pkg.dev/soloio-img/istio/pilot:1.30.2-solo", "", Build(1, 30, 2)),
        ("example.com:5000/pilot:1.29.2-patch0-solo-distroless", "", Build(1, 29, 2, 0)),
        ("pilot:v1.28.6", "default", Build(1, 28, 6)),
        ("pilot:1.28.5-solo@sha256:0f", "", Build(1, 28, 5)),
        ("pilot@sha256:0f", "1-28-5", Build(1, 28, 5)),
        ("pilot@sha256:0f", "1-29-2-patch1", Build(1, 29, 2, 1)),
        ("pilot@sha256:0f", "canary", None),
        ("pilot:1.28.6-rc1", "", None),
        ("pilot:1.28.6-patch", "", None),
        ("pilot:latest", "1-28", None),
        ("example.com:5000/pilot", "", None),
        ("pilot:1.28.٦", "", None),
        ("", "", None),
    ],
)
def test_only_a_full_version_is_a_version(image: str, revision: str, build: Build | None) -> None:
    assert build_of(istiod(image, revision)) == build


@pytest.mark.parametrize(
    ("build", "is_dropping"),
    [
        (Build(1, 24, 3), True),
        (Build(1, 28, 5), True),
        (Build(1, 28, 5, 3), True),
        (Build(1, 28, 6), False),
        (Build(1, 28, 7), False),
        (Build(1, 29, 0), True),
        (Build(1, 29, 2), True),
        (Build(1, 29, 2, 0), False),
        (Build(1, 29, 3), False),
        (Build(1, 30, 0), False),
        (Build(2, 29, 0), False),
    ],
)
def test_named_ports_are_dropped_before_the_two_mended_versions(build: Build, *, is_dropping: bool) -> None:
    assert drops_named_ports(build) is is_dropping


def test_versions_are_written_as_their_tags() -> None:
    assert (str(Build(1, 29, 2)), str(Build(1, 29, 2, 0))) == ("1.29.2", "1.29.2-patch0")
