from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from meshglobal.sandbox.runtime.running import find
from tests.real_program import Program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAD = "NAME                           HOSTS                                    LOCATION   RESOLUTION   AGE"
ENTRY = 'autogen.bookinfo.productpage   ["productpage.bookinfo.mesh.internal"]              STATIC       AGE'


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = Program(tmp_path)
    yield program
    program.clean()


def test_the_demo_shows_the_guides_entries_in_both_clusters_and_leaves_nothing(program: Program) -> None:
    shown = program("sandbox", "demo").stdout
    listings = re.sub(r"(?m)(?<=STATIC       )\d+s$", "AGE", shown).splitlines()
    assert listings.count(HEAD) == 2
    assert listings.count(ENTRY) == 2
    assert [line for line in listings if line.startswith("$ meshglobal")] == [
        "$ meshglobal sandbox up --detach",
        "$ meshglobal expose svc productpage -n bookinfo --traffic-distribution Any",
        "$ meshglobal list -n bookinfo",
        "$ meshglobal verify -n bookinfo",
    ]
    assert list((program.home / "state/meshglobal/sandbox").iterdir()) == []


def test_a_kept_demo_goes_on_until_it_is_ended(program: Program) -> None:
    told = program("sandbox", "demo", "--keep")
    assert "kept; end it: meshglobal sandbox down --name demo" in told.stderr
    running = find(program.place("demo"))
    assert running is not None
    assert running.process.is_alive
    assert "sandbox down --name demo" in program("sandbox", "demo", "--keep", ends=2).stderr
    program("sandbox", "down", "--name", "demo")
    assert not running.process.is_alive
