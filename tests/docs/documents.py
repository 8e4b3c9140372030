"""The documents as tests see them: their fenced blocks, their links, and the sessions that they show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```(\S*) ?(.*)\n((?:.*\n)*?)```$", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PROMPT, _MORE = "$ ", "> "


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the rest of its opening line, its text, and the line where it begins."""

    language: str
    info: str
    text: str
    line: int

    @property
    def file(self) -> str | None:
        """The name of the file that it shows, from ``file=NAME``."""
        found = re.search(r"file=(\S+)", self.info)
        return found[1] if found else None


@dataclass
class Step:
    """One command of a console block and what it prints."""

    command: str
    line: int
    """Of the document, counted from 1, where the command begins."""
    prints: list[str] = field(default_factory=list)


def documents() -> list[Path]:
    """Every Markdown file that we keep."""
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def name_of(path: Path) -> str:
    """How tests call a document."""
    return path.relative_to(ROOT).as_posix()


def blocks(path: Path) -> Iterator[Block]:
    """The fenced blocks of a document, in order."""
    text = path.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        yield Block(found[1], found[2], found[3], text.count("\n", 0, found.start()) + 1)


def links(path: Path) -> Iterator[str]:
    """Where a document points to, without what stands in its blocks."""
    yield from _LINK.findall(_FENCE.sub("", path.read_text(encoding="utf-8")))


def steps(block: Block) -> Iterator[Step]:
    """The commands of a console block, each with the lines that follow it."""
    step: Step | None = None
    for offset, line in enumerate(block.text.splitlines(), 1):
        if line.startswith(_PROMPT):
            if step is not None:
                yield step
            step = Step(line.removeprefix(_PROMPT), block.line + offset)
        elif step is None:
            raise AssertionError(f"line {block.line + offset}: output before any command")
        elif line.startswith(_MORE) and not step.prints:
            step.command += "\n" + line.removeprefix(_MORE)
        else:
            step.prints.append(line)
    if step is not None:
        yield step


def rewrite(path: Path, changed: list[tuple[Step, list[str]]]) -> None:
    """Put other lines in place of what some steps are shown to print."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for step, printed in sorted(changed, key=lambda pair: -pair[0].line):
        begin = step.line + step.command.count("\n")
        lines[begin : begin + len(step.prints)] = printed
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
