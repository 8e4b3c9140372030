"""What `route` may be asked for."""

from __future__ import annotations

import string
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshglobal.domain.errors import UsageError
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.route_wish import (
    RouteWish,
    Weighted,
    checked_class,
    checked_hostname,
    checked_path,
    checked_ports,
    parse_gateway,
    parse_weights,
)

Check = Callable[[str], object]
HOSTILE = ["", " ", "a b", "a\nb", "a\r\nHost: x", "$(id)", "`id`", "a;b", "a|b", "a&b", "a'b", 'a"b', "a\x00", "ä.de"]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "check",
    [
        checked_hostname,
        checked_class,
        lambda text: parse_gateway(text, "shop"),
        lambda text: parse_weights(f"{text}=1"),
    ],
    ids=["hostname", "class", "gateway", "weights"],
)
def test_names_are_names(check: Check, text: str) -> None:
    with pytest.raises(UsageError):
        check(text)


@pytest.mark.parametrize(
    "text",
    ["", "api", "/a b", "/a\r\nX: y", "/a?b", "/a#b", "//", "/a//b", "/../etc", "/a/..", "/./a", "/%2fa", "/%zz", "/ä"],
)
def test_paths_are_paths(text: str) -> None:
    with pytest.raises(UsageError, match="begins with /"):
        checked_path(text)


@pytest.mark.parametrize(("text", "path"), [("/", "/"), ("/api/", "/api"), ("/a.b/~c/%41;d=1", "/a.b/~c/%41;d=1")])
def test_a_path_loses_its_last_slash(text: str, path: str) -> None:
    assert checked_path(text) == path


@given(st.text(string.printable, max_size=30).map(lambda text: f"/{text}"))
def test_a_path_that_is_taken_has_nothing_that_could_end_a_line_or_a_header(text: str) -> None:
    try:
        path = checked_path(text)
    except UsageError:
        return
    assert path.startswith("/")
    assert not set(path) & set(' \t\r\n\x0b\x0c?#"\\<>|`{}^')


def test_hostnames_may_have_a_star_in_front() -> None:
    assert checked_hostname("Shop.Example.COM") == "shop.example.com"
    assert checked_hostname("*.example.com") == "*.example.com"
    for text in ("*", "*.com", "a.*.com", "10.0.0.1"):
        with pytest.raises(UsageError):
            checked_hostname(text)


def test_a_gateway_may_be_in_another_namespace() -> None:
    assert parse_gateway("edge", "shop") == ("shop", "edge")
    assert parse_gateway("infra/edge", "shop") == ("infra", "edge")


def test_ports_count_once() -> None:
    assert checked_ports([80, 443, 80]) == (80, 443)
    for wrong in (0, -1, 65536):
        with pytest.raises(UsageError, match="is no port"):
            checked_ports([wrong])


def test_weights_are_read() -> None:
    assert parse_weights(None) == ()
    assert parse_weights("a.b.mesh.internal=90, c=10") == (Weighted("a.b.mesh.internal", 90), Weighted("c", 10))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a", "no HOST=NUMBER"),
        ("a=", "no HOST=NUMBER"),
        ("a=-1", "no HOST=NUMBER"),
        ("a=1.5", "no HOST=NUMBER"),
        ("a=٣", "no HOST=NUMBER"),
        ("a=1,", "no HOST=NUMBER"),
        ("a=1,a=2", "twice"),
        ("a=0,b=0", "nobody would answer"),
        ("a=1000001", "at most"),
        ("a=" + "9" * 5000, "at most"),
    ],
)
def test_weights_that_cannot_be_are_refused(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        parse_weights(text)


def test_a_name_without_dots_is_a_service_of_the_namespace_in_the_clusters_own_domain() -> None:
    assert Weighted("cart", 1).host_in("shop", "mesh.acquired") == "cart.shop.mesh.acquired"
    assert Weighted("cart.shop.mesh.internal", 1).host_in("x", "y") == "cart.shop.mesh.internal"


def test_our_gateway_is_not_called_as_the_service() -> None:
    wish = RouteWish(ServiceKey("shop", "cart"))
    assert wish.parent == ("shop", "cart-ingress")
    assert (wish.route_name, RouteWish(wish.key, in_mesh=True).route_name) == ("cart", "cart-in-mesh")
