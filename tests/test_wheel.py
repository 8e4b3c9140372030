"""The built package: made from its own source archive, installed into a fresh environment, and used there.

Installed dependencies are lent to that environment, so that no network is needed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MINUTES = 120


def run(*arguments: str | Path, cwd: Path, home: Path | None = None) -> str:
    """Run a program to a good end; what it printed."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home or cwd), "XDG_STATE_HOME": str((home or cwd) / "state")}
    done = subprocess.run(
        arguments, cwd=cwd, env=environment, capture_output=True, text=True, timeout=MINUTES, check=False
    )
    assert done.returncode == 0, f"{arguments}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build(source: Path, target: str, folder: Path) -> Path:
    """Build a wheel or a source archive."""
    run(sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", folder, cwd=source)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def source_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "sdist", tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(source_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    unpacked = tmp_path_factory.mktemp("source")
    with tarfile.open(source_archive) as archive:
        archive.extractall(unpacked, filter="data")
    (source,) = unpacked.iterdir()
    return build(source, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a fresh environment with the wheel in it."""
    place = tmp_path_factory.mktemp("fresh")
    venv.create(place, with_pip=False, symlinks=True)
    (packages,) = place.glob("lib/python*/site-packages")
    # A folder that a .pth file names is searched, but its own .pth files, such as that of our checkout, are not.
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    pip = (sys.executable, "-m", "pip", "--python", place / "bin/python", "--disable-pip-version-check")
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", "--ignore-installed", wheel, cwd=place)
    return place / "bin"


@pytest.mark.slow
def test_the_wheel_ships_every_file_of_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if name.startswith("meshglobal/")}
        licences = {Path(name).name for name in archive.namelist() if "/licenses/" in name}
    ours = (path for path in (ROOT / "meshglobal").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert {path.relative_to(ROOT).as_posix() for path in ours} == shipped
    page = {"index.html", "app.js", "worker.js", "app.css", "icon.svg", "licenses.md"}
    assert {f"meshglobal/dashboard/static/{name}" for name in page} <= shipped
    assert licences == {"LICENSE", "NOTICE"}


@pytest.mark.slow
def test_the_installed_program_shows_its_version_and_the_demo(installed: Path, tmp_path: Path) -> None:
    where = run(installed / "python", "-c", "import meshglobal; print(meshglobal.__file__)", cwd=tmp_path)
    assert Path(where).is_relative_to(installed.parent)
    version = run(installed / "meshglobal", "--version", cwd=tmp_path)
    assert run(installed / "kubectl-meshglobal", "--version", cwd=tmp_path) == version
    shown = run(installed / "meshglobal", "sandbox", "demo", cwd=tmp_path)
    assert shown.count("2 ready; 1 host in 2 of 2 clusters read") == 2
