"""Which contexts a run is about."""

from __future__ import annotations

import pytest

from meshglobal.domain.errors import UsageError
from meshglobal.kube.selection import Source, select

KNOWN = ("prod-eu", "prod-us", "staging", "arn:aws:eks:eu:1:cluster/x", "odd[1]*", "a/b:6443/me")


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (["staging"], ["staging"]),
        (["staging", "prod-eu"], ["staging", "prod-eu"]),
        (["staging,prod-eu", "staging"], ["staging", "prod-eu"]),
        ([" staging , prod-eu ,"], ["staging", "prod-eu"]),
        (["prod-*"], ["prod-eu", "prod-us"]),
        (["prod-?s"], ["prod-us"]),
        (["/^prod|ing$/"], ["prod-eu", "prod-us", "staging"]),
        (["/prod-(eu|us){1,2}$/,staging"], ["prod-eu", "prod-us", "staging"]),
        (["prod-*,!prod-eu"], ["prod-us"]),
        (["!prod-eu", "prod-*"], ["prod-us"]),
        (["!/prod/", "!a*,!odd[1]*"], ["staging"]),
        (["odd[1]*"], ["odd[1]*"]),
        (["arn:aws:eks:eu:1:cluster/x", "a/b:6443/me"], ["arn:aws:eks:eu:1:cluster/x", "a/b:6443/me"]),
    ],
)
def test_patterns_select_in_the_order_they_were_given(flags: list[str], expected: list[str]) -> None:
    found = select(KNOWN, "staging", flags=flags)
    assert (list(found.contexts), found.source) == (expected, Source.FLAG)


@pytest.mark.parametrize(
    ("flags", "message", "hint"),
    [
        (["prod-eus"], '"prod-eus".*--context', "did you mean prod-us or prod-eu"),
        (["zzz"], '"zzz"', "the kubeconfig has prod-eu, prod-us"),
        (["test-*"], "no context matches test-", "the kubeconfig has"),
        (["/[/"], "no regular expression", ""),
        (["prod-eu,!prod-eu"], "no context is left", ""),
        (["prod-eu", "!prod-uss"], '"prod-uss"', "did you mean prod-us"),
    ],
)
def test_what_matches_nothing_is_a_usage_error(flags: list[str], message: str, hint: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        select(KNOWN, None, flags=flags)
    assert hint in caught.value.hint


def test_all_contexts_are_all() -> None:
    found = select(KNOWN, None, use_all=True)
    assert (found.contexts, found.source) == (KNOWN, Source.ALL)
    with pytest.raises(UsageError, match="exclude each other"):
        select(KNOWN, None, use_all=True, flags=["staging"])


def test_the_order_of_the_defaults() -> None:
    numbered = {"REMOTE_CONTEXT1": "prod-us", "REMOTE_CONTEXT2": "prod-eu", "REMOTE_CONTEXT4": "staging"}
    everything = numbered | {"MESHGLOBAL_CONTEXTS": "prod-*,staging"}

    found = select(KNOWN, "staging", flags=["staging"], environment=everything, configured=["prod-us"])
    assert found.source is Source.FLAG
    found = select(KNOWN, "staging", environment=everything, configured=["prod-us"])
    assert (found.contexts, found.source) == (("prod-eu", "prod-us", "staging"), Source.ENVIRONMENT)
    found = select(KNOWN, "staging", environment=numbered, configured=["!prod-*", "prod-*", "staging"])
    assert (found.contexts, found.source) == (("staging",), Source.CONFIG_FILE)
    found = select(KNOWN, "staging", environment=numbered)
    assert (found.contexts, found.source) == (("prod-us", "prod-eu"), Source.NUMBERED)
    found = select(KNOWN, "staging", environment={"MESHGLOBAL_CONTEXTS": ""})
    assert (found.contexts, found.source, found.is_default) == (("staging",), Source.CURRENT, True)


def test_the_vendors_variables_are_names_and_no_patterns() -> None:
    with pytest.raises(UsageError, match=r"prod-\*.*REMOTE_CONTEXT1"):
        select(KNOWN, None, environment={"REMOTE_CONTEXT1": "prod-*"})


def test_a_current_context_that_does_not_exist_is_named() -> None:
    with pytest.raises(UsageError, match=r'"gone".*current-context'):
        select(KNOWN, "gone")
    with pytest.raises(UsageError, match="no current-context"):
        select(KNOWN, None)


def test_a_kubeconfig_without_contexts_says_so() -> None:
    with pytest.raises(UsageError) as caught:
        select((), None, flags=["a"])
    assert caught.value.hint == "the kubeconfig has no contexts"
    with pytest.raises(UsageError, match="no context is left"):
        select((), None, use_all=True)


def test_a_selection_tells_where_it_came_from() -> None:
    assert select(KNOWN, None, flags=["prod-*"]).origin == "2 contexts from --context"
    assert select(KNOWN, "staging").origin == "1 context from the kubeconfig's current-context"
