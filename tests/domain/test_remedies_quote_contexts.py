"""A context may be called anything: in the command that mends a finding its name stays one word."""

from __future__ import annotations

import re
import shlex

import pytest
from mesh_cases import Case
from test_catalogue_laws import CASES, Clusters, clusters_of, found_in, title

from meshglobal.domain.diagnosis import for_all

ODD = " $(odd); 'name'"


def renamed(clusters: Clusters) -> Clusters:
    return {f"{context}{ODD}": body for context, body in clusters.items()}


@pytest.mark.parametrize("case", CASES, ids=title)
def test_no_shell_takes_a_part_of_it_for_something_else(case: Case) -> None:
    for found in found_in(case, renamed(clusters_of(case))):
        for word in shlex.split(found.remedy):
            assert "$(odd)" not in word or ODD in word, (found.code, found.remedy)
        assert not re.search(r"\$\(odd\)(?!; '\"'\"'name)", found.remedy), (found.code, found.remedy)


def test_a_command_for_several_contexts_quotes_them_together() -> None:
    said = for_all("meshglobal expose svc web --context 'a b' --overwrite", "a b", ("a b", "c"))
    assert said == "meshglobal expose svc web --context 'a b,c' --overwrite"
