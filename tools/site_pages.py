"""What the site makes of docs/: its front page is the README, and its index is the one in docs/README.md.

MkDocs calls the functions of this file (`hooks` in mkdocs.yml). The index of docs/README.md is the navigation, so that
there is one list of pages, which the tests of the documents hold complete.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

_ROOT = Path(__file__).resolve().parent.parent
_LINK = re.compile(r"^- \[(?P<title>[^\]]+)\]\((?P<page>[^)#]+)\)")
_INTO_DOCS = re.compile(r"\]\(docs/")
_TO_ROOT = re.compile(r"\]\((?:\.\./)+(?P<file>[A-Z]+(?:\.md)?)\)")
_FENCE = re.compile(r"^```(?P<language>\w+) (?:file=(?P<file>\S+)|.+)$", re.MULTILINE)
_REPOSITORY = "https://github.com/meshglobal/meshglobal/blob/main/"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Make the navigation."""
    config.nav = [{"meshglobal": "index.md"}, {"Tutorial": "tutorial.md"}, *_sections()]
    return config


def _sections() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for line in (_ROOT / "docs" / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            found.append({line[3:]: []})
        elif found and (link := _LINK.match(line)):
            next(iter(found[-1].values())).append(_item(link["title"], link["page"]))
    return found


def _item(title: str, page: str) -> dict[str, Any]:
    if not page.endswith("/"):
        return {title: page}
    pages = sorted(path.name for path in (_ROOT / "docs" / page).glob("*.md") if path.name != "README.md")
    return {title: [f"{page}README.md", *(f"{page}{name}" for name in pages)]}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Put the README in front."""
    text = (_ROOT / "README.md").read_text(encoding="utf-8")
    files.append(File.generated(config, "index.md", content=_INTO_DOCS.sub("](", text)))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Files beside docs/ are shown where the source stands; of a fence's further words the name of a file is shown."""
    linked = _TO_ROOT.sub(lambda found: f"]({_REPOSITORY}{found['file']})", markdown)
    return _FENCE.sub(_titled, linked)


def _titled(fence: re.Match[str]) -> str:
    title = f' title="{fence["file"]}"' if fence["file"] else ""
    return f"```{fence['language']}{title}"
