"""The GitHub Action's metadata: by the published schema, and by what keeps inputs out of scripts."""

from __future__ import annotations

import importlib.resources
import json
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from github_runner import Runner
from offline import BIN, ROOT


def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = Runner(ROOT, ROOT, {}).metadata["runs"]["steps"]
    return found


def test_the_metadata_fits_the_published_schema() -> None:
    folder = importlib.resources.files("check_jsonschema.builtin_schemas").joinpath("vendor")
    schema = json.loads(folder.joinpath("github-actions.json").read_text(encoding="utf-8"))
    jsonschema.validate(Runner(ROOT, ROOT, {}).metadata, schema)


@pytest.mark.parametrize("step", steps(), ids=lambda step: step["name"])
def test_no_expression_is_pasted_into_a_script(step: dict[str, Any]) -> None:
    assert "${{" not in step["run"]
    assert set(step["env"].values()) == {f"${{{{ inputs.{name} }}}}" for name in named_in(step)}


def named_in(step: dict[str, Any]) -> set[str]:
    return {name.removeprefix("INPUT_").lower().replace("_", "-") for name in step["env"]}


def test_every_input_reaches_a_step() -> None:
    assert set(Runner(ROOT, ROOT, {}).metadata["inputs"]) == set.union(*map(named_in, steps()))


@pytest.mark.parametrize("step", steps(), ids=lambda step: step["name"])
def test_shellcheck_finds_nothing(step: dict[str, Any], tmp_path: Path) -> None:
    script = tmp_path / "step.sh"
    script.write_text("\n".join([*(f"export {name}=" for name in step["env"]), step["run"]]))
    done = subprocess.run([BIN / "shellcheck", "-s", "bash", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
