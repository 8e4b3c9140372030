"""What is noticed while a cluster is read: how far its clock is off, and when the certificate ends."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from certificates import Authority, encoded
from servers import Reply, Seen, fleet_of, http_server, kubernetes, listed

from meshglobal.domain.circumstances import Circumstances
from meshglobal.domain.kinds import SERVICE
from meshglobal.domain.snapshot import Query
from meshglobal.kube.credentials import Identity
from meshglobal.kube.dates import dated

DAY = 86_400


def noticed(directory: Path, cluster: Mapping[str, Any], user: Mapping[str, Any]) -> Circumstances:
    fleet = fleet_of(directory, {"c": (cluster, user)})
    try:
        return fleet.read([Query(SERVICE, "shop")]).clusters[0].circumstances
    finally:
        fleet.close()


@pytest.mark.parametrize("skew", [0, -7200, 600])
def test_the_date_of_an_answer_tells_the_skew_of_the_clock(skew: int) -> None:
    before = time.time()
    found = dated({"Date": formatdate(before + skew, usegmt=True)})
    assert before <= found.here <= time.time()
    assert found.skew is not None
    assert skew - 2 <= found.skew <= skew + 1


@pytest.mark.parametrize("text", ["", "yesterday", "Thu, 99 Jan 2026 00:00:00 GMT", "Sun, 06 Nov 99999 08:49:37 GMT"])
def test_without_a_date_nothing_is_known(text: str) -> None:
    assert dated({"Date": text}).skew is None


def test_a_reading_brings_the_skew_of_the_clock_along(tmp_path: Path) -> None:
    def reply(seen: Seen) -> Reply:
        status, headers, body = kubernetes(lambda _: listed())(seen)
        return status, {**headers, "Date": formatdate(time.time() - 3600, usegmt=True)}, body

    with http_server(reply) as server:
        found = noticed(tmp_path, {"server": server.url}, {"token": "s3cret-token"})
    assert found.clock_skew is not None
    assert -3610 <= found.clock_skew <= -3590
    assert found.certificate_end is None


def test_a_cluster_that_never_answered_has_told_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert noticed(tmp_path, {"server": f"http://127.0.0.1:{port}"}, {}) == Circumstances()


def test_a_reading_with_a_certificate_tells_when_it_ends(tmp_path: Path) -> None:
    authority = Authority()
    with http_server(kubernetes(lambda _: listed()), authority.server_context(tmp_path, clients=authority)) as server:
        cluster = {"server": server.url, "certificate-authority-data": encoded(authority.pem)}
        found = noticed(tmp_path, cluster, authority.issue("me", days=3).user)
    assert found.certificate_end is not None
    assert abs(found.certificate_end - time.time() - 3 * DAY) < 60


def test_only_a_certificate_of_the_kubeconfig_is_to_be_renewed_by_hand() -> None:
    user = Authority().issue("me").user
    assert Identity(user).certificate_end() is not None
    assert Identity(user, generation=1).certificate_end() is None
    assert Identity({**user, "token": "s3cret-token"}).certificate_end() is None
    assert Identity({}).certificate_end() is None
