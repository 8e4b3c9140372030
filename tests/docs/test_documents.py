"""The documents stay true: links, names of settings and switches, exit codes, make targets, generated parts."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from meshglobal.cli.table import COMMANDS
from meshglobal.domain.errors import ExitCode
from meshglobal.domain.failure import Cause
from meshglobal.domain.verdict import SEVERITIES, State
from meshglobal.sandbox.controlplane.switches import QUESTIONS
from meshglobal.sandbox.scenarios import BUILT_IN
from meshglobal.settings import KEYS
from tests.docs.documents import ROOT, documents, links, name_of

DOCS = ROOT / "docs"


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows(name: str) -> Iterator[list[str]]:
    """The cells of every table row of a document, without the backticks around a whole cell."""
    for line in text_of(name).splitlines():
        if line.startswith("|"):
            yield [re.sub(r"^`([^`]*)`$", r"\1", cell.strip()) for cell in line.strip("|").split("|")]


def sources() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "meshglobal").rglob("*.py")))


def anchors(path: Path) -> set[str]:
    """The anchors that headings make, as the usual renderers form them."""
    headings = re.findall(r"(?m)^#+ (.+)$", path.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", documents(), ids=name_of)
def test_every_relative_link_points_to_something(path: Path) -> None:
    for link in links(path):
        if "://" in link:
            continue
        target, _, anchor = link.partition("#")
        place = (path.parent / target).resolve() if target else path
        assert place.exists(), link
        assert not anchor or anchor in anchors(place), link


def test_every_document_is_in_the_index() -> None:
    listed = {(DOCS / link).resolve() for link in links(DOCS / "README.md") if "://" not in link}
    whole_folders = {path for path in listed if path.is_dir()}
    missing = {path for path in DOCS.rglob("*.md") if path not in listed and path.parent not in whole_folders}
    missing -= {DOCS / "README.md"}
    assert not missing, "list them in docs/README.md"


def test_the_generated_parts_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools/make_docs.py", "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), "run: make docs"


def test_the_readme_names_exactly_the_make_targets_that_exist() -> None:
    found = re.search(r"(?m)^\.PHONY: (.+)$", text_of("Makefile"))
    assert found is not None
    assert set(re.findall(r"(?m)(?:^|`)make ([a-z-]+)", text_of("README.md"))) == set(found[1].split())


def test_every_setting_and_variable_is_documented() -> None:
    keys = {row[0] for row in rows("docs/reference/settings.md")}
    assert set(KEYS) <= keys
    in_code = set(re.findall(r"(?<![_A-Z])MESHGLOBAL_[A-Z_]+", sources()))
    documented = set(re.findall(r"(?<![_A-Z])MESHGLOBAL_[A-Z_]+", text_of("docs/reference/settings.md")))
    assert documented == in_code


def test_every_variable_of_the_tests_is_in_the_guide_for_contributors() -> None:
    # Tests also set the program's own variables; those stand with the settings.
    own = set(re.findall(r"MESHGLOBAL_TEST_[A-Z]+", "\n".join(each.read_text() for each in ROOT.glob("tests/**/*.py"))))
    assert own
    assert own <= set(re.findall(r"MESHGLOBAL_[A-Z_]+", text_of("CONTRIBUTING.md")))


def test_the_exit_codes_are_those_of_the_program() -> None:
    documented = {int(row[0]) for row in rows("docs/reference/exit-codes.md") if row[0].isdigit()}
    assert documented == set(map(int, ExitCode))


def test_every_cause_of_a_failed_reading_is_documented() -> None:
    documented = {row[0] for row in rows("docs/reference/json.md")}
    assert {cause.value for cause in Cause} <= documented


def test_states_and_severities_are_those_of_the_program() -> None:
    documented = {(row[0], row[1]) for row in rows("docs/reference/verify.md")}
    assert {(state.value, severity.name.lower()) for state, severity in SEVERITIES.items()} <= documented


def test_every_rule_that_a_message_names_is_explained() -> None:
    named = set(re.findall(r"\bR\d+\b", sources()))
    explained = {row[0] for row in rows("docs/explanation/rules.md")}
    assert named <= explained


def test_every_switch_of_the_sandbox_is_documented_with_its_answers() -> None:
    documented = {row[0]: row for row in rows("docs/reference/sandbox.md")}
    for question in QUESTIONS:
        row = " ".join(documented[question.switch])
        assert question.rule in row
        assert all(f"`{answer}`" in row for answer in question.answers), question.switch


def test_every_scenario_is_documented() -> None:
    documented = {row[0] for row in rows("docs/reference/sandbox.md")}
    assert set(BUILT_IN) <= documented


def test_the_readme_names_every_command() -> None:
    assert {entry.name for entry in COMMANDS} <= set(re.findall(r"`([a-z]+)", text_of("README.md")))


def test_changelog_fragments_have_a_kind_and_some_text() -> None:
    kinds = {"added", "changed", "fixed", "removed", "security"}
    fragments = list((ROOT / "changelog.d").glob("*.md"))
    assert fragments
    for fragment in fragments:
        assert re.fullmatch(rf"[a-z0-9-]+\.(?:{'|'.join(kinds)})\.md", fragment.name)
        assert fragment.read_text(encoding="utf-8").strip()


def test_the_functions_and_files_that_the_architecture_names_exist() -> None:
    text = text_of("docs/architecture.md")
    code = sources()
    defined = set(re.findall(r"(?m)^\s*(?:def|class) (\w+)", code))
    run = text.partition("## The run of `verify`")[2].partition("\n## ")[0]
    named = {name.rpartition(".")[2] for name in re.findall(r"`([A-Za-z_]+(?:\.(?!py)[a-z_]+)?)`", run)}
    assert len(named) > 30
    elsewhere = {"kubernetes", "uid", "meshglobal"}
    assert named - elsewhere <= defined
    for path in re.findall(r"`((?:[a-z_]+/)+(?:[a-z_]+\.py)?)`", text):
        assert (ROOT / "meshglobal" / path).exists() or (ROOT / path).exists(), path


def test_the_reasons_are_worded_as_the_program_words_them() -> None:
    code = sources()
    reasons = [row[1] for row in rows("docs/reference/verify.md") if len(row) == 4 and row[0] in set(State)]
    assert len(reasons) > 15
    for reason in (each for each in reasons if not each.startswith("*")):  # those are descriptions
        for piece in re.split(r"…|istio-system|though|\bN\b|solo\.io/service-scope|STATIC|\(.*?\)|[;:,]|'s", reason):
            assert piece.strip() in code, piece
