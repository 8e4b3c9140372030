"""The pipelines that the how-to shows: valid by the published schemas, and with inputs that there are."""

from __future__ import annotations

import importlib.resources
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from gitlab_inputs import filled_in, header_and_body
from offline import BIN, ROOT

from tests.docs.documents import blocks

HOW_TO = ROOT / "docs" / "how-to" / "verify-in-ci.md"
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))


def examples(host: str) -> list[str]:
    found = [block.text for block in blocks(HOW_TO) if block.language == "yaml" and block.info == host]
    assert found
    return found


def schema(name: str) -> Any:
    folder = importlib.resources.files("check_jsonschema.builtin_schemas").joinpath("vendor")
    return json.loads(folder.joinpath(name).read_text(encoding="utf-8"))


def as_github_reads_it(text: str) -> Any:
    """Without YAML's old ``on`` for true."""
    return {"on" if key is True else key: value for key, value in yaml.safe_load(text).items()}


def uses(workflow: Any) -> Iterator[dict[str, Any]]:
    for job in workflow["jobs"].values():
        yield from (step for step in job["steps"] if step.get("uses", "").startswith("meshglobal/"))


@pytest.mark.parametrize("text", examples("github"))
def test_workflows_are_valid_and_use_the_action_as_it_is(text: str) -> None:
    workflow = as_github_reads_it(text)
    jsonschema.validate(workflow, schema("github-workflows.json"))
    (step,) = uses(workflow)
    assert step["with"].keys() <= ACTION["inputs"].keys()
    assert set(re.findall(r"steps\.mesh\.outputs\.([\w-]+)", text)) <= ACTION["outputs"].keys()
    scripts = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    assert not any("${{" in script for script in scripts)


def test_every_input_and_output_of_the_action_is_in_the_how_to() -> None:
    section = HOW_TO.read_text(encoding="utf-8").partition("## A GitHub Action")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([a-z-]+)`", section))
    assert ACTION["inputs"].keys() | ACTION["outputs"].keys() <= named


def test_every_input_of_the_component_is_in_the_how_to() -> None:
    header, _ = header_and_body(ROOT / "templates" / "verify.yml")
    section = HOW_TO.read_text(encoding="utf-8").partition("## In GitLab")[2].partition("\n## ")[0]
    assert header["spec"]["inputs"].keys() == set(re.findall(r"`([a-z-]+)`", section))


@pytest.mark.parametrize("text", examples("gitlab"))
def test_pipelines_of_gitlab_are_valid_and_fill_the_component_in(text: str) -> None:
    pipeline = yaml.safe_load(text)
    jsonschema.validate(pipeline, schema("gitlab-ci.json"))
    (include,) = pipeline["include"]
    name = include["component"].partition("@")[0].rpartition("/")[2]
    filled = filled_in(ROOT / "templates" / f"{name}.yml", include["inputs"])
    assert pipeline.keys() - {"include"} == filled.keys()
    (changed, own) = (one["meshglobal-verify"] for one in (pipeline, filled))
    jsonschema.validate({"meshglobal-verify": own | changed}, schema("gitlab-ci.json"))


@pytest.mark.parametrize("text", examples("pre-commit"))
def test_configurations_of_pre_commit_are_valid_and_name_the_hook(text: str, tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(text)
    done = subprocess.run(
        [BIN / "pre-commit", "validate-config", file], capture_output=True, text=True, check=False, env={"HOME": "/"}
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert [hook["id"] for one in yaml.safe_load(text)["repos"] for hook in one["hooks"]] == [HOOK["id"]]
