"""When absence in a snapshot means that an object does not exist, and when it means nothing."""

import pytest

from meshglobal.domain import kinds
from meshglobal.domain.failure import Cause, Failure
from meshglobal.domain.kinds import Kind
from meshglobal.domain.snapshot import ClusterSnapshot, Gap, MeshSnapshot, Query

FORBIDDEN = Failure(Cause.FORBIDDEN, "forbidden")
UNREACHABLE = Failure(Cause.REFUSED, "connection refused")


def cluster(*read: Query, failed: tuple[Query | None, ...] = ()) -> ClusterSnapshot:
    gaps = tuple(Gap(UNREACHABLE if query is None else FORBIDDEN, query) for query in failed)
    return ClusterSnapshot("c1", queries=read, gaps=gaps)


SERVICES = Query(kinds.SERVICE)
SHOP_SERVICES = Query(kinds.SERVICE, "shop")
CART = Query(kinds.SERVICE, "shop", name="cart")
SELECTED = Query(kinds.SERVICE, "shop", selector="app=cart")


@pytest.mark.parametrize(
    ("query", "namespace", "name", "covered"),
    [
        (SERVICES, None, None, True),
        (SERVICES, "shop", None, True),
        (SERVICES, "shop", "cart", True),
        (SHOP_SERVICES, None, None, False),
        (SHOP_SERVICES, "shop", None, True),
        (SHOP_SERVICES, "shop", "cart", True),
        (SHOP_SERVICES, "bank", None, False),
        (CART, "shop", "cart", True),
        (CART, "shop", "till", False),
        (CART, "shop", None, False),
        (CART, None, "cart", False),
        (SELECTED, "shop", None, False),
        (SELECTED, "shop", "cart", False),
    ],
)
def test_a_reading_speaks_for_what_it_asked_for_and_nothing_more(
    query: Query, namespace: str | None, name: str | None, *, covered: bool
) -> None:
    assert cluster(query).has_read(kinds.SERVICE, namespace, name) is covered


@pytest.mark.parametrize(
    ("query", "namespace", "name", "hidden"),
    [
        (SERVICES, None, None, True),
        (SERVICES, "shop", "cart", True),
        (SHOP_SERVICES, None, None, True),
        (SHOP_SERVICES, "bank", None, False),
        (CART, "shop", None, True),
        (CART, None, None, True),
        (CART, "shop", "till", False),
        (SELECTED, "shop", "cart", True),
        (None, "bank", "till", True),
    ],
)
def test_a_failed_reading_hides_what_it_asked_for_and_nothing_else(
    query: Query | None, namespace: str | None, name: str | None, *, hidden: bool
) -> None:
    assert (cluster(failed=(query,)).gap_for(kinds.SERVICE, namespace, name) is not None) is hidden


def test_a_reading_of_one_kind_says_nothing_about_another() -> None:
    found = cluster(SERVICES, failed=(Query(kinds.NAMESPACE),))
    assert not found.has_read(kinds.POD)
    assert found.gap_for(kinds.POD) is None
    assert found.why_unread(kinds.POD) == "pods have not been read"
    assert found.why_unread(kinds.NAMESPACE) == "forbidden"
    assert found.why_unread(kinds.SERVICE) == ""


def test_what_another_reading_brought_is_not_hidden_by_a_failed_one() -> None:
    found = cluster(SHOP_SERVICES, failed=(SERVICES,))
    assert found.has_read(kinds.SERVICE, "shop")
    assert found.gap_for(kinds.SERVICE, "shop") is None
    assert not found.has_read(kinds.SERVICE, "bank")
    assert found.gap_for(kinds.SERVICE) is not None


def test_one_namespace_read_by_name_is_not_hidden_by_the_failure_of_another() -> None:
    by_name = {name: Query(kinds.NAMESPACE, name=name) for name in ("istio-system", "shop")}
    found = cluster(by_name["istio-system"], failed=(by_name["shop"],))
    assert found.has_read(kinds.NAMESPACE, name="istio-system")
    assert not found.has_read(kinds.NAMESPACE, name="shop")
    assert not found.has_read(kinds.NAMESPACE)
    assert found.why_unread(kinds.NAMESPACE, name="istio-system") == ""


@pytest.mark.parametrize("kind", kinds.KINDS, ids=str)
def test_nothing_counts_as_read_in_a_cluster_that_was_lost(kind: Kind) -> None:
    lost = cluster(*map(Query, kinds.KINDS), failed=(None,))
    assert not lost.is_reached
    assert not lost.has_read(kind)
    assert lost.why_unread(kind) == "connection refused"
    assert MeshSnapshot((lost, cluster(SERVICES))).reached == (cluster(SERVICES),)
