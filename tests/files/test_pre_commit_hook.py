"""The hook for pre-commit, run as pre-commit runs it: the entry, then the arguments of the user's configuration."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {solo.io/service-scope: global}}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
"""


def configured() -> list[str]:
    """The arguments that the how-to shows."""
    text = (ROOT / "docs/how-to/without-clusters.md").read_text(encoding="utf-8")
    (block,) = [body for body in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if "hooks:" in body]
    (repository,) = yaml.safe_load(block)["repos"]
    (hook,) = repository["hooks"]
    assert hook["id"] == HOOK["id"]
    return list(hook["args"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (SERVICE, 0),
        (SERVICE.replace("service-scope", "service-scop"), 1),
        (SERVICE.replace("global}", "globl}"), 1),
        (SERVICE.replace("port: 80", "port: http"), 3),
    ],
    ids=["good", "key", "value", "type"],
)
def test_the_hook_lets_good_manifests_pass(tmp_path: Path, text: str, code: int) -> None:
    for cluster, body in (("east", SERVICE), ("west", text)):
        (tmp_path / "clusters" / cluster).mkdir(parents=True)
        (tmp_path / "clusters" / cluster / "web.yaml").write_text(body)
    program, *words = shlex.split(HOOK["entry"])
    done = subprocess.run(
        [Path(sys.executable).with_name(program), *words, *configured()],
        cwd=tmp_path,
        env={"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert HOOK["pass_filenames"] is False
