"""Which names look like one service, and which are two."""

from __future__ import annotations

import pytest

from meshglobal.domain.names import ServiceKey
from meshglobal.domain.twins import is_near


def key(text: str) -> ServiceKey:
    namespace, _, name = text.partition("/")
    return ServiceKey(namespace, name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bookinfo/productpage", "bookinfo/prodcutpage"),
        ("bookinfo/productpage", "bookinfo/product-page"),
        ("bookinfo/reviews", "bookinfo/review"),
        ("bookinfo/reviews", "bokinfo/reviews"),
    ],
)
def test_slips_are_near(one: str, other: str) -> None:
    assert is_near(key(one), key(other))
    assert is_near(key(other), key(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bookinfo/reviews-v1", "bookinfo/reviews-v2"),
        ("bookinfo/reviews-v1", "bookinfo/reviewsv2"),
        ("bookinfo/orders-a", "bookinfo/orders-b"),
        ("bookinfo/rest-api", "bookinfo/test-api"),
        ("bookinfo/productpage1", "bookinfo/productpage2"),
        ("bookinfo/details", "bookinfo/reviews"),
        ("book/info-reviews", "bookinfo/reviews"),
        ("team-east/reviews", "team-west/reviews"),
    ],
)
def test_names_that_are_meant_to_differ_are_not(one: str, other: str) -> None:
    assert not is_near(key(one), key(other))
