"""Quantities: what they are worth, and the one way to write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshglobal.sandbox.apiserver.quantities import canonical, quantity

SUFFIXES = ("", "n", "u", "m", "k", "M", "G", "T", "Ki", "Mi", "Gi", "Ti", "e3", "E2", "e-2")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("0.5", "500m"),
        ("1000m", "1"),
        ("1024Mi", "1Gi"),
        ("1.5Gi", "1536Mi"),
        ("0.1Gi", "107374182400m"),
        ("1e3", "1e3"),
        ("100", "100"),
        ("2E", "2E"),
        ("0", "0"),
        ("-250m", "-250m"),
        (".5", "500m"),
        ("+1", "1"),
    ],
)
def test_a_quantity_has_one_spelling(written: str, kept: str) -> None:
    assert canonical(written) == kept


@pytest.mark.parametrize("text", ["", "1 Gi", "Gi", "1GiB", "1e", "0x1", "1..2", "--1", "m1"])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no quantity"):
        canonical(text)


@given(number=st.decimals(min_value=0, max_value=10**6, places=2), suffix=st.sampled_from(SUFFIXES[2:]))
def test_the_spelling_keeps_the_value_and_is_final(number: object, suffix: str) -> None:
    text = f"{number}{suffix}"
    once = canonical(text)
    assert canonical(once) == once
    assert 0 <= quantity(once) - quantity(text) < quantity("1n")  # below a nano is rounded up
