"""Near-matches of the keys that expose services, and what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshglobal.domain.labels import SERVICE_SCOPE, SERVICE_TAKEOVER, TRAFFIC_DISTRIBUTION, Section
from meshglobal.domain.misspelling import intended, is_one_slip

LETTERS = st.text("abc/.-", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Solo.io/service-scope", SERVICE_SCOPE),
        ("solo.io/servicescope", SERVICE_SCOPE),
        ("solo.io/service-scopes", SERVICE_SCOPE),
        ("gloo.solo.io/service-scope", SERVICE_SCOPE),
        ("solo.io/service-takover", SERVICE_TAKEOVER),
        ("solo.io/traffic-distribution", TRAFFIC_DISTRIBUTION),
    ],
)
def test_a_misspelt_key_is_recognised(name: str, meant: str) -> None:
    found = intended(name, Section.LABEL)
    assert found is not None
    assert found.name == meant


@pytest.mark.parametrize(
    "name",
    [
        SERVICE_SCOPE,
        "solo.io/service-aliases",
        "service-scope",
        "acme.example/service-scope",
        "app",
        "networking.istio.io/exportTo",
        "solo.io/parent-service",
    ],
)
def test_other_keys_are_left_alone(name: str) -> None:
    assert intended(name, Section.LABEL) is None


@given(LETTERS, st.data())
def test_one_slip_is_one_slip_both_ways(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    for other in (text[:at] + text[at + 1 :], text[:at] + "x" + text[at:], text[:at] + "x" + text[at + 1 :]):
        assert is_one_slip(text, other)
        assert is_one_slip(other, text)
    assert not is_one_slip(text, text)
    assert not is_one_slip(text, text + "xy")
