"""Which programs there are, and running one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from meshglobal.sandbox.containers import name_lookup, small_programs
from meshglobal.sandbox.containers.curl.program import curl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshglobal.sandbox.containers.process import Process, Program

NOT_FOUND: Final = 127
KILLED: Final = 137
LONGEST: Final = 24 * 3600.0
"""Seconds that a program runs at most."""
_FOLDERS = ("", "/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin")
_PROGRAMS: Mapping[str, Program] = {
    "curl": curl,
    "true": small_programs.true,
    "false": small_programs.false,
    "env": small_programs.env,
    "printenv": small_programs.env,
    "hostname": small_programs.hostname,
    "echo": small_programs.echo,
    "cat": small_programs.cat,
    "sleep": small_programs.sleep,
    "getent": name_lookup.getent,
    "nslookup": name_lookup.nslookup,
}


def find(word: str) -> Program | None:
    """Return the program that the first word of a command means, None where there is none."""
    folder, slash, name = word.rpartition("/")
    return _PROGRAMS.get(name) if folder in _FOLDERS and bool(slash) == bool(folder) else None


def why_not(argv: tuple[str, ...]) -> str:
    """Return what a container runtime says of a command that it cannot start, and what there is instead."""
    word = argv[0] if argv else ""
    why = "no such file or directory" if "/" in word else "executable file not found in $PATH"
    return (
        f"unable to start container process: exec: {quoted(word)}: {why}: unknown"
        f" (containers of the sandbox hold no shell; they run {', '.join(_PROGRAMS)})"
    )


def quoted(word: str) -> str:
    """Return a word in quotes, with what does not print escaped."""
    return '"' + word.encode("unicode_escape").decode().replace('"', '\\"') + '"'


async def run(process: Process) -> int:
    """Run a program to its end; return its exit code: 127 where there is none of that name, 137 after a day."""
    program = find(process.argv[0]) if process.argv else None
    if program is None:
        await process.complain(f"OCI runtime exec failed: exec failed: {why_not(process.argv)}")
        return NOT_FOUND
    limit = asyncio.timeout(LONGEST)
    try:
        async with limit:
            return await program(process)
    except TimeoutError:
        if not limit.expired():
            raise
        return KILLED
