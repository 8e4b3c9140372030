"""The hook for pre-commit, run by pre-commit: installed from this checkout, in a repository with manifests."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from offline import BIN, ROOT, offline

GLOBAL = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {solo.io/service-scope: global}}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
"""
MISSPELT = GLOBAL.replace("service-scope", "service-scop")
SOURCES = ("meshglobal", "pyproject.toml", "README.md", "LICENSE", "NOTICE", ".pre-commit-hooks.yaml")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pre-commit")]


class Repository:
    """A git repository of a user who has this hook."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._environment = environment

    def __call__(self, *arguments: str | Path, ends: int = 0) -> str:
        """Run a program here, to this end; what it printed."""
        done = subprocess.run(
            arguments,
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=100,
            check=False,
        )
        assert done.returncode == ends, done.stdout
        return done.stdout

    def write(self, **manifests: str) -> None:
        """Write one manifest a cluster, and add it."""
        for cluster, text in manifests.items():
            path = self._folder / "clusters" / cluster / "web.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self("git", "add", ".")

    def configure(self, source: Path, revision: str, more: str = "") -> None:
        """Write pre-commit's configuration."""
        hook = f"{{repo: {source}, rev: {revision}, hooks: [{{id: meshglobal-verify{more}}}]}}"
        (self._folder / ".pre-commit-config.yaml").write_text(f"repos: [{hook}]\n")

    def commit(self, ends: int = 0) -> str:
        """Commit what was added; the hook runs as git runs hooks."""
        return self("git", "commit", "-q", "-m", "Change clusters", ends=ends)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Of a user who has git, pre-commit, and a home for what pre-commit installs."""
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text("[user]\nname = You\nemail = you@example.org\n[init]\ndefaultBranch = main\n")
    return offline(home) | {"PRE_COMMIT_HOME": str(home / "pre-commit")}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> tuple[Path, str]:
    """This checkout as it stands, as a repository that others can name, and its revision."""
    folder = tmp_path_factory.mktemp("source")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    here = Repository(folder, environment)
    here("git", "init", "-q")
    here("git", "add", ".")
    here("git", "commit", "-q", "-m", "All")
    return folder, here("git", "rev-parse", "HEAD").strip()


@pytest.fixture
def repository(tmp_path: Path, environment: dict[str, str], source: tuple[Path, str]) -> Repository:
    """A repository with two good clusters and the hook, neither of them committed."""
    here = Repository(tmp_path, environment)
    here("git", "init", "-q")
    here.configure(*source)
    here(BIN / "pre-commit", "install")
    here.write(east=GLOBAL, west=GLOBAL)
    return here


def test_pre_commit_takes_the_list_of_hooks(environment: dict[str, str]) -> None:
    Repository(ROOT, environment)(BIN / "pre-commit", "validate-manifest", ".pre-commit-hooks.yaml")


def test_good_manifests_are_committed_and_what_is_none_is_not_looked_at(repository: Repository, tmp_path: Path) -> None:
    assert "Passed" in repository.commit()
    (tmp_path / "notes.txt").write_text(MISSPELT)
    repository("git", "add", ".")
    assert "(no files to check)Skipped" in repository.commit()
    assert repository("git", "log", "--format=%s").split("\n")[0] == "Change clusters"


def test_a_mistake_stops_the_commit_and_is_told(repository: Repository) -> None:
    repository.commit()
    repository.write(west=MISSPELT)
    said = repository.commit(ends=1)
    assert "exit code: 1" in said
    assert "west shop/web: the Service's label solo.io/service-scop has no effect" in said


def test_files_that_are_not_committed_count_too(repository: Repository) -> None:
    repository.write(west=MISSPELT)
    repository("git", "commit", "-q", "--no-verify", "-m", "Change clusters")
    repository.write(east=GLOBAL.replace("port: 80", "port: 81"))
    assert "west shop/web" in repository.commit(ends=1)


def test_a_file_that_cannot_be_read_stops_the_commit(repository: Repository) -> None:
    repository.write(west=GLOBAL.replace("port: 80", "port: http"))
    said = repository.commit(ends=1)
    assert "exit code: 3" in said
    assert "clusters/west/web.yaml:1: service shop/web: spec.ports[0].port: expected int, got str" in said


def test_arguments_of_the_user_replace_ours(repository: Repository, source: tuple[Path, str]) -> None:
    repository.write(west=MISSPELT)
    repository.configure(*source, more=", args: [--from, clusters, --fail-on, error]")
    repository("git", "add", ".")
    repository.commit()
    repository.configure(*source, more=", args: [--from, elsewhere]")
    repository.write(east=GLOBAL + "# changed\n")
    assert "exit code: 2" in repository.commit(ends=1)
