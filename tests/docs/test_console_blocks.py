"""What the documents show in `console` blocks is run, and must print what they say.

``UPDATE_GOLDEN=1`` puts what was printed into the documents where it differs.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.docs.documents import ROOT, Block, Step, blocks, documents, name_of, rewrite
from tests.docs.shell import at_home, fits, masked, session
from tests.real_program import Program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHOWING = [path for path in documents() if any(block.language == "console" for block in blocks(path))]


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = Program(tmp_path)
    yield program
    program.clean()


@pytest.mark.slow
@pytest.mark.parametrize("path", SHOWING, ids=name_of)
def test_commands_print_what_the_document_shows(program: Program, path: Path) -> None:
    wrong: list[tuple[Step, list[str]]] = []
    for step, printed in session(program, list(blocks(path))):
        seen = masked("\n".join(printed).rstrip(), program.home).splitlines()
        if not fits(masked("\n".join(step.prints).rstrip()).splitlines(), seen):
            wrong.append((step, [at_home(line, program.home).rstrip() for line in printed]))
    if os.environ.get("UPDATE_GOLDEN"):
        rewrite(path, wrong)
    told = [
        "\n".join([f"line {step.line}: $ {step.command}", *printed, "--- not as shown:", *step.prints])
        for step, printed in wrong
    ]
    assert not wrong, "\n\n".join(told)


@pytest.mark.slow
def test_the_readme_shows_what_the_demo_prints(program: Program) -> None:
    (shown,) = (block.text for block in blocks(ROOT / "README.md") if block.info == "demo")
    done = program("sandbox", "demo")
    assert fits(masked(shown).splitlines(), masked(done.stdout, program.home).rstrip().splitlines())
    assert done.stderr == ""


@pytest.mark.slow
def test_the_readmes_commands_for_ones_own_clusters_work(program: Program) -> None:
    (shown,) = (block for block in blocks(ROOT / "README.md") if "MESHGLOBAL_CONTEXTS" in block.text)
    program("sandbox", "up", "--detach")
    commands = "".join(f"$ {line}\n" for line in shown.text.splitlines())
    for_it = Block("console", "", f"$ export KUBECONFIG=$(meshglobal sandbox kubeconfig)\n{commands}$ echo $?\n", 0)
    printed = [lines for _, lines in session(program, [for_it])]
    assert printed[3][:2] == ["cluster1: service/productpage labeled", "cluster2: service/productpage labeled"]
    assert printed[4][-1] == "2 ready; 1 host in 2 of 2 clusters read"
    assert printed[5] == ["0"]


def test_masks_hide_what_differs_and_nothing_else() -> None:
    text = (
        "HOST   AGE     REASON\na.b    3m12s   no entry (R19), after 60s\n"
        "https://127.0.0.1:4711   5d   v1 10.96.0.1   1/1"
    )
    assert masked(text) == (
        "HOST  AGE  REASON\na.b  AGE  no entry (R19), after AGE\nhttps://127.0.0.1:PORT  AGE  v1 10.96.0.1  1/1"
    )


def test_lines_that_are_not_shown_need_an_ellipsis() -> None:
    assert fits(["a", "...", "d"], ["a", "b", "c", "d"])
    assert fits(["a [x]..."], ["a [x] and more"])
    assert not fits(["a", "d"], ["a", "b", "d"])
    assert not fits(["a"], ["a", "b"])
    assert not fits(["a", "b"], ["a"])
