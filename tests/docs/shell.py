"""A document's console blocks as one session of bash, and comparing what they print."""

from __future__ import annotations

import fnmatch
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.docs.documents import Block, Step, steps
from tests.real_program import DEADLINE, Program

HOME = "/home/you"
_MARK = "=-=-= end of step"
# What differs from run to run, in the order in which it is looked for.
_MASKS: tuple[tuple[str, str], ...] = (
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "UID"),
    (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z", "TIME"),
    (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
    (r"demo-\d+", "demo-NUMBER"),
    (r"(?m)^(Process +)\d+", r"\1NUMBER"),
    (r"(-v\d)-[0-9a-f]{5,10}-[0-9a-z]{5}\b", r"\1-POD"),
    (r"(?m)^(\S+) \d+(?:\.\d+)+\S*$", r"\1 VERSION"),
    (r"(?<![\w.-])(?:\d+d)?(?:\d+h)?(?:\d+m)?\d+(?:\.\d+)?m?s(?![\w.-])", "AGE"),
    (r"(?<![\w.-])\d+(?:\.\d+)?[mhd](?:\d+[smh])?(?=$|\s)", "AGE"),
    (r"(?m) {2,}", "  "),
    (r"(?m) +$", ""),
)


def masked(text: str, home: Path | None = None) -> str:
    """The text without ages, ports, UIDs, times, and how far columns stand apart."""
    if home is not None:
        text = at_home(text, home)
    for pattern, word in _MASKS:
        text = re.sub(pattern, word, text)
    return text


def at_home(text: str, home: Path) -> str:
    """The text as if this folder were the user's own."""
    return text.replace(str(home / "state"), f"{HOME}/.local/state").replace(str(home), HOME)


def session(program: Program, shown: Sequence[Block]) -> list[tuple[Step, list[str]]]:
    """Run a document's console blocks from top to bottom in one shell; each step with the lines it printed.

    Blocks with ``file=NAME`` are written first.
    """
    for block in shown:
        if block.file is not None:
            (program.home / block.file).write_text(block.text, encoding="utf-8")
    wanted = [step for block in shown if block.language == "console" for step in steps(block)]
    # `$?` survives the mark, for documents that show it.
    script = "".join(f"{step.command}\n__ended=$?; printf '%s\\n' '{_MARK}'; (exit $__ended)\n" for step in wanted)
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-c", script],
        env=program.environment,
        cwd=program.home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=2 * DEADLINE,
        check=False,
    )
    printed = done.stdout.split(f"{_MARK}\n")
    assert len(printed) == len(wanted) + 1, done.stdout
    return [(step, text.splitlines()) for step, text in zip(wanted, printed[:-1], strict=True)]


def fits(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether lines are as shown; a shown ``...`` stands for any number of lines, or for the rest of its line."""
    if not shown:
        return not printed
    first, rest = shown[0], shown[1:]
    if first.strip() == "...":
        return any(fits(rest, printed[skipped:]) for skipped in range(len(printed) + 1))
    return bool(printed) and _line_fits(first, printed[0]) and fits(rest, printed[1:])


def _line_fits(shown: str, printed: str) -> bool:
    if not shown.endswith("..."):
        return shown == printed
    return fnmatch.fnmatchcase(printed, re.sub(r"([\[\]*?])", r"[\1]", shown.removesuffix("...")) + "*")
