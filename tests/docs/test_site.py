"""The site that `make docs` builds: all that the program has is on it, and it asks no other host for anything."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest
import typer

from meshglobal.checks.catalogue import catalogue
from meshglobal.cli.main import build
from meshglobal.domain.errors import ExitCode
from meshglobal.render.catalogue import NAMES
from tests.docs.documents import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("site")]

Commands = dict[str, list[str]]
"""Command, as it is typed -> its options."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; any warning of MkDocs fails the build (a link to nowhere, a page that is in no section)."""
    place = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(place)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"NO_MKDOCS_2_WARNING": "1", "PATH": ""},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return place


def tree(page: Path) -> Any:
    return html5lib.parse(page.read_text(encoding="utf-8"), namespaceHTMLElements=False)


def words(page: Path) -> str:
    (article,) = tree(page).iter("article")
    return "".join(article.itertext())


def commands() -> Commands:
    root: Any = typer.main.get_command(build())
    context = typer.Context(root, info_name="meshglobal")
    return dict(_below(root, context, "meshglobal"))


def _below(command: Any, context: Any, name: str) -> Iterator[tuple[str, list[str]]]:
    yield name, [option for parameter in command.params for option in parameter.opts if option.startswith("-")]
    for below in command.list_commands(context) if hasattr(command, "list_commands") else ():
        found = command.get_command(context, below)
        yield from _below(found, typer.Context(found, info_name=below, parent=context), f"{name} {below}")


def test_every_command_and_option_is_on_it(site: Path) -> None:
    shown = words(site / "reference" / "commands.html")
    missing = [
        f"{name} {option}".rstrip()
        for name, options in commands().items()
        for option in ("", *options)
        if name not in shown or option not in shown.partition(f"Usage: {name} ")[2].partition("Usage: ")[0]
    ]
    assert missing == []


def test_every_exit_code_is_on_it(site: Path) -> None:
    cells = {"".join(cell.itertext()).strip() for cell in tree(site / "reference" / "exit-codes.html").iter("td")}
    assert {str(int(code)) for code in ExitCode} <= cells


@pytest.mark.parametrize("code", [listed.check.code for listed in catalogue()])
def test_every_finding_has_a_page(site: Path, code: str) -> None:
    (listed,) = [one for one in catalogue() if one.check.code == code]
    shown = words(site / "findings" / f"{code}.html")
    assert listed.check.slug in shown
    assert listed.check.title in shown
    assert code in words(site / "findings" / "index.html")


def test_every_format_is_on_it(site: Path) -> None:
    shown = words(site / "how-to" / "reports-in-ci.html")
    assert [name for name in NAMES if name not in shown] == []


def test_every_block_is_shown_as_one(site: Path) -> None:
    assert [page.name for page in site.rglob("*.html") if "```" in page.read_text(encoding="utf-8")] == []


def test_nothing_comes_from_another_host(site: Path) -> None:
    asked = {
        element.get(attribute)
        for page in site.rglob("*.html")
        for element in tree(page).iter()
        for attribute in ("src", "href")
        if isinstance(element.tag, str)
        and element.tag in ("script", "link", "img", "iframe")
        and element.get(attribute)
    }
    others = [link for link in asked if link.startswith(("http://", "https://", "//"))]
    assert others == []
    assert len(asked) > 3
