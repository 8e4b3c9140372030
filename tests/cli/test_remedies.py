"""Every remedy that is printed can be typed: our own are parsed by our parser, kubectl's by kubectl itself."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from mesh_cases import cases, picture_for

from meshglobal.checks.catalogue import Listed, catalogue
from meshglobal.checks.chain import chains_of
from meshglobal.checks.mesh import Mesh
from meshglobal.cli.main import build
from meshglobal.domain.targets import parse_targets

KUBECTL = Path(sys.executable).with_name("kubectl")
# Solo's istioctl cannot be had here: what its help says of the commands that remedies use.
ISTIOCTL = {
    ("multicluster", "expose"): {"--context", "--namespace", "--wait", "--generate"},
    ("multicluster", "link"): {"--contexts", "--namespace"},
    ("multicluster", "check"): {"--contexts", "--precheck", "--verbose"},
}
NO_SUCH_CONTEXT = re.compile(r'context "[^"]+" does not exist|context was not found for specified context: ')


def remedies() -> Iterator[tuple[str, str]]:
    """Code and remedy of each finding of all cases, and of each broken link of the chains of `diagnose`."""
    for case in cases():
        picture = picture_for(case)
        verdicts = picture.verdicts()
        keys = sorted({*picture.concerned_keys(), *picture.service_keys()})
        found = picture.findings(verdicts, keys, case.expired, calls=case.calls, drills=case.drills)
        yield from ((one.code, one.remedy) for one in found)
        seen = Mesh(picture.views, picture.expectation, verdicts, [case.service], picture.mesh.istio_namespace)
        for chain in chains_of(seen, case.service, found):
            if (link := chain.broken) is not None:
                yield link.code or link.name, link.remedy


PRINTED = sorted({(code, remedy) for code, remedy in remedies() if remedy})


def of_program(name: str) -> list[str]:
    return sorted({remedy for _, remedy in PRINTED if shlex.split(remedy)[0] == name})


def test_cases_show_remedies_of_each_program() -> None:
    shown = {shlex.split(remedy)[0] for _, remedy in PRINTED}
    assert shown == {"meshglobal", "kubectl", "istioctl"}


@pytest.mark.parametrize("listed", catalogue(), ids=lambda listed: listed.check.code)
def test_a_case_shows_the_remedy_of_each_check_that_has_one(listed: Listed) -> None:
    if listed.check.remedy:
        shown = [remedy for code, remedy in PRINTED if code == listed.check.code]
        assert shown, f"no case shows the remedy of {listed.check.code}"


def test_nothing_is_left_open_in_a_remedy() -> None:
    words = {(code, word) for code, remedy in PRINTED for word in re.split(r"[\s,=]", remedy)}
    assert not [one for one in words if one[1] in ("None", "{}", "''")]


@pytest.mark.parametrize("remedy", of_program("meshglobal"))
def test_our_own_parser_takes_ours(remedy: str) -> None:
    name, *words = shlex.split(remedy)[1:]
    root: Any = typer.main.get_command(build())
    top = typer.Context(root, info_name="meshglobal")
    parsed = root.get_command(top, name).make_context(name, words, parent=top)
    if parsed.params.get("targets"):
        assert parse_targets(parsed.params["targets"]) is not None


def shape(remedy: str) -> tuple[str, ...]:
    """A command without the names in it."""
    return tuple(word for word in shlex.split(remedy) if word.islower() and not re.search(r"\d", word))


@pytest.mark.parametrize("remedy", sorted({shape(one): one for one in of_program("kubectl")}.values()))
def test_kubectl_takes_its_own(remedy: str, tmp_path: Path) -> None:
    """It reads the whole command line before it looks for the context, which nobody has."""
    words = shlex.split(remedy)[1:]
    if "<<<" in words:  # for the shell
        words = words[: words.index("<<<")]
    assert "--context" in words
    ran = subprocess.run(
        [KUBECTL, *words],
        env={"KUBECONFIG": str(tmp_path / "none"), "HOME": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert NO_SUCH_CONTEXT.search(ran.stderr), ran.stderr


@pytest.mark.parametrize("remedy", of_program("istioctl"))
def test_istioctl_has_such_a_command(remedy: str) -> None:
    words = shlex.split(remedy)[1:]
    options = {word for word in words if word.startswith("-")}
    assert options <= ISTIOCTL[words[0], words[1]], options
