"""Write the generated part of the documentation: JSON Schemas and the reference of commands.

``--check`` writes nothing and ends with 1 if something on disk differs from what would be written.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import msgspec
import typer

from meshglobal.app.collecting import Collection
from meshglobal.checks.catalogue import catalogue
from meshglobal.checks.pages import page_of
from meshglobal.cli.main import build
from meshglobal.cli.table import COMMANDS
from meshglobal.dashboard.actions_documents import JournalShown, NotWritten, PlanAsked, PlanShown
from meshglobal.dashboard.documents import (
    About,
    CheckNews,
    Explanation,
    Findings,
    FindingsNews,
    ServiceDetail,
    ServicesNews,
)
from meshglobal.domain.call_report import CallReport
from meshglobal.domain.cell_changes import CellChange
from meshglobal.domain.changes import FindingChange, HostChange
from meshglobal.domain.diagnosis import Diagnosis
from meshglobal.domain.drill_report import Drill, Restoration
from meshglobal.domain.fleet import FleetCheck
from meshglobal.domain.inventory import Inventory
from meshglobal.domain.report import Contexts, Report, Version
from meshglobal.domain.route_report import RouteReport
from meshglobal.domain.segment_list import SegmentList
from meshglobal.domain.segment_plan import SegmentPlan

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS: dict[str, type[msgspec.Struct]] = {
    "report": Report,
    "inventory": Inventory,
    "diagnosis": Diagnosis,
    "fleet-check": FleetCheck,
    "host-change": HostChange,
    "cell-change": CellChange,
    "finding-change": FindingChange,
    "call-report": CallReport,
    "collection": Collection,
    "drill": Drill,
    "restoration": Restoration,
    "route-report": RouteReport,
    "contexts": Contexts,
    "segment-list": SegmentList,
    "segment-plan": SegmentPlan,
    "version": Version,
    "about": About,
    "service-detail": ServiceDetail,
    "findings": Findings,
    "explanation": Explanation,
    "services-news": ServicesNews,
    "check-news": CheckNews,
    "findings-news": FindingsNews,
    "plan-asked": PlanAsked,
    "plan": PlanShown,
    "not-written": NotWritten,
    "journal": JournalShown,
}


def schemas() -> dict[Path, str]:
    """One JSON Schema for each document that a command prints, or the dashboard sends."""
    found = {}
    for name, record in DOCUMENTS.items():
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(record)}
        found[ROOT / "docs" / "schema" / f"{name}.schema.json"] = json.dumps(schema, indent=2) + "\n"
    return found


def _help(command: Any, context: Any) -> str:
    return str(command.get_help(context)).rstrip()


def commands() -> dict[Path, str]:
    """The reference of commands: each one's own help."""
    root = typer.main.get_command(build())
    top = typer.Context(root, info_name="meshglobal", terminal_width=100, max_content_width=100)
    parts = ["# Commands\n", "Generated from the program's own help.\n", f"```text\n{_help(root, top)}\n```\n"]
    for entry in COMMANDS:
        command: Any = root.get_command(top, entry.name)  # type: ignore[attr-defined] # the root is a group
        parts += _section(command, top, f"meshglobal {entry.name}")
    return {ROOT / "docs" / "reference" / "commands.md": "\n".join(parts)}


def _section(command: Any, parent: Any, title: str) -> list[str]:
    context = typer.Context(
        command, info_name=title.rpartition(" ")[2], parent=parent, terminal_width=100, max_content_width=100
    )
    parts = [f"## {title}\n", f"```text\n{_help(command, context)}\n```\n"]
    for name, sub in getattr(command, "commands", {}).items():
        parts += _section(sub, context, f"{title} {name}")
    return parts


def findings() -> dict[Path, str]:
    """A page for each finding, and their index."""
    place = ROOT / "docs" / "findings"
    rows = [
        "# Findings\n",
        "Generated from `meshglobal/checks`. Codes that are used no more are [listed](retired.md).\n",
        "| code | slug | level | what |",
        "|---|---|---|---|",
    ]
    pages = {}
    for listed in catalogue():
        check = listed.check
        rows.append(f"| [{check.code}]({check.code}.md) | `{check.slug}` | {check.level} | {check.title} |")
        pages[place / f"{check.code}.md"] = page_of(listed)
    return {place / "README.md": "\n".join(rows) + "\n", **pages}


def main(arguments: list[str]) -> int:
    """Write what differs, or only say so."""
    wanted = schemas() | commands() | findings()
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        print(f"{'stale' if '--check' in arguments else 'written'}: {path.relative_to(ROOT)}")
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
