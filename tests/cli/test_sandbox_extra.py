from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import meshglobal

LEFT_OUT = ("aiohttp", "__editable__", "_")
RUN = "from meshglobal.cli.main import main; main()"


def test_without_the_extra_one_sentence_says_what_to_install(tmp_path: Path) -> None:
    """Everything that is installed, but for aiohttp."""
    packages = Path(sysconfig.get_path("purelib"))
    for each in packages.iterdir():
        if not each.name.startswith(LEFT_OUT) and each.suffix != ".pth":
            (tmp_path / each.name).symlink_to(each)
    source = Path(meshglobal.__file__).parent
    (tmp_path / "meshglobal").symlink_to(source)
    done = subprocess.run(
        [sys.executable, "-S", "-P", "-c", RUN, "sandbox", "status"],
        env={"PYTHONPATH": str(tmp_path), "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == ""
    assert done.stderr == (
        "error: the sandbox needs more than is installed (aiohttp)\nhint: pip install 'meshglobal[sandbox]'\n"
    )
    assert done.returncode == 3
