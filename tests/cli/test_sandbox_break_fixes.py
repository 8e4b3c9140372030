"""For each cause that a sandbox can have: it is the one that is named, and the printed command, run as it is, mends it.

The rule of "no other cause": beside the code that was set up, no finding of its level or worse is there, but those that
the cause is said to bring about (`explains`). A command mends one object in one cluster; where the same cause stands
in another place, the next printed command mends that, until nothing is named any more.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from broken_sandbox import HERE, Sandbox, codes_of, named
from ran import Meshglobal, Ran

from meshglobal.checks.catalogue import catalogue
from meshglobal.cli.main import build
from meshglobal.cli.run import run
from meshglobal.sandbox.breaking.recipes import recipes
from tests.real_program import Program

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("broken-sandbox")]
LIVE = [code for code, recipe in recipes().items() if not recipe.unmade]
MOST_COMMANDS = 4
WORSE = {"error": ("error",), "warning": ("error", "warning"), "unknown": ("error", "warning", "unknown")}
WITHDRAWN = {"MG123", "MG206"}
"""Afterwards the service is global nowhere: `diagnose` says so, and that is what was wanted."""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    program = Program(tmp_path_factory.mktemp("broken"))
    program("sandbox", "up", "--detach", "--clusters", "3", "--no-traffic")
    kubeconfig = program.place().kubeconfig
    program("expose", "svc", "reviews", *HERE, "--kubeconfig", str(kubeconfig))
    yield program
    program.clean()


@pytest.fixture
def sandbox(
    program: Program, meshglobal: Meshglobal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Sandbox:
    environ = program.environment | {"KUBECONFIG": str(program.place().kubeconfig)}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    del meshglobal  # it keeps the settings of whoever runs the tests away

    def call(*arguments: str) -> Ran:
        capsys.readouterr()
        code = run(build(), list(arguments), "meshglobal", environ)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return Sandbox(program, call)


def test_every_finding_can_be_set_up_or_it_is_said_why_not() -> None:
    codes = {listed.check.code for listed in catalogue()}
    table = "meshglobal/sandbox/breaking/data"
    assert codes - set(recipes()) == set(), f"say in {table} how this is set up, or under `unmade` why it cannot be"
    assert set(recipes()) - codes == set(), f"no finding has these codes: {table}"


@pytest.mark.parametrize("code", recipes())
def test_a_recipe_says_what_it_does_or_why_it_cannot(code: str) -> None:
    recipe = recipes()[code]
    assert bool(recipe.does and recipe.steps) is not bool(recipe.unmade)
    for step in recipe.steps:
        done = (step.patch, step.status, step.remake, step.copy, step.create, step.delete, step.keep, step.switch)
        assert sum(map(bool, (*done, step.fault, step.hang))) == 1, step


@pytest.mark.parametrize("code", LIVE)
def test_its_cause_is_the_one_that_is_named_and_the_printed_command_mends_it(code: str, sandbox: Sandbox) -> None:
    recipe = recipes()[code]
    before = sandbox.objects()
    assert sandbox.ok("sandbox", "break", code).out.startswith(f"{code}: ")
    try:
        _look(sandbox, code)
        if not recipe.outside:
            _mend(sandbox, code)
    finally:
        sandbox.ok("sandbox", "break", "--undo")
    assert code not in codes_of(sandbox.seen(recipe))
    assert sandbox.is_ready()
    assert sandbox.objects() == before


def _look(sandbox: Sandbox, code: str) -> None:
    """The code is what is named, and nothing else as bad that does not follow from it."""
    document = sandbox.seen_with(recipes()[code], code)
    found = codes_of(document)
    if document["kind"] == "FleetCheck":  # `check` names no cause: it lists what it finds
        assert set(found) == {code}
        return
    cause = named(document)
    assert cause is not None
    assert cause["code"] == code, cause
    others = {one for one, level in found.items() if level in WORSE[found[code]]}
    assert others - {code} - set(cause["explains"]) == set()


def _mend(sandbox: Sandbox, code: str) -> None:
    """Do what is printed until it is mended; then nothing is left but what was said to follow."""
    recipe = recipes()[code]
    following: set[str] = set()
    for _ in range(MOST_COMMANDS):
        document = sandbox.seen(recipe)
        cause = named(document)
        if code not in codes_of(document) and (cause is None or code in WITHDRAWN):
            break
        assert cause is not None
        following |= set(cause["explains"])
        sandbox.obey(cause["remedy"])
    assert sandbox.is_ready()
    document = sandbox.seen(recipe)
    assert set(codes_of(document)) <= following
    assert document["cause"] is None or (code in WITHDRAWN and document["cause"]["code"] is None)
